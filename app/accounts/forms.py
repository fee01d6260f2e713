"""What may be typed about accounts."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask_babel import LazyString
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from app.accounts.queries.people import Person
from app.accounts.rules.powers import Grant
from app.accounts.services.managing import AccountData
from app.core.access import Role, Section
from app.core.fields import ChoiceField, ListField, TypedField, YesField, choices_of, refuse
from app.core.forms import BaseForm
from app.core.language import LANGUAGES, say
from app.core.values import parse_date, parse_phone, tidy_name

ROLE_WORDS: Final = {
    Role.ADMINISTRATOR: say("Administrator Utama"),
    Role.OFFICER: say("Petugas Dinas"),
    Role.CO_ADMINISTRATOR: say("Administrator Pendamping"),
    Role.COMPANION: say("Pendamping"),
    Role.EXPERT: say("Narasumber klinik"),
    Role.MEDIA: say("Tim media sosial"),
    Role.LEADER: say("Pimpinan"),
    Role.EVALUATOR: say("Evaluator"),
    Role.MEMBER: say("Pengurus koperasi atau pemilik usaha"),
}
SECTION_WORDS: Final = {
    Section.KPK: say("Koperasi (KPK)"),
    Section.PUM: say("Usaha mikro (PUM)"),
}
PROOF_WORDS: Final = {
    "paper_code": say("Kode dari kertas yang kami berikan"),
    "board_document": say("Surat atau akta yang memuat nama pengurus"),
    "other": say("Bukti lain (tulis di catatan)"),
}


def _needed(sentence: LazyString) -> InputRequired:
    return InputRequired(sentence)


def _name(text: str) -> str:
    return tidy_name(text, most=120)


def _institution(text: str) -> str:
    return tidy_name(text, most=160)


def _decree(text: str) -> str:
    return tidy_name(text, most=80)


def _at_most(length: int) -> Length:
    return Length(max=length, message=say("Tulisannya terlalu panjang."))


class SignInForm(BaseForm):
    """Number, password, and the code where one is set up."""

    phone = StringField(say("Nomor HP"), [_needed(say("Isi nomor HP.")), _at_most(200)])
    password = PasswordField(say("Kata sandi"), [_needed(say("Isi kata sandi.")), _at_most(200)])
    totp = StringField(say("Kode masuk"), [_at_most(40)])
    next = HiddenField()
    kept = HiddenField()


class SecondStepForm(BaseForm):
    """The code, after the password was right."""

    totp = StringField(say("Kode masuk"), [_needed(say("Isi kode masuk.")), _at_most(40)])
    pending = HiddenField()
    next = HiddenField()
    kept = HiddenField()


class CodeForm(BaseForm):
    """The code again, of somebody signed in."""

    totp = StringField(say("Kode masuk"), [_needed(say("Isi kode masuk.")), _at_most(40)])
    next = HiddenField()
    kept = HiddenField()


class NewPasswordForm(BaseForm):
    """A password set through a one-time link."""

    password = PasswordField(say("Kata sandi baru"), [_needed(say("Isi kata sandi."))])


class FirstAdministratorForm(NewPasswordForm):
    """The first person of an empty installation."""

    name = TypedField(say("Nama lengkap"), _name, say("Isi nama."))
    phone = TypedField(say("Nomor HP"), parse_phone, say("Isi nomor HP."))


class OwnDetailsForm(BaseForm):
    """Name and language of the signed-in person."""

    name = TypedField(say("Nama"), _name, say("Isi nama."))
    language = ListField(
        say("Bahasa"),
        choices=[("", say("Ikut pilihan di halaman")), *((code, name) for code, name in LANGUAGES.items())],
    )


class ChangePasswordForm(BaseForm):
    """The old one proves the person; the new one is typed once and can be looked at."""

    current_password = PasswordField(say("Kata sandi sekarang"), [_needed(say("Isi kata sandi sekarang."))])
    password = PasswordField(say("Kata sandi baru"), [_needed(say("Isi kata sandi baru."))])


class SetUpCodeForm(BaseForm):
    """Password and the first code; ``setup_key`` is the sealed key shown on the page."""

    setup_key = HiddenField()
    current_password = PasswordField(say("Kata sandi sekarang"), [_needed(say("Isi kata sandi sekarang."))])
    totp = StringField(say("Kode enam angka dari aplikasi"), [_needed(say("Isi kode enam angka."))])


class NoteForm(BaseForm):
    """Why."""

    note = TextAreaField(say("Catatan"), [_at_most(500)])


class AccountForm(BaseForm):
    """What the office decides about an account."""

    name = TypedField(say("Nama lengkap"), _name, say("Isi nama."))
    role = ChoiceField(say("Peran"), say("Pilih perannya."), choices=choices_of(ROLE_WORDS.items()))
    section = ChoiceField(say("Bidang"), choices=choices_of(SECTION_WORDS.items()))
    # the deed refuses unknown codes, with a sentence of ours
    areas = SelectMultipleField(say("Kecamatan"), option_widget=CheckboxInput(), validate_choice=False)
    institution = TypedField(say("Instansi"), _institution)
    decree_number = TypedField(say("Nomor SK"), _decree)
    decree_date = TypedField(say("Tanggal SK"), parse_date)
    valid_from = TypedField(say("Berlaku mulai"), parse_date)
    valid_until = TypedField(say("Berlaku sampai"), parse_date)
    may_decide = YesField(say("SK-nya membolehkan memutuskan pendataan koperasi"))

    def __init__(self, areas: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.areas.choices = areas

    def account_data(self) -> AccountData:
        """The typed values; call after ``validate``."""
        grant = Grant(
            role=Role(self.role.data),
            section=Section(self.section.data) if self.section.data else None,
            kecamatan_codes=frozenset(self.areas.data or ()),
            valid_from=self.valid_from.value,
            valid_until=self.valid_until.value,
            may_decide=bool(self.may_decide.data),
        )
        return AccountData(
            name=self.name.value or "",
            grant=grant,
            institution=self.institution.value or "",
            decree_number=self.decree_number.value or "",
            decree_date=self.decree_date.value,
        )

    def show(self, person: Person) -> None:
        """Fill in what is known."""
        grant = person.grant
        self.name.data = person.name
        self.role.data = grant.role.value
        self.section.data = grant.section.value if grant.section else ""
        self.areas.data = sorted(grant.kecamatan_codes)
        self.institution.data, self.decree_number.data = person.institution, person.decree_number
        self.decree_date.data = _written(person.decree_date)
        self.valid_from.data, self.valid_until.data = _written(grant.valid_from), _written(grant.valid_until)
        self.may_decide.data = grant.may_decide


def _written(day: date | None) -> str:
    return "" if day is None else f"{day.day}-{day.month}-{day.year}"


class NewAccountForm(AccountForm):
    """The same with the number."""

    phone = TypedField(say("Nomor HP"), parse_phone, say("Isi nomor HP."))


class ChangePhoneForm(BaseForm):
    """Another number, after a second proof."""

    phone = TypedField(say("Nomor HP yang baru"), parse_phone, say("Isi nomor HP."))
    proof = ChoiceField(
        say("Bukti yang sudah Bapak/Ibu lihat"),
        say("Pilih buktinya."),
        choices=choices_of(PROOF_WORDS.items()),
    )
    note = TextAreaField(say("Catatan"), [_at_most(500)])

    def validate_note(self, field: TextAreaField) -> None:
        """Another proof must be described."""
        if self.proof.data == "other" and not (field.data or "").strip():
            raise refuse(say("Tulis bukti apa yang dilihat."))


class StandInForm(BaseForm):
    """Who does the work of the absent one, and when."""

    stand_in = ListField(say("Pelaksana harian (Plh.)"), say("Pilih orangnya."))
    starts_on = TypedField(say("Mulai tanggal"), parse_date, say("Isi tanggal mulai."))
    ends_on = TypedField(say("Sampai tanggal"), parse_date, say("Isi tanggal selesai."))
    decree_number = TypedField(say("Nomor surat"), _decree)

    def __init__(self, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        self.stand_in.choices = [("", say("Pilih")), *((str(number), name) for number, name in people)]
