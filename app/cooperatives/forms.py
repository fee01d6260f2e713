"""What may be typed about a cooperative. One form class for browsers, machines, officers and mending."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from app.cooperatives import notices
from app.cooperatives.rules import CooperativeType, Health, MembershipArea
from app.cooperatives.services.record_values import CooperativeData
from app.cooperatives.words import HEALTH_WORDS, MEMBERSHIP_WORDS, TYPE_EXAMPLES
from app.core.clock import today
from app.core.fields import (
    ChoiceField,
    ListField,
    LongTypedField,
    SeveralField,
    TypedField,
    YesField,
    choices_of,
    refuse,
)
from app.core.forms import PERSONAL_EXTRAS
from app.core.language import say
from app.core.values import (
    ValueProblem,
    parse_count,
    parse_date,
    parse_legal_number,
    parse_nib,
    parse_nik_koperasi,
    parse_npwp,
    parse_rupiah,
    parse_year,
    tidy_name,
    tidy_text,
)
from app.regions.fields import PlaceMixin
from app.registry.fields import PhoneMixin
from app.registry.services.receiving import GivenConsent

# The first cooperatives' day was 12 July 1947; nothing older has a number.
EARLIEST_LEGAL_ENTITY: Final = date(1947, 7, 12)
MOST_TURNOVER: Final = 50_000_000_000_000
RAT_YEARS_ASKED: Final = 3

POSITIONS: Final = (
    ("chair", say("Ketua")),
    ("secretary", say("Sekretaris")),
    ("treasurer", say("Bendahara")),
    ("supervisor", say("Pengawas")),
    ("manager", say("Manajer atau karyawan")),
    ("member", say("Anggota")),
)

REPORT_PROBLEMS: Final = (
    ("address", say("Alamatnya salah")),
    ("closed", say("Koperasinya sudah tutup")),
    ("other", say("Lainnya")),
)


def _line(most: int) -> Any:
    """A reader of one line of at most ``most`` characters."""
    return lambda text: tidy_name(text, most=most)


def _legal_number(text: str) -> str:
    return parse_legal_number(text).text


def _legal_date(text: str) -> date:
    return parse_date(text, earliest=EARLIEST_LEGAL_ENTITY, latest=today())


def _turnover(text: str) -> int:
    return parse_rupiah(text, most=MOST_TURNOVER)


def _finished_year(text: str) -> int:
    """A book year that is over: before that there is no members' meeting about it, and no assessment."""
    year = parse_year(text)
    if year >= today().year:
        raise ValueProblem(
            "too_late",
            say(
                "Tahun buku %(year)s belum selesai. Paling akhir %(last)s.", year=year, last=today().year - 1
            ),
        )
    return year


class RegistrationForm(PlaceMixin, PhoneMixin):
    """A cooperative as it describes itself (contract.md section 4)."""

    name = TypedField(
        say("Nama koperasi"), _line(200), say("Tulis nama koperasinya. Contoh: Koperasi Tani Maju.")
    )
    cooperative_type = ChoiceField(
        say("Jenis koperasi"),
        say("Pilih jenis koperasinya. Boleh Tidak tahu."),
        choices=choices_of(TYPE_EXAMPLES.items()),
    )
    main_activity = TypedField(
        say("Kegiatan utama"),
        _line(200),
        say("Tulis kegiatan utamanya. Contoh: simpan pinjam dan jual pupuk."),
    )
    address = TypedField(say("Alamat kantor"), _line(300))
    contact_name = TypedField(
        say("Nama orang yang bisa dihubungi"),
        _line(120),
        say("Tulis nama orang yang bisa dihubungi. Contoh: Siti Aminah."),
    )
    chair_name = TypedField(say("Nama ketua"), _line(120))
    members_male = TypedField(say("Anggota laki-laki"), parse_count)
    members_female = TypedField(say("Anggota perempuan"), parse_count)
    membership_area = ChoiceField(
        say("Anggotanya tinggal di mana?"), choices=choices_of(MEMBERSHIP_WORDS.items()), default="kabupaten"
    )
    legal_entity_number = TypedField(say("Nomor badan hukum"), _legal_number)
    legal_entity_date = TypedField(say("Tanggal badan hukum"), _legal_date)
    nik_koperasi = TypedField(say("Nomor Induk Koperasi (NIK koperasi)"), parse_nik_koperasi)
    nib = TypedField(say("Nomor Induk Berusaha (NIB)"), parse_nib)
    npwp = TypedField(say("NPWP koperasi"), parse_npwp)
    rat_years = SeveralField(say("Sudah rapat anggota (RAT) untuk tahun buku mana saja?"), _finished_year)
    health_claim = ListField(
        say("Hasil penilaian kesehatan terakhir"),
        choices=[("", say("Belum pernah / tidak tahu")), *choices_of(HEALTH_WORDS.items())],
    )
    health_year = TypedField(say("Tahun buku yang dinilai"), _finished_year)
    annual_turnover = TypedField(say("Omzet setahun"), _turnover)
    consent_public_contact = YesField(notices.PUBLIC_CONTACT.text)
    consent_whatsapp = YesField(notices.WHATSAPP.text)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # errors are listed as the questions are asked, not as the classes were put together
        self._fields = dict(sorted(self._fields.items(), key=lambda item: _place_in_form(item[0])))
        asked = {str(today().year - 1 - i) for i in range(RAT_YEARS_ASKED)} | set(self.rat_years.data or ())
        self.rat_years.choices = [(year, year) for year in sorted(asked, reverse=True)]

    def record_values(self) -> dict[str, Any]:
        """Kept values by the record's own names, of the questions that are open. Call after validation."""
        values: dict[str, Any] = {
            column: _kept(self[name]) for name, column in TEXT_COLUMNS.items() if name in self
        }
        values = {column: _EMPTY.get(column) if value is None else value for column, value in values.items()}
        for name, (column, read) in _CHOICE_COLUMNS.items():
            if name in self:
                values[column] = read(self[name].data)
        if "rat_years" in self:
            values["rat_years"] = tuple(sorted(self.rat_years.values))
        return values

    def record_data(self) -> CooperativeData:
        """The whole record. Call after validation."""
        return CooperativeData(**self.record_values())

    def given_consents(self, how: str = "screen") -> tuple[GivenConsent, ...]:
        """The notice that was shown and the answer to each box."""
        return (
            GivenConsent("notice", notices.REGISTRATION.version, given=True, how=how),
            GivenConsent(
                "public_contact", notices.PUBLIC_CONTACT.version, self.consent_public_contact.data, how
            ),
            GivenConsent("whatsapp", notices.WHATSAPP.version, self.consent_whatsapp.data, how),
        )

    @property
    def spans_wider(self) -> bool:
        """Members beyond the kabupaten: guided by province or ministry, recorded all the same."""
        return bool(self.membership_area.data != MembershipArea.KABUPATEN)


class AssistedRegistrationForm(RegistrationForm):
    """The same, filled by an officer for somebody present; the consent was spoken and is noted."""

    spoken_consent = YesField(notices.SPOKEN.text)

    def validate_spoken_consent(self, field: YesField) -> None:
        """Nobody's data without their knowing."""
        if not field.data:
            raise refuse(say("Bacakan dulu pemberitahuannya, lalu beri tanda di sini."))


def _kept(field: Any) -> Any:
    """The one form of what was typed."""
    return field.value


def _owner(text: str | None) -> str:
    return text or "self"


def _health(text: str | None) -> Health | None:
    return Health(text) if text and text != Health.UNASSESSED else None


# Question -> column, where the kept value goes in as it is.
TEXT_COLUMNS: Final[Mapping[str, str]] = {
    "name": "name",
    "main_activity": "main_activity",
    "address": "address",
    "contact_name": "contact_name",
    "phone": "phone",
    "chair_name": "chair_name",
    "members_male": "members_male",
    "members_female": "members_female",
    "legal_entity_number": "legal_entity_number",
    "legal_entity_date": "legal_entity_date",
    "nik_koperasi": "nik_koperasi",
    "nib": "nib",
    "npwp": "npwp",
    "health_year": "health_claim_year",
    "annual_turnover": "annual_turnover",
}
_EMPTY: Final = {"main_activity": "", "address": "", "chair_name": "", "legal_entity_number": ""}
_CHOICE_COLUMNS: Final[Mapping[str, tuple[str, Any]]] = {
    "kecamatan": ("kecamatan_code", str),
    "desa": ("desa_code", str),
    "cooperative_type": ("cooperative_type", CooperativeType),
    "phone_owner": ("phone_owner", _owner),
    "membership_area": ("membership_area", lambda text: MembershipArea(text or "kabupaten")),
    "health_claim": ("health_claim", _health),
    "consent_public_contact": ("consent_public_contact", bool),
    "consent_whatsapp": ("consent_whatsapp", bool),
}
QUESTIONS: Final = frozenset({*TEXT_COLUMNS, *_CHOICE_COLUMNS, "rat_years"})
_ASKED: Final = [
    "name",
    "kecamatan",
    "desa",
    "cooperative_type",
    "main_activity",
    "address",
    "contact_name",
    "phone",
    "phone_owner",
    "chair_name",
    "members_male",
    "members_female",
    "membership_area",
    "legal_entity_number",
    "legal_entity_date",
    "nik_koperasi",
    "nib",
    "npwp",
    "rat_years",
    "health_claim",
    "health_year",
    "annual_turnover",
    "consent_public_contact",
    "consent_whatsapp",
]


def _place_in_form(name: str) -> int:
    return _ASKED.index(name) if name in _ASKED else -1 if name in PERSONAL_EXTRAS else len(_ASKED)


# Questions that only make sense together: returning one opens the others.
TOGETHER: Final = (
    frozenset({"kecamatan", "desa"}),
    frozenset({"phone", "phone_owner"}),
    frozenset({"legal_entity_number", "legal_entity_date"}),
    frozenset({"health_claim", "health_year"}),
)


def question_words(name: str) -> str:
    """The question as the form asks it, in the running language."""
    asked = getattr(RegistrationForm, name, None)
    return str(asked.args[0]) if asked is not None and asked.args else name


def opened_questions(returned: Collection[str], known: Collection[str] = QUESTIONS) -> frozenset[str]:
    """The questions of ``known`` open to the sender when an officer returned those of ``returned``."""
    opened = {name for name in returned if name in known}
    for group in TOGETHER:
        if opened & group:
            opened |= group & set(known)
    return frozenset(opened)


# --- about a record that is there already -------------------------------------------------------------------------


class AboutRecordForm(PhoneMixin):
    """Somebody has something to say about a public record."""

    contact_name = TypedField(
        say("Nama Bapak/Ibu"), _line(120), say("Tulis nama Bapak/Ibu. Contoh: Siti Aminah.")
    )


class ClaimForm(AboutRecordForm):
    """Says "this is our cooperative": an officer checks and decides."""

    position = ChoiceField(say("Jabatan di koperasi"), say("Pilih jabatannya."), choices=list(POSITIONS))
    proof = LongTypedField(
        say("Apa buktinya?"),
        lambda text: tidy_text(text, most=500),
        say("Tulis bukti yang bisa ditunjukkan. Contoh: akta pendirian, berita acara RAT."),
    )


class MessageForm(AboutRecordForm):
    """A message that the office passes on, for cooperatives without a public contact."""

    message = LongTypedField(
        say("Pesan untuk koperasi"),
        lambda text: tidy_text(text, most=1000),
        say("Tulis pesannya. Contoh: Saya mau ikut jadi anggota."),
    )


class ReportForm(AboutRecordForm):
    """Says "the address is wrong", "it has closed": a finding for an officer. Name and number may stay away."""

    problem = ChoiceField(
        say("Apa yang tidak benar?"), say("Pilih salah satu."), choices=list(REPORT_PROBLEMS)
    )
    description = LongTypedField(
        say("Yang benar bagaimana?"),
        lambda text: tidy_text(text, most=1000),
    )
    contact_name = TypedField(say("Nama Bapak/Ibu"), _line(120))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone.flags.required = False

    def validate_phone(self, field: TypedField[str]) -> None:
        """A report needs no number."""

    def validate_description(self, field: LongTypedField) -> None:
        """The answer "other" says nothing by itself."""
        if field.value is None and self.problem.data in {"other", "address"}:
            raise refuse(say("Tulis yang benar bagaimana. Contoh: sudah pindah ke Jalan Raya Cileungsi."))
