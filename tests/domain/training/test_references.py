"""What may stand as an employee reference."""

from __future__ import annotations

import pytest

from codesign.training.references import MESSAGES, fault_of, key_of


@pytest.mark.parametrize(
    "reference", ["001", "12", "0000012345", "BRU-0012", "BRU-FNB-012", "hk_7", "A/2024/17", "000123456789", "E12#3"]
)
def test_numbers_and_codes_are_references(reference):
    assert fault_of(reference) is None


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("a.person@hotel.example", "looks_like_email"),
        ("17@x", "looks_like_email"),
        ("+32 470 12 34 56", "looks_like_phone"),
        ("0470123456", "looks_like_phone"),
        ("0470/12.34.56", "looks_like_phone"),
        ("0032470123456", "looks_like_phone"),
        ("Jane", "looks_like_name"),
        ("jane doe", "looks_like_name"),
        ("Łukasz", "looks_like_name"),
        ("محمد", "looks_like_name"),
        ("jane.example2", "looks_like_name"),
        ("JaneExample7", "looks_like_name"),
        ("JANE-EXAMPLE-1", "looks_like_name"),
        ("", "bad_reference"),
        ("12 34", "bad_reference"),
        ("=1+1", "bad_reference"),
        ("-12", "bad_reference"),
        ("7" * 41, "bad_reference"),
        ("12\x003", "bad_reference"),
    ],
)
def test_what_points_at_a_person_is_refused_and_not_repeated(reference, code):
    assert fault_of(reference) == code
    assert not reference or reference not in MESSAGES[code]


def test_case_and_blanks_around_make_no_other_reference():
    assert key_of(" Bru-12 ") == key_of("BRU-12") == "bru-12"
