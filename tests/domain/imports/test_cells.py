"""A cell is a value of its column, or has a code for what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest

from members.imports import cells
from members.imports.cells import BadCell, Codes

CODES = Codes(countries=frozenset({"BE"}), regions={"europe": "europe", "europa": "europe"})
TEN_NOTATIONS = (
    "02/12/2014 12/02/2014 2.12.2014 2014/12/02 20141202 2014-12-2 14-12-02 2014-12-02T00:00:00 2014-W49-2 2014-336"
).split()


@pytest.mark.parametrize("told", [*TEN_NOTATIONS, "2 December 2014", "2014-02-30", "41975", "٢٠١٤-١٢-٠٢", "today"])
def test_a_day_has_one_notation(told: str):
    with pytest.raises(BadCell) as day:
        cells.day(told, CODES)
    with pytest.raises(BadCell) as partial:
        cells.partial_day(told, CODES)

    assert (day.value.code, partial.value.code) == ("invalid_date", "invalid_date")


@pytest.mark.parametrize("told", ["1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_lies_in_living_memory(told: str):
    with pytest.raises(BadCell) as day:
        cells.day(told, CODES)
    with pytest.raises(BadCell) as partial:
        cells.partial_day(told, CODES)

    assert (day.value.code, partial.value.code) == ("date_out_of_range", "date_out_of_range")


@pytest.mark.parametrize(
    ("read", "told", "value"),
    [
        (cells.day, "2014-12-02", date(2014, 12, 2)),
        (cells.partial_day, "2014-12", "2014-12"),
        (cells.country, "be", "BE"),
        (cells.region, "Europa", "europe"),
        (cells.languages, "fr; pcm,pt-BR fr", ["fr", "pcm", "pt-BR"]),
        (cells.truth, "Yes", True),
        (cells.contact, "tel:112", "tel:112"),
        (
            cells.identifiers,
            "domain:www.Fictif.example; lei:00000000000000000098",
            [("domain", "fictif.example"), ("lei", "00000000000000000098")],
        ),
    ],
)
def test_a_good_cell_is_read(read, told: str, value):
    assert read(told, CODES) == value


@pytest.mark.parametrize(
    ("read", "told", "code"),
    [
        (cells.country, "XX", "unknown_country"),
        (cells.region, "atlantis", "unknown_region"),
        (cells.languages, "fr; klingonese", "unknown_language"),
        (cells.languages, "; ".join(["fr"] * 51), "unknown_language"),
        (cells.truth, "perhaps", "no_truth"),
        (cells.key, "17", "invalid_id"),
        (cells.group, "stop", "unknown_group"),
        (cells.zone, "Europe/Atlantis", "unknown_zone"),
        (cells.contact, "javascript:alert(1)", "invalid_contact"),
        (cells.identifiers, "lei:00000000000000000099", "bad_identifier"),
        (cells.identifiers, "passport:1", "bad_identifier"),
        (cells.name, "???", "no_name"),
        (cells.name, "x" * 201, "too_long"),
    ],
)
def test_a_bad_cell_has_a_code_and_is_not_repeated(read, told: str, code: str):
    with pytest.raises(BadCell) as refused:
        read(told, CODES)

    assert refused.value.code == code
    assert told not in refused.value.message


@pytest.mark.parametrize(
    ("told", "text"),
    [("'=1+1", "=1+1"), ("'+32 2 000", "+32 2 000"), ("'@fictif", "@fictif"), ("'t Huis", "'t Huis"), ("-5", "-5")],
)
def test_the_apostrophe_of_an_export_is_taken_off(told: str, text: str):
    assert cells.plain(told) == text


@pytest.mark.parametrize(("told", "code"), [("=cmd|' /C calc'!A0", "formula"), ("a\x07b", "control_character")])
def test_a_formula_is_no_value(told: str, code: str):
    with pytest.raises(BadCell) as refused:
        cells.plain(told)

    assert refused.value.code == code
