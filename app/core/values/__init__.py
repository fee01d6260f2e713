"""Values accepted as people write them, kept in one form, and shown again as people read them.

``parse_x(text)`` gives the kept form or raises ``ValueProblem`` with a sentence; ``x_display(value)`` shows
it, ``x_masked(value)`` shows too little to misuse. ``repair_x(cell)`` comes first where the text is from a
spreadsheet. Nothing here knows the web, the database or the time.
"""

from app.core.values.counts import MOST_MEMBERS, parse_count, parse_year
from app.core.values.dates import date_from_serial, date_within, parse_date
from app.core.values.digits import (
    nik_koperasi_is_local,
    nik_masked,
    npwp_display,
    npwp_is_nik,
    parse_nib,
    parse_nik,
    parse_nik_koperasi,
    parse_npwp,
    parse_postal_code,
    postal_code_is_local,
)
from app.core.values.legal_entity import LegalNumber, legal_number_key, parse_legal_number
from app.core.values.names import tidy_name, tidy_text
from app.core.values.phone import (
    is_mobile,
    parse_phone,
    parse_phones,
    phone_display,
    phone_masked,
    wa_number,
)
from app.core.values.problem import ValueProblem
from app.core.values.repair import (
    Cell,
    Certainty,
    Repaired,
    RepairedDate,
    cell_text,
    repair_date,
    repair_digits,
    repair_nib,
    repair_nik,
    repair_nik_koperasi,
    repair_npwp,
    repair_phone,
)
from app.core.values.rupiah import parse_rupiah, rupiah_in_words
from app.core.values.typed import says_none

__all__ = [
    "MOST_MEMBERS",
    "Cell",
    "Certainty",
    "LegalNumber",
    "Repaired",
    "RepairedDate",
    "ValueProblem",
    "cell_text",
    "date_from_serial",
    "date_within",
    "is_mobile",
    "legal_number_key",
    "nik_koperasi_is_local",
    "nik_masked",
    "npwp_display",
    "npwp_is_nik",
    "parse_count",
    "parse_date",
    "parse_legal_number",
    "parse_nib",
    "parse_nik",
    "parse_nik_koperasi",
    "parse_npwp",
    "parse_phone",
    "parse_phones",
    "parse_postal_code",
    "parse_rupiah",
    "parse_year",
    "phone_display",
    "phone_masked",
    "postal_code_is_local",
    "repair_date",
    "repair_digits",
    "repair_nib",
    "repair_nik",
    "repair_nik_koperasi",
    "repair_npwp",
    "repair_phone",
    "rupiah_in_words",
    "says_none",
    "tidy_name",
    "tidy_text",
    "wa_number",
]
