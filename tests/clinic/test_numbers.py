"""The clinic's numbers: counted by hand here, read by the page there; each says its source and its day."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, select

from app.clinic.models import Feedback, SessionNote
from app.clinic.queries.numbers import list_bookings, list_sessions, list_slots
from app.clinic.rules.booking import BookingStatus, Mode, Outcome, Topic
from app.clinic.rules.counting import (
    BookingRow,
    Hint,
    SessionRow,
    SlotRow,
    Step,
    after_ninety_days,
    begin_of,
    counts,
    hints,
    spans,
    tallies,
    tally,
)
from app.clinic.rules.timetable import Service
from app.clinic.services.cancelling import cancel
from app.clinic.services.feedback import give_feedback
from app.clinic.services.status import change_status
from app.core.audit import History
from app.core.clock import WIB, now
from app.core.db import db
from app.core.transaction import atomically
from app.registry.queries.submissions import Received
from app.registry.services.receiving import Incoming
from tests.cast import Cast
from tests.checked_client import CheckedClient
from tests.factories.clinic import OFFICE, TUESDAY, booked, booking_of, incoming, open_clinic, wib
from tests.imports.bringing import still_signed_in

PAGE = "/petugas/klinik/angka"
EXPORT = f"{PAGE}/ekspor"
EVENING = "2026-11-24T18:00+07:00"
NOON = datetime(2026, 11, 24, 12, tzinfo=WIB)


# --- rules --------------------------------------------------------------------------------------------------------


def row(status: BookingStatus, day: date = TUESDAY, *, waited: float = 2, **values: object) -> BookingRow:
    starts_at = datetime.combine(day, time(9), WIB)
    given = {
        "service": Service.COOPERATIVE,
        "mode": Mode.IN_PERSON,
        "topic": Topic.FINANCE,
        **values,
    }
    return BookingRow(starts_at, starts_at - timedelta(days=waited), status, **given)  # type: ignore[arg-type]


def test_excused_is_not_a_no_show() -> None:
    rows = [
        row(BookingStatus.DONE),
        row(BookingStatus.DONE),
        row(BookingStatus.ARRIVED),
        row(BookingStatus.NO_SHOW),
        row(BookingStatus.CANCELLED_BY_CLIENT),
        row(BookingStatus.CANCELLED_BY_OFFICE),
    ]
    found = tally((TUESDAY, TUESDAY), rows, [], NOON)
    assert (found.booked, found.came, found.no_show, found.excused, found.by_office) == (6, 3, 1, 1, 1)
    assert found.no_show_share is not None
    assert float(found.no_show_share) == 0.25


def test_nobody_due_makes_no_share() -> None:
    assert tally((TUESDAY, TUESDAY), [row(BookingStatus.CANCELLED_BY_CLIENT)], [], NOON).no_show_share is None


def test_what_is_to_come_is_told_from_what_nobody_marked() -> None:
    rows = [row(BookingStatus.BOOKED), row(BookingStatus.BOOKED, TUESDAY + timedelta(days=1))]
    found = tally((TUESDAY, TUESDAY + timedelta(days=1)), rows, [], NOON)
    assert (found.unmarked, found.coming) == (1, 1)


def test_the_wait_is_the_middle_one_of_those_who_waited() -> None:
    rows = [
        row(BookingStatus.DONE, waited=1),
        row(BookingStatus.DONE, waited=3),
        row(BookingStatus.NO_SHOW, waited=30),
        row(BookingStatus.CANCELLED_BY_CLIENT, waited=90),
        row(BookingStatus.DONE, waited=0, walk_in=True),
    ]
    assert tally((TUESDAY, TUESDAY), rows, [], NOON).wait_days == 3


def test_a_late_evening_belongs_to_the_day_in_bogor() -> None:
    late = SlotRow(Service.BUSINESS, datetime(2026, 11, 24, 23, 30, tzinfo=WIB), False)
    assert tally((TUESDAY, TUESDAY), [], [late], NOON).offered == 1
    assert tally((TUESDAY + timedelta(days=1),) * 2, [], [late], NOON).offered == 0


@pytest.mark.parametrize(
    ("first", "last", "step", "found"),
    [
        ("2026-11-23", "2026-11-29", Step.WEEK, [("2026-11-23", "2026-11-29")]),
        (
            "2026-11-25",
            "2026-12-01",
            Step.WEEK,
            [("2026-11-25", "2026-11-29"), ("2026-11-30", "2026-12-01")],
        ),
        (
            "2026-12-15",
            "2027-02-28",
            Step.MONTH,
            [("2026-12-15", "2026-12-31"), ("2027-01-01", "2027-01-31"), ("2027-02-01", "2027-02-28")],
        ),
    ],
)
def test_rows_cover_every_day_once(first: str, last: str, step: Step, found: list[tuple[str, str]]) -> None:
    made = spans(date.fromisoformat(first), date.fromisoformat(last), step)
    assert [(begin.isoformat(), end.isoformat()) for begin, end in made] == found


def test_every_row_is_counted_in_one_part_as_if_it_were_counted_alone() -> None:
    first, last = date(2026, 11, 20), date(2026, 12, 10)
    days = [first + timedelta(days=n) for n in range(-3, 25)]
    rows = [row(BookingStatus.DONE, day) for day in days]
    slots = [SlotRow(Service.BUSINESS, one.starts_at, False) for one in rows]
    parts = spans(first, last, Step.WEEK)
    together = tallies(parts, rows, slots, NOON)
    assert together == [tally(part, rows, slots, NOON) for part in parts]
    assert sum(part.came for part in together) == 21
    assert sum(part.offered for part in together) == 21


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    assert begin_of(date(2026, 11, 29), Step.WEEK) == date(2026, 11, 23)
    assert begin_of(date(2026, 11, 29), Step.MONTH) == date(2026, 11, 1)


def test_the_most_frequent_come_first_and_none_last_among_equals() -> None:
    assert counts(["b", "a", "b", None, ""]) == [("b", 2), ("", 2), ("a", 1)]


def slots_at(hour: int, taken: int, offered: int, service: Service = Service.COOPERATIVE) -> list[SlotRow]:
    return [
        SlotRow(service, datetime.combine(TUESDAY + timedelta(weeks=n), time(hour), WIB), n < taken)
        for n in range(offered)
    ]


def test_hours_that_are_often_full_and_those_nobody_takes_are_named() -> None:
    found = hints([*slots_at(9, 4, 5), *slots_at(10, 3, 5), *slots_at(11, 0, 4), *slots_at(13, 3, 3)])
    assert found == [
        Hint(Service.COOPERATIVE, 1, time(9), 5, 4),
        Hint(Service.COOPERATIVE, 1, time(11), 4, 0),
    ]
    assert [hint.full for hint in found] == [True, False]


def test_ninety_days_later_the_clinic_knows_who_came_again() -> None:
    begin = datetime(2026, 8, 3, 9, tzinfo=WIB)
    sessions = [
        SessionRow(begin, "another_session", "K-1"),
        SessionRow(begin, "another_session", "K-2"),
        SessionRow(begin, "answered", "K-3"),
        SessionRow(begin, None, None),
    ]
    visits = {
        "K-1": [begin, begin + timedelta(days=90)],
        "K-2": [begin, begin + timedelta(days=91)],
        "K-3": [begin],
    }
    found = after_ninety_days(sessions, visits, "another_session")
    assert (found.sessions, found.known_clients, found.came_again) == (4, 3, 1)
    assert (found.promised_again, found.kept_promises) == (2, 1)
    assert dict(found.outcomes) == {"another_session": 2, "answered": 1, "": 1}


# --- read ---------------------------------------------------------------------------------------------------------


def turn(received: Received, *statuses: BookingStatus) -> None:
    booking = booking_of(received).id
    for status in statuses:
        _turn(booking, status)


def _turn(booking: int, status: BookingStatus) -> None:
    atomically(lambda s: change_status(s, booking, status, actor=OFFICE))


@pytest.fixture
def lived(app: Flask, cast: Cast, at: Callable[[str], None]) -> dict[str, Received]:
    """A Tuesday: two came, one did not, one excused; of six half hours one is left."""
    open_clinic()
    made = {
        "came": booked(
            wib(TUESDAY, "09.00"), phone="6281299997531", kecamatan_code="32.01.21", channel="instagram"
        ),
        "talked": booked(wib(TUESDAY, "09.30"), topic=Topic.FOUNDING, record_code="K-AAAAAAA"),
        "missed": booked(wib(TUESDAY, "10.00")),
        "excused": booked(wib(TUESDAY, "10.30")),
        "open": booked(wib(TUESDAY, "11.00")),
    }
    excused = booking_of(made["excused"]).id
    atomically(lambda s: cancel(s, excused, actor=OFFICE))
    at(EVENING)
    turn(made["came"], BookingStatus.ARRIVED)
    turn(made["talked"], BookingStatus.IN_SESSION, BookingStatus.DONE)
    turn(made["missed"], BookingStatus.NO_SHOW)
    note = {
        "booking_id": booking_of(made["talked"]).id,
        "text_sealed": b"x",
        "outcome": Outcome.NEW_COOPERATIVE,
        "written_by": cast["officer"].account_id,
        "written_at": now(),
    }
    atomically(lambda s: s.execute(insert(SessionNote), note))
    return made


def give_sheets(count: int, score: int, elements: range | tuple[int, ...] = range(1, 10)) -> None:
    for _ in range(count):
        _give(incoming(str(uuid.uuid4())), dict.fromkeys(elements, score))


def _give(sent: Incoming, scores: dict[int, int]) -> None:
    atomically(lambda s: give_feedback(s, incoming=sent, scores=scores, booking_id=None))


def test_what_is_read_is_what_was_lived(lived: dict[str, Received]) -> None:
    bookings = list_bookings(db.session(), TUESDAY, TUESDAY)
    slots = list_slots(db.session(), TUESDAY, TUESDAY)
    found = tally((TUESDAY, TUESDAY), bookings, slots, now())
    assert (found.offered, found.booked, found.came, found.no_show, found.excused, found.unmarked) == (
        6,
        5,
        2,
        1,
        1,
        1,
    )
    assert sum(slot.taken for slot in slots) == 4, (
        "the excused one left it to others, the missing one did not"
    )
    sessions = list_sessions(db.session(), TUESDAY, TUESDAY)
    assert [row.outcome for row in sessions.rows] == [None, Outcome.NEW_COOPERATIVE]
    assert len(sessions.visits) == 2


def test_the_page_shows_the_figures_with_their_source_and_their_day(
    lived: dict[str, Received], sign_in: Callable[[str], CheckedClient]
) -> None:
    page = sign_in("officer").get(PAGE).get_data(as_text=True)
    for words in (
        "Data per Selasa, 24 November 2026, 18.",
        "<b>23 - 29 Nov</b>",
        "33\N{NO-BREAK SPACE}%",
        "Mendirikan koperasi atau usaha",
        "Nanggung",
        "Instagram",
        "Koperasi baru akan berdiri",
        "Sumber: catatan janji klinik.",
        "belum tentu karena konsultasi.",
        "Belum ada angka: baru 0 lembar",
    ):
        assert words in page, words
    assert page.count("Data per ") >= 9, "each table has its day"
    assert "81299997531" not in page
    assert "Ibu Wati" not in page


def test_the_index_stands_with_its_letter_and_what_it_rests_on(
    lived: dict[str, Received], sign_in: Callable[[str], CheckedClient]
) -> None:
    give_sheets(9, 4)
    officer = sign_in("officer")
    assert "baru 9 lembar, paling sedikit 10" in officer.get(PAGE).get_data(as_text=True)
    give_sheets(1, 3)
    page = officer.get(PAGE).get_data(as_text=True)
    assert "97,50 (A)" in page
    assert "dari sembilan unsur, 10 lembar" in page
    assert "Sejak 24 Nov 2026." in page
    assert "Dari 2 konsultasi sebaiknya 2 lembar." in page


def test_an_index_of_three_elements_says_that_it_is_not_the_whole(
    lived: dict[str, Received], sign_in: Callable[[str], CheckedClient]
) -> None:
    give_sheets(10, 3, (2, 5, 7))
    page = sign_in("officer").get(PAGE).get_data(as_text=True)
    assert "75,00 (C)" in page
    assert "dari 3 unsur saja, belum SKM lengkap" in page


def test_after_ninety_days_the_outcome_is_counted_then_and_not_before(
    lived: dict[str, Received], sign_in: Callable[[str], CheckedClient], at: Callable[[str], None]
) -> None:
    def part() -> str:
        page = sign_in("officer").get(PAGE).get_data(as_text=True)
        return page.split('id="sembilan-puluh"')[1].split("</section>")[0]

    assert "Koperasi baru akan berdiri" not in part()
    at("2027-02-21T09:00+07:00")
    still_signed_in()
    assert "Koperasi baru akan berdiri" not in part()
    at("2027-02-22T09:00+07:00")
    still_signed_in()
    assert "Koperasi baru akan berdiri" in part()


def test_the_spreadsheet_holds_the_same_and_leaves_a_line(
    lived: dict[str, Received], sign_in: Callable[[str], CheckedClient]
) -> None:
    answer = sign_in("leader").post(
        EXPORT, data={"per": "bulan", "dari": "1-11-2026", "sampai": "30-11-2026"}
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames[0] == "Jam dibuka, dipesan, dan datang"
    assert book.sheetnames[-1] == "Keterangan"
    cells = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert cells[0][:6] == ("November 2026", "6", "5", "2", "1 (33\N{NO-BREAK SPACE}%)", "1")
    assert all(
        cell.data_type in {"s", "n"} and not str(cell.value or "").startswith("=")
        for sheet in book.worksheets
        for row in sheet
        for cell in row
    )
    about = {row[0]: row[1] for row in book["Keterangan"].iter_rows(values_only=True)}
    assert "Data per" in about
    (line,) = db.session.scalars(select(History).where(History.deed == "clinic.exported"))
    assert (line.subject, line.after) == (
        "klinik:angka",
        {"from": "2026-11-01", "to": "2026-11-30", "per": "bulan"},
    )


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"dari": "kemarin", "sampai": "30-11-2026"}, "dari"),
        ({"dari": "1-11-2026", "sampai": ""}, "sampai"),
        ({"dari": "2-11-2026", "sampai": "1-11-2026"}, "sampai"),
        ({"dari": "1-1-2020", "sampai": "1-11-2026"}, "sampai"),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field(
    sign_in: Callable[[str], CheckedClient], asked: dict[str, str], field: str
) -> None:
    for answer in (
        sign_in("officer").get(PAGE, query_string=asked),
        sign_in("officer").post(EXPORT, data=asked),
    ):
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_who_may_read_them(sign_in: Callable[[str], CheckedClient]) -> None:
    for who, status in (
        ("administrator", 200),
        ("officer", 200),
        ("leader", 200),
        ("expert", 403),
        ("media", 403),
        ("companion", 403),
    ):
        assert sign_in(who).get(PAGE).status_code == status, who


def test_comments_stand_below_without_day_or_name(
    client: CheckedClient, sign_in: Callable[[str], CheckedClient], at: Callable[[str], None]
) -> None:
    for words in ("Zebra <b>lewat</b>", "Anggrek", "", "", ""):
        client.post("/klinik/penilaian", data={"score_2": "4", "comment": words})
    page = sign_in("officer").get(PAGE).get_data(as_text=True)
    assert "Anggrek" not in page
    assert "Minggu berjalan: 5 lembar" in page
    at("2026-11-30T08:00+07:00")
    still_signed_in()
    page = sign_in("officer").get(PAGE).get_data(as_text=True)
    part = page.split('id="komentar"')[1]
    assert part.index("Anggrek") < part.index("Zebra &lt;b&gt;lewat"), "in no order that tells who came first"
    assert db.session.scalar(select(Feedback.booking_id)) is None


def test_the_sign_for_the_door_leads_to_the_survey(sign_in: Callable[[str], CheckedClient]) -> None:
    page = sign_in("officer").get("/petugas/klinik/penilaian").get_data(as_text=True)
    assert "http://localhost/klinik/penilaian<" in page
    assert "<svg" in page
