"""Ninety days later: whether the records of sessions moved. Counted by rules, read by the page, kept in the export."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import insert

from app.clinic.desk.records_later import BEGAN
from app.clinic.desk.report import make_report
from app.clinic.models import SessionNote
from app.clinic.queries.numbers import list_sessions
from app.clinic.rules.booking import BookingStatus, Outcome
from app.clinic.rules.counting import RecordsLater, SessionRow, Step, Told, records_later, window_of
from app.cooperatives.services.merging import merge_records
from app.cooperatives.services.records import change_record
from app.core.access import Actor
from app.core.clock import WIB, now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.moving_rules import Move, Moving, Renewal, Trail, Window
from app.registry.rules import Source
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.clinic import OFFICE, TUESDAY, booked, booking_of, open_clinic, wib
from tests.factories.clinic_day import appointment, bookings, change, give_account, put
from tests.factories.cooperatives import make_cooperative
from tests.imports.bringing import still_signed_in
from tests.statement_watch import statements_sent

PAGE: Final = "/petugas/klinik/angka"
NINETY: Final = "2027-02-22T18:00+07:00"
DAY_BEFORE: Final = "2027-02-21T23:00+07:00"
BEGUN: Final = datetime(2026, 8, 3, 9, tzinfo=WIB)
At = Callable[[str], None]
Enter = Callable[[str], CheckedClient]


# --- rules --------------------------------------------------------------------------------------------------------


def session_of(code: str | None, outcome: str | None = None, day: int = 0) -> SessionRow:
    return SessionRow(BEGUN + timedelta(days=day), outcome, code, code)


def trails_of(*known: tuple[SessionRow, Trail]) -> dict[Window, Trail]:
    return {window: trail for row, trail in known if (window := window_of(row))}


def counted(rows: list[SessionRow], trails: dict[Window, Trail]) -> RecordsLater:
    return records_later(rows, trails, BEGAN)


def test_each_session_is_in_one_part_and_its_moves_are_told_apart() -> None:
    early, late = BEGUN + timedelta(days=3), BEGUN + timedelta(days=40)
    moved, still, unknown, gone = (session_of(f"K-{n}") for n in range(4))
    found = counted(
        [moved, still, unknown, gone, session_of(None, "new_business"), session_of(None, "answered")],
        trails_of(
            (
                moved,
                Trail(
                    "K-0",
                    (
                        Move(Moving.MEMBERS_MORE, early, Source.ASSISTED),
                        Move(Moving.RAT, late, Source.IMPORT),
                    ),
                    Renewal(late, Source.IMPORT),
                ),
            ),
            (still, Trail("K-1", renewed=Renewal(early, Source.SELF))),
            (unknown, Trail("K-2")),
        ),
    )
    assert (found.sessions, found.with_record, found.without_record) == (6, 4, 2)
    assert found.moved == Told(1, ((Source.IMPORT, 1),), late)
    assert dict(found.kinds) == {
        Moving.MEMBERS_MORE: Told(1, ((Source.ASSISTED, 1),), early),
        Moving.MEMBERS_FEWER: Told(),
        Moving.LEGAL_STEP: Told(),
        Moving.RAT: Told(1, ((Source.IMPORT, 1),), late),
    }
    assert found.still == Told(1, ((Source.SELF, 1),), early)
    assert (found.not_renewed, found.not_found) == (1, 1)
    assert dict(found.without_outcomes) == {Outcome.NEW_COOPERATIVE: 0, Outcome.NEW_BUSINESS: 1}


def test_what_began_is_counted_apart_and_only_where_no_record_was_named() -> None:
    found = counted([session_of("K-1", "new_cooperative"), session_of(None, "new_cooperative")], {})
    assert dict(found.without_outcomes)[Outcome.NEW_COOPERATIVE] == 1


def test_two_sessions_about_one_record_each_have_their_own_ninety_days() -> None:
    first, second = session_of("K-1"), session_of("K-1", day=60)
    found = counted(
        [first, second],
        trails_of(
            (first, Trail("K-1", (Move(Moving.RAT, BEGUN, Source.SELF),))),
            (second, Trail("K-1")),
        ),
    )
    assert (found.moved.sessions, found.not_renewed) == (1, 1)


@st.composite
def known_sessions(draw: st.DrawFn) -> tuple[list[SessionRow], dict[Window, Trail]]:
    outcomes = st.sampled_from([None, *Outcome])
    rows = [
        session_of(draw(st.sampled_from([None, "K-1", "K-2", "U-1"])), draw(outcomes), day)
        for day in range(draw(st.integers(0, 12)))
    ]
    moves = st.lists(
        st.builds(Move, st.sampled_from(Moving), st.just(BEGUN), st.sampled_from(Source)),
        unique_by=lambda move: move.what,
    )
    renewals = st.none() | st.builds(Renewal, st.just(BEGUN), st.sampled_from(Source))
    trails = {
        window: Trail(window.code, tuple(draw(moves)), draw(renewals))
        for row in rows
        if (window := window_of(row)) and draw(st.booleans())
    }
    return rows, trails


@given(known_sessions())
def test_nobody_is_lost_and_nobody_is_counted_twice(
    given_: tuple[list[SessionRow], dict[Window, Trail]],
) -> None:
    rows, trails = given_
    found = counted(rows, trails)
    assert found.sessions == found.with_record + found.without_record == len(rows)
    parts = found.moved.sessions + found.still.sessions + found.not_renewed + found.not_found
    assert parts == found.with_record
    assert all(told.sessions <= found.moved.sessions for _, told in found.kinds)
    assert max((told.sessions for _, told in found.kinds), default=0) <= found.moved.sessions
    assert found.moved.sessions <= sum(told.sessions for _, told in found.kinds)
    for told in (found.moved, found.still, *(told for _, told in found.kinds)):
        assert sum(count for _, count in told.sources) == told.sessions
        assert (told.last_at is None) == (told.sessions == 0)


# --- read and shown -----------------------------------------------------------------------------------------------


def changed(code: str, **changes: object) -> None:
    atomically(
        lambda s: change_record(s, code=code, changes=changes, actor=OFFICE, deed="cooperative.edited")
    )


@pytest.fixture
def lived(app: Flask, cast: Cast, at: At) -> dict[str, str]:
    """Tuesday's six sessions: moved, still, never renewed, merged and moved, nobody's code, no code at all."""
    codes = {
        name: make_cooperative(f"Koperasi {name}", members_total=20)
        for name in ("Maju", "Tetap", "Sunyi", "Lama", "Baru")
    }
    open_clinic()
    for clock, name in (("09.00", "Maju"), ("09.30", "Tetap"), ("10.00", "Sunyi"), ("10.30", "Lama")):
        booked(wib(TUESDAY, clock), record_code=codes[name])
    booked(wib(TUESDAY, "11.00"), record_code="K-9999999")
    founder = booking_of(booked(wib(TUESDAY, "11.30")))
    at("2026-11-24T12:00+07:00")
    for one in [each.id for each in bookings()]:
        put(one, BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE)
    note = {
        "booking_id": founder.id,
        "text_sealed": b"x",
        "outcome": Outcome.NEW_COOPERATIVE,
        "written_by": cast["officer"].account_id,
        "written_at": now(),
    }
    atomically(lambda s: s.execute(insert(SessionNote), note))
    at("2026-12-20T09:00+07:00")
    changed(codes["Maju"], members_total=25, rat_years=(2025,))
    changed(codes["Tetap"], address="Jl. Raya 7")
    officer = Actor(account_id=cast["officer"].account_id, name="x")
    atomically(
        lambda s: merge_records(
            s, kept_code=codes["Baru"], merged_code=codes["Lama"], chosen={}, seen="", actor=officer
        )
    )
    changed(codes["Baru"], nib="1234567890123")
    return codes


def part(officer: CheckedClient) -> str:
    page = officer.get(PAGE).get_data(as_text=True)
    return page.split('id="data-bergerak"')[1].split("</section>")[0]


def cells(text: str) -> dict[str, list[str]]:
    """Rows of the table by what is counted."""
    rows = [
        [cell.split(">", 1)[1].split("</td>")[0] for cell in row.split("<td")[1:]]
        for row in text.split('<tr role="row">')[2:]
    ]
    return {
        row[0].replace("<b>", "").replace("</b>", "").strip(): [c.strip() for c in row[1:]] for row in rows
    }


def test_what_moved_is_shown_with_its_source_its_day_and_what_it_means(
    lived: dict[str, str], sign_in: Enter, at: At
) -> None:
    at(NINETY)
    still_signed_in()
    text = part(sign_in("officer"))
    percent, once = "\N{NO-BREAK SPACE}%", "diubah petugas 1; terakhir 20 Des 2026"
    assert cells(text) == {
        "Menyebut kode koperasi atau usaha": [f"5 (83{percent} dari 6)", "catatan klinik"],
        "Datanya bergerak": [f"2 (40{percent} dari 5)", "diubah petugas 2; terakhir 20 Des 2026"],
        "- Anggota bertambah": [f"1 (20{percent} dari 5)", once],
        "- Anggota berkurang": [f"0 (0{percent} dari 5)", "-"],
        "- Nomor atau izin baru tercatat": [f"1 (20{percent} dari 5)", once],
        "- RAT baru tercatat": [f"1 (20{percent} dari 5)", once],
        "Datanya diperbarui, tetapi tidak bergerak": [f"1 (20{percent} dari 5)", once],
        "Belum diketahui: datanya belum diperbarui": [f"1 (20{percent} dari 5)", "-"],
        "Belum diketahui: kodenya tidak ada di daftar": [f"1 (20{percent} dari 5)", "-"],
        "Tidak menyebut kode": [f"1 (17{percent} dari 6)", "catatan klinik"],
        "- Koperasi baru akan berdiri": [f"1 (100{percent} dari 1)", "catatan klinik"],
        "- Usaha baru akan mulai": [f"0 (0{percent} dari 1)", "catatan klinik"],
    }
    assert "riwayat data koperasi" in text
    assert "Data per Senin, 22 Februari 2027" in text
    assert "sesudah konsultasi, belum tentu karena konsultasi" in text
    assert not any(code in text for code in lived.values()), "figures, not who was here"


def test_younger_sessions_are_not_counted(lived: dict[str, str], sign_in: Enter, at: At) -> None:
    at(DAY_BEFORE)
    still_signed_in()
    assert "Belum ada untuk masa ini." in part(sign_in("officer"))


def test_what_was_recorded_after_the_ninety_days_is_not_counted(
    lived: dict[str, str], sign_in: Enter, at: At
) -> None:
    at("2027-02-23T09:00+07:00")
    changed(lived["Sunyi"], members_total=90)
    still_signed_in()
    found = cells(part(sign_in("officer")))
    assert found["Datanya bergerak"][0].startswith("2 ")
    assert found["Belum diketahui: datanya belum diperbarui"][0].startswith("1 ")


def test_the_spreadsheet_carries_it_with_its_definition(
    lived: dict[str, str], sign_in: Enter, at: At
) -> None:
    at(NINETY)
    still_signed_in()
    asked = {"per": "bulan", "dari": "1-2-2027", "sampai": "28-2-2027"}
    answer = sign_in("leader").post(f"{PAGE}/ekspor", data=asked)
    book = load_workbook(io.BytesIO(answer.get_data()))
    rows = {row[0]: row[1:] for row in book["Data koperasi sesudah 90 hari"].iter_rows(values_only=True)}
    assert rows["Datanya bergerak"] == (
        "2 (40\N{NO-BREAK SPACE}% dari 5)",
        "diubah petugas 2; terakhir 20 Des 2026",
    )
    about = {row[0]: row[1] for row in book["Keterangan"].iter_rows(values_only=True)}
    assert "belum tentu karena konsultasi" in str(about["Data koperasi sesudah 90 hari"])


def test_a_session_about_a_merged_record_is_one_client_with_the_record_that_stays(
    lived: dict[str, str],
) -> None:
    found = list_sessions(db.session(), TUESDAY, TUESDAY)
    (row,) = [row for row in found.rows if row.record_code == lived["Lama"]]
    assert row.client == lived["Baru"]
    assert lived["Lama"] not in found.visits


def test_the_number_of_statements_does_not_grow_with_the_sessions(lived: dict[str, str], at: At) -> None:
    at(NINETY)

    def statements(first_day: date, last_day: date) -> int:
        db.session.rollback()
        with statements_sent() as seen:
            report = make_report(db.session(), first_day, last_day, Step.MONTH, now())
        assert report.blocks
        return len(seen)

    statements(date(2027, 2, 1), date(2027, 2, 28))  # names of places are read once
    some = statements(date(2027, 2, 1), date(2027, 2, 28))
    at("2026-11-24T18:00+07:00")
    open_clinic(5, days=(TUESDAY + timedelta(days=1),))
    made = [
        booked(wib(TUESDAY + timedelta(days=1), clock), record_code=code)
        for clock in ("09.00", "09.30", "10.00", "10.30", "11.00")
        for code in lived.values()
    ]
    for each in bookings():
        change(each.id, status=BookingStatus.DONE, alive=True)
    at("2027-02-24T18:00+07:00")
    assert len(list_sessions(db.session(), TUESDAY, TUESDAY + timedelta(days=1)).rows) == 6 + len(made)
    assert 10 < statements(date(2027, 2, 1), date(2027, 2, 28)) <= some


# --- the expert's page --------------------------------------------------------------------------------------------


@pytest.fixture
def expert_page(cast: Cast, at: At, sign_in: Enter) -> Callable[[str | None], str]:
    """The page of a session about a record, as its expert sees it."""
    (expert,) = open_clinic(name="Bu Rina")
    give_account(expert, cast["expert"].account_id)

    def show(code: str | None) -> str:
        one = appointment(wib(TUESDAY, "11.00"), record_code=code)
        return sign_in("expert").get(f"/petugas/klinik/janji/{one}").get_data(as_text=True)

    return show


def test_the_record_stands_in_short_with_its_source(expert_page: Callable[[str | None], str]) -> None:
    text = expert_page(make_cooperative("Koperasi Maju", members_total=20, rat_years=(2025,)))
    card = text.split('id="data"')[1].split("</section>")[0]
    for words in (
        "Koperasi Maju",
        "Nanggung",
        "Tahun buku 2025",
        ">20<",
        "Keaktifan",
        "Sumber: daftar",
        "Data per",
    ):
        assert words in card, words


def test_what_may_not_be_seen_is_not_told(expert_page: Callable[[str | None], str]) -> None:
    text = expert_page("K-9999999")
    card = text.split('id="data"')[1].split("</section>")[0]
    assert "Kode ini tidak ada di daftar yang bisa dilihat di sini." in card


def test_no_record_no_card(expert_page: Callable[[str | None], str]) -> None:
    assert 'id="data"' not in expert_page(None)


def test_earlier_sessions_of_a_merged_record_are_those_of_the_one_that_stays(
    cast: Cast, at: At, expert_page: Callable[[str | None], str]
) -> None:
    kept, merged = make_cooperative("Koperasi Tetap"), make_cooperative("Koperasi Lama")
    earlier = appointment(wib(TUESDAY, "09.00"), "Pak Dulu", None, record_code=merged)
    officer = Actor(account_id=cast["officer"].account_id, name="x")
    atomically(
        lambda s: merge_records(s, kept_code=kept, merged_code=merged, chosen={}, seen="", actor=officer)
    )
    at("2026-11-24T10:00+07:00")
    put(earlier, BookingStatus.ARRIVED, BookingStatus.IN_SESSION, BookingStatus.DONE)
    still_signed_in()
    text = expert_page(kept)
    assert "Belum pernah ada dengan nomor HP atau data yang sama." not in text
    assert "Hasilnya tidak dicatat." in text
