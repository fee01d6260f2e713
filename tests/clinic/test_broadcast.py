"""Posters from the timetable, tracked links without cookies, and the media team's own counting."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from app.clinic.models import Booking, Broadcast, ChannelVisit
from app.clinic.poster import (
    SQUARE,
    UPRIGHT,
    WIDTH,
    Drawing,
    Line,
    PosterDay,
    PosterText,
    as_png,
    as_svg,
    draw,
    plain,
)
from app.clinic.routes import visiting
from app.clinic.rules.broadcast import Channel, channel_of
from app.clinic.rules.timetable import Service
from app.core.audit import History
from app.core.clock import today
from app.core.db import db
from app.core.limits import Limit
from tests.checked_client import CheckedClient
from tests.factories.clinic import (
    TUESDAY,
    booked,
    make_desk,
    make_expert,
    open_clinic,
    put_on_duty,
    slots,
    wib,
)

DESK = "/petugas/klinik/siaran"
NEXT_MONDAY = date(2026, 11, 30)
POST = {"channel": "instagram", "posted_on": "22-11-2026"}


def week_open(monday: date = NEXT_MONDAY) -> None:
    """Koperasi on Monday and Friday, businesses on Tuesday; Wednesday and Thursday nobody is on duty."""
    expert, desk = make_expert(), make_desk()
    friday = monday + timedelta(days=4)
    put_on_duty(expert, monday, friday, desk_id=desk)
    put_on_duty(expert, monday + timedelta(days=1), desk_id=desk, service=Service.BUSINESS)
    slots(monday, friday)


def svg_of(client: CheckedClient, shape: str, monday: date = NEXT_MONDAY) -> ET.Element:
    answer = client.get(f"{DESK}/poster-{shape}.svg?minggu={monday.isoformat()}")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    return ET.fromstring(answer.get_data())


def words_of(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter("{http://www.w3.org/2000/svg}text")]


# --- posters ------------------------------------------------------------------------------------------------------


def test_the_poster_says_what_the_timetable_says(app: Flask, sign_in: Callable[[str], CheckedClient]) -> None:
    week_open()
    words = words_of(svg_of(sign_in("media"), "persegi"))
    assert (
        words.index("Senin, 30 Nov") < words.index("Koperasi 09.00-12.00 WIB") < words.index("Selasa, 1 Des")
    )
    assert "Usaha (UMKM) 13.00-16.00 WIB" in words
    assert "Koperasi 09.00-11.30 WIB" in words, "Fridays end earlier"
    assert words.count("Tutup") == 2
    assert not any("Sabtu" in line for line in words)
    assert "30 November - 4 Desember 2026" in words


def test_a_holiday_is_on_the_poster_by_its_name(app: Flask, sign_in: Callable[[str], CheckedClient]) -> None:
    sign_in("administrator").post(
        "/petugas/hari-libur", data={"day": "2-12-2026", "name": "Hari “Uji” – Daérah", "kind": "national"}
    )
    week_open()
    assert 'Libur: Hari "Uji" - Daerah' in words_of(svg_of(sign_in("media"), "persegi"))


def test_a_week_whose_half_hours_are_not_all_made_yet_is_not_called_closed(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    expert, desk = make_expert(), make_desk()
    put_on_duty(expert, *(NEXT_MONDAY + timedelta(days=n) for n in range(5)), desk_id=desk)
    slots(NEXT_MONDAY, NEXT_MONDAY + timedelta(days=1))
    words = words_of(svg_of(sign_in("media"), "persegi"))
    assert "Tutup" not in words, "the timetable says that all five are open"
    assert words.count("Koperasi 09.00-12.00 WIB") == 4


def test_an_hour_that_is_closed_is_not_promised(app: Flask, sign_in: Callable[[str], CheckedClient]) -> None:
    week_open()
    closed = {"whom": "all", "first_day": "30-11-2026", "starts": "10.00", "ends": "11.00", "reason": "rapat"}
    assert sign_in("administrator").post("/petugas/klinik/tutup", data=closed).status_code == 303
    words = words_of(svg_of(sign_in("media"), "persegi"))
    assert "Koperasi 09.00-10.00, 11.00-12.00 WIB" in words


def test_a_poster_is_indonesian_whatever_the_desk_speaks(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    week_open()
    answer = sign_in("media").get(f"{DESK}/poster-persegi.svg?minggu=2026-11-30&bahasa=en")
    assert words_of(ET.fromstring(answer.get_data())) == words_of(svg_of(sign_in("media"), "persegi"))


@pytest.mark.parametrize(("shape", "height"), [("persegi", SQUARE), ("tegak", UPRIGHT)])
def test_the_png_is_as_large_as_social_media_wants_it(
    app: Flask, sign_in: Callable[[str], CheckedClient], shape: str, height: int
) -> None:
    week_open()
    answer = sign_in("media").get(f"{DESK}/poster-{shape}.png?minggu=2026-11-30&unduh=1")
    body = answer.get_data()
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="klinik-2026-11-30-{shape}.png"'
    assert struct.unpack(">II", body[16:24]) == (WIDTH, height)
    with Image.open(io.BytesIO(body)) as picture:
        assert len(picture.convert("RGB").getcolors(WIDTH * height) or []) > 5, "something is on it"
    assert len(body) < 150_000


def test_other_shapes_and_kinds_are_not_there(sign_in: Callable[[str], CheckedClient]) -> None:
    for name in ("bulat.svg", "persegi.gif"):
        assert sign_in("media").get(f"{DESK}/poster-{name}").status_code == 404


def test_without_slots_no_poster_is_offered(app: Flask, sign_in: Callable[[str], CheckedClient]) -> None:
    page = sign_in("media").get(DESK).get_data(as_text=True)
    assert "Belum ada jam konsultasi" in page
    assert "poster-persegi" not in page
    week_open(today() - timedelta(days=today().weekday()))
    assert "poster-persegi" in sign_in("media").get(DESK).get_data(as_text=True)


any_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], include_characters="\N{NO-BREAK SPACE}"),
    max_size=60,
)
said = st.lists(
    st.sampled_from(
        ["Hari", "Raya", "Idulfitri", "Cuti", "Bersama", "Peringatan", "Kemerdekaan", "dan", "1448", "H"]
    ),
    max_size=16,
).map(" ".join)
words = st.one_of(any_text, said)
names = st.sampled_from(["Senin, 30 Nov", "Selasa, 28 Des", "Jumat, 4 Mar", "Minggu, 29 Agu"])
hours = st.tuples(st.sampled_from(["Koperasi", "Usaha (UMKM)"]), st.just("13.00-16.00 WIB"))
posters = st.builds(
    PosterText,
    title=st.sampled_from(["Clean & Clear", "Klinik Konsultasi Koperasi dan Usaha Mikro Kabupaten Bogor"]),
    lead=words,
    week=any_text,
    days=st.lists(
        st.builds(PosterDay, names, st.lists(hours, max_size=2).map(tuple), words), min_size=5, max_size=7
    ),
    how=words,
    address=st.sampled_from(
        ["localhost/klinik", "layanan-koperasi-dan-usaha-kecil-menengah.bogorkab.go.id/klinik"]
    ),
    link=st.just("https://kopukm.bogorkab.go.id/klinik?lewat=poster"),
    office=words,
)


def lines_of(drawing: Drawing) -> Iterator[Line]:
    return (shape for shape in drawing.shapes if isinstance(shape, Line) and shape.text)


def clashes(drawing: Drawing) -> list[str]:
    """Lines that run over the edge or into one another. From the top of small letters to the baseline."""
    found, lines = [], list(lines_of(drawing))
    for place, line in enumerate(lines):
        if line.x < 0 or line.x + line.width > WIDTH - 40 or not 0 < line.y < drawing.height:
            found.append(f"over the edge: {line}")
        for other in lines[place + 1 :]:
            beside = line.x + line.width <= other.x or other.x + other.width <= line.x
            above = line.y <= other.y - other.size * 0.6 or other.y <= line.y - line.size * 0.6
            if not beside and not above:
                found.append(f"{line} on {other}")
    return found


@given(posters, st.booleans())
def test_nothing_on_a_poster_runs_into_anything_whatever_its_words(text: PosterText, upright: bool) -> None:
    drawing = draw(text, upright=upright)
    assert clashes(drawing) == []
    assert ET.fromstring(as_svg(drawing)).get("height") == str(drawing.height)


def test_lines_on_each_other_are_seen() -> None:
    drawing = Drawing(SQUARE, "", "", [Line(10, 100, "satu", 40, "#000"), Line(20, 110, "dua", 40, "#000")])
    assert clashes(drawing)
    assert clashes(Drawing(SQUARE, "", "", [Line(900, 100, "terlalu panjang sekali", 40, "#000")]))


def test_what_is_typed_cannot_break_out_of_the_svg() -> None:
    evil = '</text><script>alert(1)</script>&"'
    text = PosterText(evil, evil, evil, [PosterDay(evil, (), evil)], evil, evil, "https://x.example/", evil)
    made = as_svg(draw(text, upright=False))
    assert b"<script" not in made
    assert {element.tag.split("}")[1] for element in ET.fromstring(made).iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "text",
    }
    assert as_png(draw(text, upright=False)).startswith(b"\x89PNG")


def test_letters_that_the_font_does_not_know_lose_their_marks_only() -> None:
    assert plain("Daérah – “Cibinong”\N{NO-BREAK SPACE}…") == 'Daerah - "Cibinong" ...'


# --- links, visits ------------------------------------------------------------------------------------------------


def visits() -> dict[tuple[str, date], int]:
    db.session.rollback()
    rows = db.session.scalars(select(ChannelVisit).order_by(ChannelVisit.channel, ChannelVisit.day))
    return {(row.channel, row.day): row.visits for row in rows}


def test_a_visit_is_counted_per_channel_and_day_without_a_cookie(
    client: CheckedClient, at: Callable[[str], None]
) -> None:
    for _ in range(2):
        answer = client.post("/klinik/lewat", data={"lewat": "instagram"})
        assert (answer.status_code, answer.get_data()) == (204, b"")
        assert "Set-Cookie" not in answer.headers
    first_day = today()
    at("2026-11-24T09:00+07:00")
    client.post("/klinik/lewat", data={"lewat": "instagram"})
    assert visits() == {("instagram", first_day): 2, ("instagram", TUESDAY): 1}


def test_a_look_at_the_page_alone_counts_nothing(client: CheckedClient) -> None:
    page = client.get("/klinik?lewat=instagram").get_data(as_text=True)
    assert 'data-visit="/klinik/lewat" data-channel="instagram"' in page
    assert visits() == {}


@pytest.mark.parametrize("text", ["", "twitter", "<script>", "instagram' or 1=1", "a" * 500])
def test_channels_that_we_do_not_have_are_not_counted(client: CheckedClient, text: str) -> None:
    assert client.post("/klinik/lewat", data={"lewat": text}).status_code == 204
    assert visits() == {}
    assert "data-visit" not in client.get("/klinik", query_string={"lewat": text}).get_data(as_text=True)


def test_others_sites_and_floods_count_nothing(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/klinik/lewat", data={"lewat": "poster"}, site="cross-site").status_code == 403
    monkeypatch.setattr(visiting, "VISITS_PER_ADDRESS", Limit("clinic-visits", 2, 3600))
    for _ in range(5):
        assert client.post("/klinik/lewat", data={"lewat": "poster"}).status_code == 204
    assert list(visits().values()) == [2]


def test_the_channel_travels_to_the_times_and_into_the_booking(client: CheckedClient) -> None:
    open_clinic()
    front = client.get("/klinik?lewat=whatsapp").get_data(as_text=True)
    links = re.findall(r'href="(/klinik/jadwal[^"]*)"', front)
    assert links
    assert all("lewat=whatsapp" in link for link in links)
    assert "lewat=" not in "".join(re.findall(r'href="/klinik/jadwal[^"]*"', client.get("/klinik").text))
    times = client.get("/klinik/jadwal?layanan=koperasi&lewat=whatsapp").get_data(as_text=True)
    assert re.search(r'name="channel"[^>]*value="whatsapp"', times)


def test_a_channel_is_one_of_ours_or_none() -> None:
    assert [channel_of(text) for text in (" Instagram ", "whatsapp", "x", "")] == [
        "instagram",
        "whatsapp",
        "",
        "",
    ]


# --- posts --------------------------------------------------------------------------------------------------------


def posts() -> list[Broadcast]:
    db.session.rollback()
    return list(db.session.scalars(select(Broadcast).order_by(Broadcast.id)))


def lines() -> list[History]:
    statement = select(History).where(History.subject.like("klinik:siaran:%")).order_by(History.id)
    return list(db.session.scalars(statement))


def test_a_post_is_written_down_and_its_figures_grow(sign_in: Callable[[str], CheckedClient]) -> None:
    media = sign_in("media")
    sent = media.post(DESK, data={**POST, "address": "https://www.instagram.com/p/abc", "likes": "1.250"})
    assert sent.status_code == 303
    (post,) = posts()
    assert (post.channel, post.posted_on, post.likes, post.comments) == (
        "instagram",
        date(2026, 11, 22),
        1250,
        0,
    )
    assert "1.250" in media.get(DESK).get_data(as_text=True)
    changed = {**POST, "address": post.address, "likes": "1300", "comments": "12", "questions": "3"}
    assert media.post(f"{DESK}/{post.id}", data=changed).status_code == 303
    assert media.post(f"{DESK}/{post.id}", data=changed).status_code == 303, "again is harmless"
    (post,) = posts()
    assert (post.likes, post.comments, post.questions) == (1300, 12, 3)
    noted = [(line.deed, line.before, line.after) for line in lines()]
    assert [deed for deed, _, _ in noted] == ["clinic.post_noted", "clinic.post_changed"]
    assert noted[1][1:] == (
        {"likes": 1250, "comments": 0, "questions": 0},
        {"likes": 1300, "comments": 12, "questions": 3},
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "radio"}, "channel"),
        ({"posted_on": ""}, "posted_on"),
        ({"posted_on": "31-2-2026"}, "posted_on"),
        ({"posted_on": "24-11-2026"}, "posted_on"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "instagram"}, "address"),
        ({"likes": "-1"}, "likes"),
        ({"comments": "banyak"}, "comments"),
        ({"questions": "99999999999"}, "questions"),
    ],
)
def test_what_is_wrong_about_a_post_stands_at_its_field(
    sign_in: Callable[[str], CheckedClient], wrong: dict[str, Any], field: str
) -> None:
    answer = sign_in("media").post(DESK, data={**POST, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert posts() == []


def test_the_same_post_is_written_down_once(sign_in: Callable[[str], CheckedClient]) -> None:
    with_address = {**POST, "address": "https://www.instagram.com/p/abc"}
    sign_in("media").post(DESK, data=with_address)
    assert sign_in("media").post(DESK, data=with_address).status_code == 422
    assert len(posts()) == 1
    assert sign_in("media").get(f"{DESK}/999").status_code == 404
    assert sign_in("media").post(f"{DESK}/999", data=POST).status_code == 404


def test_only_the_media_team_and_the_administrator_spread_the_word(
    sign_in: Callable[[str], CheckedClient],
) -> None:
    for who, status in (
        ("media", 200),
        ("administrator", 200),
        ("officer", 403),
        ("expert", 403),
        ("leader", 403),
    ):
        assert sign_in(who).get(DESK).status_code == status, who


def test_what_a_channel_brought_stands_beside_what_its_posts_were_given(
    client: CheckedClient, sign_in: Callable[[str], CheckedClient]
) -> None:
    open_clinic()
    booked(wib(TUESDAY, "09.00"), channel="instagram")
    client.post("/klinik/lewat", data={"lewat": "instagram"})
    sign_in("media").post(DESK, data={**POST, "likes": "40"})
    page = sign_in("media").get(DESK).get_data(as_text=True)
    (row,) = re.findall(r'<tr role="row">\s*<td[^>]*>Instagram</td>\s*(<td.*?)</tr>', page, re.DOTALL)[-1:]
    assert re.findall(r">([\d.-]+)</td>", row) == ["1", "1", "40", "0", "0"]
    assert db.session.scalar(select(Booking.channel)) == Channel.INSTAGRAM
