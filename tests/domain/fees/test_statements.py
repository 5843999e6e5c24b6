"""Bank statements: columns of several banks, days, amounts, and the numbers that a message names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.fees.providers import structured_reference
from codesign.fees.statements import (
    Receipt,
    amount_in,
    day_in,
    invoice_numbers,
    member_numbers,
    receipts,
)
from registry.kernel.errors import Invalid


def read(columns: list[str], *rows: list[str]):
    return list(receipts(columns, list(rows), list(range(2, len(rows) + 2))))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INV-2026-00012", ("INV-2026-00012",)),
        ("fee inv 2026/00012 thanks", ("INV-2026-00012",)),
        (f"+++ {structured_reference('INV-2026-00012')} +++", ("INV-2026-00012",)),
        ("rf70inv202600012", ("INV-2026-00012",)),
        ("INV-2026-00012 and INV-2026-00013", ("INV-2026-00012", "INV-2026-00013")),
        ("XINV-2026-00012, 2026-00012, INV-26-12", ()),
    ],
)
def test_invoices_that_a_message_names(text, found):
    assert invoice_numbers(text) == found


def test_members_days_and_amounts():
    assert member_numbers("tc-be-00042 TC BE 00042 TC-BEL-1") == ("TC-BE-00042",)
    assert {day_in(text) for text in ("2026-11-23", "23/11/2026", "23.11.2026", "20261123")} == {date(2026, 11, 23)}
    assert [amount_in(text) for text in ("1.234,50", "1,234.50", "€ 300", "1'000.00", "-5")] == [
        Decimal(each) for each in ("1234.50", "1234.50", "300", "1000.00", "-5")
    ]
    for bad in ("", "abc", "1,2,3.4.5", "١٢", "1e5", "12.345"):
        with pytest.raises(ValueError):
            amount_in(bad)


def test_columns_as_a_belgian_bank_names_them():
    (line,) = read(
        ["volgnummer", "uitvoeringsdatum", "bedrag", "munt", "mededeling", "naam tegenpartij"],
        ["2026-0017", "23/11/2026", "300,00", "EUR", "factuur INV-2026-00012", "Somebody"],
    )

    assert line == Receipt(
        number=2,
        paid_on=date(2026, 11, 23),
        amount_eur=Decimal("300.00"),
        reference="2026-0017",
        invoices=("INV-2026-00012",),
    )
    assert "Somebody" not in repr(line)


def test_a_line_without_a_bank_reference_gets_the_same_one_in_every_export():
    columns, line = ["date", "amount", "message"], ["2026-11-23", "50", "INV-2026-00012"]

    first = read(columns, line, line)
    later = read(["message", "amount", "date"], ["inv-2026-00012 ", "50,00", "23/11/2026"])

    assert len({each.reference for each in first}) == 2
    assert later[0].reference == first[0].reference


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"date": "soon", "amount": "much"}, ["invalid_day", "invalid_amount"]),
        ({"currency": "USD"}, ["not_eur"]),
        ({"amount": "-50"}, ["not_incoming"]),
        ({"reference": "x" * 61}, ["too_long"]),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_once(cells, codes):
    told = {"date": "2026-11-23", "amount": "50", "currency": "EUR", "reference": "1", **cells}

    (line,) = read(list(told), list(told.values()))

    assert [fault.code for fault in line.faults] == codes


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (["date", "message"], "missing_column"),
        (["date", "amount"], "missing_column"),
        (["date", "booking date", "amount", "message"], "duplicate_header"),
    ],
)
def test_a_table_that_is_no_statement_is_refused(columns, code):
    with pytest.raises(Invalid) as refused:
        read(columns)

    assert refused.value.code == code
