"""Telephone numbers as people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values import (
    ValueProblem,
    is_mobile,
    parse_phone,
    parse_phones,
    phone_display,
    phone_masked,
    wa_number,
)

MOBILE = "6281234567890"

mobiles = st.from_regex(r"628[0-9]{8,11}", fullmatch=True).filter(str.isascii)
landlines = st.from_regex(r"62(21|251)[0-9]{5,8}", fullmatch=True).filter(str.isascii)


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "0812.3456.7890",
        "0812,3456,7890",
        "(0812) 3456 7890",
        " 0812-3456-7890\n",
        "62 812 3456 7890",
        "6281234567890",
        "+6281234567890",
        "+62812-3456-7890",
        "+62 (0)812-3456-7890",
        "+62 0812 3456 7890",
        "(+62) 812 3456 7890",
        "0062 812 3456 7890",
        "006281234567890",
        "+0812 3456 7890",
        "81234567890",
        "812 3456 7890",
        "WA: 081234567890",
        "No. HP 0812 3456 7890",
        "telp.0812-3456-7890",
        "tel:+6281234567890",
        "https://wa.me/6281234567890",
        "０８１２３４５６７８９０",
        "0812\N{EN DASH}3456\N{NON-BREAKING HYPHEN}7890",
        "\N{LEFT-TO-RIGHT EMBEDDING}+62\N{NO-BREAK SPACE}812-3456-7890\N{POP DIRECTIONAL FORMATTING}",
        "\N{ARABIC-INDIC DIGIT ZERO}81234567890",
    ],
)
def test_one_mobile_number_is_kept_in_one_form_however_it_is_written(text: str) -> None:
    assert parse_phone(text) == MOBILE


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(021) 87929919", "622187929919"),
        ("021-87929919", "622187929919"),
        ("021/87929919", "622187929919"),
        ("+62 21 8792 9919", "622187929919"),
        ("2187929919", "622187929919"),
        ("0251 8323456", "622518323456"),
        ("(0251) 832-3456", "622518323456"),
        ("62251 8323456", "622518323456"),
        ("021 50012", "622150012"),
    ],
)
def test_landlines_of_the_two_areas_are_taken(text: str, kept: str) -> None:
    assert parse_phone(text) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \t\u200b", "empty"),
        ("0812" + "3" * 300, "too_long"),
        ("0812-3456-789O", "letters"),
        ("0812-3456-7890 (Budi)", "letters"),
        ("0812+3456+7890", "letters"),
        ("-", "letters"),
        ("tidak punya", "letters"),
        ("0812345678²", "letters"),
        ("081234567890 / 081398765432", "several"),
        ("081234567890, 081398765432", "several"),
        ("081234567890 atau 021 87929919", "several"),
        ("+65 8123 4567", "foreign"),
        ("0065 8123 4567", "foreign"),
        ("0812345", "short"),
        ("08123456", "short"),
        ("87929919", "short"),
        ("021 5001", "short"),
        ("08123456789012", "long"),
        ("021 879299190", "long"),
        ("022 7234567", "area"),
        ("0721 703456", "area"),
        ("1500123", "area"),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_phone(text)
    assert caught.value.code == code


@pytest.mark.parametrize(("digits", "fits"), [(8, False), (9, True), (12, True), (13, False)])
def test_a_mobile_number_has_9_to_12_digits_after_62(digits: int, fits: bool) -> None:
    text = "+628" + "1" * (digits - 1)
    if fits:
        assert parse_phone(text) == text[1:]
    else:
        with pytest.raises(ValueProblem):
            parse_phone(text)


def test_a_cell_with_several_numbers_gives_each_once() -> None:
    cell = "081234567890 / 021-87929919, 0812 3456 7890"
    assert parse_phones(cell) == (MOBILE, "622187929919")
    assert parse_phones("0812-3456-7890") == (MOBILE,)
    with pytest.raises(ValueProblem):
        parse_phones("081234567890 / 08123456ABC7890")


@pytest.mark.parametrize(
    ("kept", "shown", "masked", "whatsapp"),
    [
        ("62812345678", "0812-345-678", "0812-****-678", "62812345678"),
        ("628123456789", "0812-3456-789", "0812-****-789", "628123456789"),
        (MOBILE, "0812-3456-7890", "0812-****-890", MOBILE),
        ("62812345678901", "0812-3456-78901", "0812-****-901", "62812345678901"),
        ("622187929919", "(021) 87929919", "(021) ****919", None),
        ("622518323456", "(0251) 8323456", "(0251) ****456", None),
        ("", "", "****", ""),
        ("no number", "no number", "****", None),
    ],
)
def test_a_kept_number_is_shown_masked_and_linked(
    kept: str, shown: str, masked: str, whatsapp: str | None
) -> None:
    assert phone_display(kept) == shown
    assert phone_masked(kept) == masked
    assert (wa_number(kept) or "") == (whatsapp or "")


@given(st.one_of(mobiles, landlines))
def test_what_is_shown_can_be_typed_again(kept: str) -> None:
    assert parse_phone(phone_display(kept)) == kept
    assert parse_phone(f"+{kept}") == parse_phone(f"00{kept}") == parse_phone(f"0{kept[2:]}") == kept


@given(mobiles)
def test_the_mask_hides_at_least_three_digits_and_never_grows(kept: str) -> None:
    masked = phone_masked(kept)
    assert is_mobile(kept)
    assert sum(c.isdigit() for c in masked) == 7
    assert len(masked) == len("0812-****-890")


@given(mobiles, st.data())
def test_separators_never_change_the_number(kept: str, data: st.DataObject) -> None:
    national = "0" + kept[2:]
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=len(national)))
    assert parse_phone("".join(digit + gap for digit, gap in zip(national, gaps, strict=False))) == kept


@given(mobiles)
def test_every_number_the_general_library_finds_valid_comes_out_the_same(kept: str) -> None:
    number = phonenumbers.parse(f"+{kept}", "ID")
    if phonenumbers.is_valid_number(number):
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert parse_phone(national) == kept
