"""Report 13 (Clean & Clear): all figures as blocks of words, the same for the page, for paper and for the spreadsheet.

Every block names its source. Whether a record moved after a session is asked at the registry's door; what is told
there is what came after the session, never what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.clinic.broadcast_words import CHANNEL_WORDS
from app.clinic.desk.records_later import BEGAN, records_block
from app.clinic.desk.report_parts import Block, Row, figure, percent, words_of
from app.clinic.queries.numbers import (
    ChannelRow,
    Sessions,
    list_bookings,
    list_channels,
    list_sessions,
    list_slots,
    list_trails,
)
from app.clinic.queries.survey import Sheets, sheets_between
from app.clinic.rules.booking import Outcome
from app.clinic.rules.broadcast import Channel
from app.clinic.rules.counting import (
    CAME,
    OUTCOME_AFTER,
    BookingRow,
    Hint,
    Later,
    SlotRow,
    Step,
    Tally,
    after_ninety_days,
    counts,
    hints,
    records_later,
    spans,
    tallies,
    tally,
)
from app.clinic.rules.survey import LEAST_SHEETS, Index, index_of, sheets_wanted
from app.clinic.survey_words import ELEMENT_WORDS, LETTER_WORDS
from app.clinic.words import MODE_WORDS, OUTCOME_WORDS, SERVICE_WORDS, TOPIC_WORDS
from app.core.clock import in_wib
from app.core.language import formatting_locale, say
from app.core.words import date_short, month_year, weekday
from app.regions.queries import places

_YEAR: Final = re.compile(r" \d{4}\b")
_NOT_SAID: Final = say("Tidak disebut")
_MOST_HINTS: Final = 10  # of each sort
_BOOKINGS: Final = say("Sumber: catatan janji klinik.")


@dataclass(frozen=True)
class Bar:
    """One span of the picture: where it stands and how high its parts are (0 to 100)."""

    x: int
    label: str
    offered: float
    came: float
    no_show: float


@dataclass(frozen=True)
class Report:
    """Everything that the page shows."""

    first_day: date
    last_day: date
    step: Step
    made_at: datetime
    whole: Tally
    index: Index
    sheets: Sheets
    blocks: tuple[Block, ...]
    bars: tuple[Bar, ...]


def make_report(session: Session, first_day: date, last_day: date, step: Step, now: datetime) -> Report:
    """Read and count the days from..to."""
    bookings, slots = list_bookings(session, first_day, last_day), list_slots(session, first_day, last_day)
    rows = tallies(spans(first_day, last_day, step), bookings, slots, now)
    whole = tally((first_day, last_day), bookings, slots, now)
    sheets = sheets_between(session, first_day, last_day)
    index = index_of(sheets.sheets)
    came = [row for row in bookings if row.status in CAME]
    blocks = [
        _spans_block(rows, whole, step),
        _counted("topik", say("Soal"), bookings, [row.topic for row in bookings], TOPIC_WORDS),
        _kecamatan_block(bookings),
        _counted("cara", say("Cara bertemu"), bookings, [row.mode for row in bookings], MODE_WORDS),
        _channels_block(list_channels(session, tuple(Channel), first_day, last_day)),
        _survey_block(index, sheets, len(came)),
        _outcomes_block(session, first_day, last_day),
        *_later_blocks(session, first_day, last_day, now),
        _hints_block(slots, now),
    ]
    return Report(
        first_day, last_day, step, now, whole, index, sheets, tuple(blocks), tuple(_bars(rows, step))
    )


def span_name(first_day: date, last_day: date, step: Step) -> str:
    """'23 - 29 Nov 2026', '30 Nov - 6 Des 2026', or 'November 2026'."""
    language = formatting_locale()
    if step is Step.MONTH:
        return month_year(first_day, language)
    begin = date_short(first_day, language)
    if first_day.year == last_day.year:
        begin = begin.rsplit(" ", 1)[0]
    if (first_day.year, first_day.month) == (last_day.year, last_day.month):
        begin = str(first_day.day)
    return f"{begin} - {date_short(last_day, language)}"


# --- blocks -------------------------------------------------------------------------------------------------------


def _spans_block(rows: Sequence[Tally], whole: Tally, step: Step) -> Block:
    heads = words_of(
        say("Masa"),
        say("Dibuka"),
        say("Dipesan"),
        say("Datang"),
        say("Tidak datang"),
        say("Batal berkabar"),
        say("Batal dari kantor"),
        say("Akan datang"),
        say("Belum dicatat"),
        say("Datang langsung"),
        say("Tunggu (hari)"),
    )
    named = [(_short(span_name(row.first_day, row.last_day, step), step), row) for row in rows]
    named.append((str(say("Semua")), whole))
    return Block(
        "masa",
        str(say("Jam dibuka, dipesan, dan datang")),
        f"{_BOOKINGS} {say('Jam dibuka dari jadwal yang dibuat.')}",
        heads,
        tuple(Row((name, *_cells_of(row))) for name, row in named),
        str(
            say(
                "Yang batal dengan kabar tidak dihitung sebagai tidak datang. Tunggu: nilai tengah dari memesan "
                "sampai jam konsultasi, tanpa yang batal dan tanpa yang datang langsung."
            )
        ),
    )


def _short(name: str, step: Step) -> str:
    """A week without its years, over New Year too: the report's heading says them, and eleven columns need room."""
    return _YEAR.sub("", name) if step is Step.WEEK else name


def _cells_of(row: Tally) -> tuple[str, ...]:
    return (
        figure(row.offered),
        figure(row.booked),
        figure(row.came),
        figure(row.no_show)
        if row.no_show_share is None
        else f"{figure(row.no_show)} ({percent(row.no_show_share)})",
        figure(row.excused),
        figure(row.by_office),
        figure(row.coming),
        figure(row.unmarked),
        figure(row.walk_ins),
        figure(row.wait_days, 1),
    )


def _counted(
    block_id: str,
    title: LazyString,
    bookings: Sequence[BookingRow],
    values: Iterable[str],
    words: Mapping[Any, LazyString] | Mapping[Any, str],
) -> Block:
    found = counts(values)
    return Block(
        block_id,
        str(title),
        str(_BOOKINGS),
        (str(title), str(say("Janji")), str(say("Bagian"))),
        tuple(
            Row(
                (str(words.get(value, value) if value else _NOT_SAID), figure(count), percent(share)),
                round(share * 100),
            )
            for value, count in found
            for share in [Fraction(count, len(bookings))]
        ),
    )


def _kecamatan_block(bookings: Sequence[BookingRow]) -> Block:
    codes = [row.kecamatan_code or "" for row in bookings]
    names = {code: places().name_of(code) for code in codes if code}
    return _counted("kecamatan", say("Asal kecamatan"), bookings, codes, names)


def _channels_block(rows: Sequence[ChannelRow]) -> Block:
    heads = words_of(
        say("Saluran"),
        say("Kunjungan"),
        say("Janji dibuat"),
        say("Pos"),
        say("Suka"),
        say("Komentar"),
        say("Pertanyaan"),
    )
    return Block(
        "saluran",
        str(say("Saluran kabar")),
        str(say("Sumber: tautan bertanda dan catatan tim media.")),
        heads,
        tuple(
            Row(
                (
                    str(CHANNEL_WORDS[Channel(row.channel)] if row.channel else say("Tanpa tanda")),
                    figure(row.visits) if row.channel else "-",
                    *(figure(n) for n in (row.bookings, row.posts, row.likes, row.comments, row.questions)),
                )
            )
            for row in rows
        ),
        str(
            say(
                "Kunjungan dihitung tanpa mengenali orang, dan hanya dari HP yang menjalankan JavaScript. "
                "Janji dihitung pada hari dibuat."
            )
        ),
    )


def _survey_block(index: Index, sheets: Sheets, sessions: int) -> Block:
    return Block(
        "skm",
        str(say("Kepuasan (SKM) per unsur")),
        survey_basis(index, sheets, sessions),
        words_of(say("Unsur"), say("Jawaban"), say("Rata-rata (1-4)"), say("Dihitung")),
        tuple(
            Row(
                (
                    f"{each.element}. {ELEMENT_WORDS[each.element]}",
                    figure(each.answers),
                    figure(Fraction(each.shown), 2) if each.enough else "-",
                    str(say("ya") if each.enough else say("belum cukup jawaban")),
                ),
                round((each.mean - 1) / 3 * 100) if each.enough else None,
            )
            for each in index.elements
        ),
        str(
            say(
                "Semua unsur sama bobotnya, jumlahnya dikali 25 (PermenPANRB 14/2017). Unsur dengan kurang dari "
                "%(least)s jawaban tidak dihitung.",
                least=LEAST_SHEETS,
            )
        ),
    )


def survey_basis(index: Index, sheets: Sheets, sessions: int) -> str:
    """On how many sheets the figure rests, since when, and how many it should."""
    parts = [str(say("Sumber: %(n)s lembar penilaian.", n=figure(index.sheets)))]
    if sheets.first_at:
        parts.append(str(say("Sejak %(day)s.", day=date_short(sheets.first_at, formatting_locale()))))
    if sessions:
        parts.append(
            str(
                say(
                    "Dari %(sessions)s konsultasi sebaiknya %(wanted)s lembar.",
                    sessions=figure(sessions),
                    wanted=figure(sheets_wanted(sessions)),
                )
            )
        )
    if sheets.automatic:
        parts.append(str(say("%(n)s lembar tampak diisi mesin, tidak dihitung.", n=figure(sheets.automatic))))
    return " ".join(parts)


def index_words(index: Index) -> tuple[str, str]:
    """The figure, and what stands below it."""
    if index.value is None or index.letter is None:
        return "-", str(
            say(
                "Belum ada angka: baru %(n)s lembar, paling sedikit %(least)s.",
                n=figure(index.sheets),
                least=LEAST_SHEETS,
            )
        )
    basis = (
        say("dari sembilan unsur")
        if index.complete
        else say("dari %(n)s unsur saja, belum SKM lengkap", n=len(index.counted))
    )
    return (
        f"{figure(Fraction(index.value), 2)} ({index.letter})",
        f"{LETTER_WORDS[index.letter]}, {basis}, {figure(index.sheets)} {say('lembar')}",
    )


def _outcomes_block(session: Session, first_day: date, last_day: date) -> Block:
    rows = list_sessions(session, first_day, last_day).rows
    return _outcome_table(
        "hasil",
        say("Hasil konsultasi"),
        counts(row.outcome for row in rows),
        len(rows),
        say("Sumber: catatan narasumber."),
    )


def _outcome_table(
    block_id: str,
    title: LazyString,
    found: Sequence[tuple[str, int]],
    total: int,
    source: LazyString,
    *,
    more: Sequence[Row] = (),
    note: LazyString | str = "",
) -> Block:
    rows = [
        Row(
            (
                str(OUTCOME_WORDS[Outcome(value)] if value else say("Belum dicatat")),
                figure(count),
                percent(Fraction(count, total)),
            ),
            round(Fraction(count, total) * 100),
        )
        for value, count in found
    ]
    heads = words_of(say("Hasil"), say("Konsultasi"), say("Bagian"))
    return Block(block_id, str(title), str(source), heads, (*rows, *more), str(note))


def _later_blocks(session: Session, first_day: date, last_day: date, now: datetime) -> list[Block]:
    """Sessions that became ninety days old within the span, and are by now."""
    due = min(last_day, in_wib(now).date()) - OUTCOME_AFTER
    begin = first_day - OUTCOME_AFTER
    found = list_sessions(session, begin, due) if due >= begin else Sessions((), {})
    trails = list_trails(session, found.rows)
    return [
        _later_block(after_ninety_days(found.rows, found.visits, Outcome.ANOTHER_SESSION)),
        records_block(records_later(found.rows, trails, BEGAN)),
    ]


def _later_block(later: Later) -> Block:
    return _outcome_table(
        "sembilan-puluh",
        say("Sesudah 90 hari"),
        later.outcomes,
        later.sessions,
        say("Sumber: konsultasi yang genap 90 hari pada masa ini, dari catatan klinik sendiri."),
        more=_later_rows(later),
    )


def _later_rows(later: Later) -> list[Row]:
    if not later.sessions:
        return []
    return [
        Row(
            (
                str(say("Datang lagi dalam 90 hari (dari yang dikenali)")),
                figure(later.came_again),
                percent(Fraction(later.came_again, later.known_clients) if later.known_clients else None),
            )
        ),
        Row(
            (
                str(say("Perlu konsultasi lagi, dan sudah datang lagi")),
                figure(later.kept_promises),
                percent(
                    Fraction(later.kept_promises, later.promised_again) if later.promised_again else None
                ),
            )
        ),
    ]


def _hints_block(slots: Sequence[SlotRow], now: datetime) -> Block:
    found = hints(slot for slot in slots if slot.starts_at <= now)
    full = [hint for hint in found if hint.full]
    never = [hint for hint in found if not hint.full]
    hidden = len(full[_MOST_HINTS:]) + len(never[_MOST_HINTS:])
    note = str(say("Hanya jam yang dibuka sedikitnya empat kali."))
    if hidden:
        note += " " + str(say("%(n)s jam lain tidak ditampilkan.", n=figure(hidden)))
    return Block(
        "petunjuk",
        str(say("Jam yang sering penuh atau tidak pernah diambil")),
        str(say("Sumber: jam yang sudah lewat pada masa ini.")),
        words_of(say("Layanan"), say("Hari dan jam"), say("Dibuka"), say("Diambil"), say("Usul")),
        tuple(_hint_row(hint) for hint in (*full[:_MOST_HINTS], *never[:_MOST_HINTS])),
        note,
    )


def _hint_row(hint: Hint) -> Row:
    day = weekday(date(2024, 1, 1) + timedelta(days=hint.weekday), formatting_locale())
    advice = (
        say("Sering penuh: tambah narasumber")
        if hint.full
        else say("Tidak pernah diambil: pindahkan atau kabarkan")
    )
    return Row(
        (
            str(SERVICE_WORDS[hint.service]),
            f"{day} {hint.begins:%H.%M}",
            figure(hint.offered),
            figure(hint.taken),
            str(advice),
        )
    )


# --- the picture --------------------------------------------------------------------------------------------------


def _bars(rows: Sequence[Tally], step: Step) -> Iterable[Bar]:
    highest = max((max(row.offered, row.came + row.no_show) for row in rows), default=0)
    if not highest:
        return
    language = formatting_locale()
    for place, row in enumerate(rows):
        label = (
            month_year(row.first_day, language)[:3]
            if step is Step.MONTH
            else f"{row.first_day.day}/{row.first_day.month}"
        )
        yield Bar(
            place * 60,
            label,
            *(round(100 * count / highest, 1) for count in (row.offered, row.came, row.no_show)),
        )
