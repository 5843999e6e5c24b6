"""The fee: bands with inclusive upper bounds, and reductions to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from codesign.fees.actions import load_bands
from codesign.fees.figures import fee_for
from codesign.fees.models import FeeBand, FeeTerms
from codesign.fees.rules import Band, band_of, reduced
from registry.kernel.errors import Invalid
from tests.factories.fees import load_fee_table

DAY = date(2026, 11, 22)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("revenue", "fee"),
    [
        ("0", 50),
        ("500000", 50),
        ("500000.01", 300),
        ("2500000", 300),
        ("2500000.01", 800),
        ("50000000", 800),
        ("50000000.01", 2000),
        ("999999999999", 2000),
    ],
)
def test_upper_bounds_are_inclusive(revenue, fee):
    load_fee_table()

    assert fee_for(revenue_eur=Decimal(revenue), on=DAY) == Decimal(fee)


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("pata", "600.00"), ("jata", "600.00"), ("", "800.00")])
def test_members_of_partner_associations_pay_a_quarter_less(code, expected):
    load_fee_table()

    assert fee_for(band="to_50m", reduction_code=code, on=DAY) == Decimal(expected)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "pointer"),
    [({"band": "none"}, "/revenue_band"), ({"band": "to_50m", "reduction_code": "x"}, "/reduction_code")],
)
def test_what_the_table_does_not_know_is_refused(asked, pointer):
    load_fee_table()

    with pytest.raises(Invalid) as invalid:
        fee_for(**asked, on=DAY)

    assert [fault.pointer for fault in invalid.value.faults] == [pointer]


@pytest.mark.django_db
def test_the_table_of_the_day_counts_and_loading_twice_adds_nothing():
    load_fee_table()
    FeeBand.objects.filter(code="to_500k").update(valid_until=date(2026, 12, 31))
    row = {"code": "to_500k", "valid_from": "2027-01-01", "revenue_from_eur": "0", "revenue_to_eur": "500000"}
    new = {**row, "annual_fee_eur": "60", "source": "a later table"}

    assert (load_bands([new]), load_bands([new])) == (1, 0)

    fees = [fee_for(band="to_500k", on=day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert fees == [Decimal(50), Decimal(60)]


def test_half_a_cent_goes_up_and_a_table_may_stop():
    assert reduced(Decimal("0.10"), Decimal("0.25")) == Decimal("0.08")
    assert reduced(Decimal("50"), Decimal("0.25")) == Decimal("37.50")
    assert band_of(Decimal(11), [Band("to_500k", Decimal(10), Decimal(1))]) is None


@pytest.mark.django_db
def test_terms_are_thirty_days_and_twelve_months_until_a_row_says_otherwise():
    FeeTerms.objects.create(effective_from=date(2027, 1, 1), payment_days=45)

    terms = [FeeTerms.objects.in_force(day) for day in (date(2026, 12, 31), date(2027, 1, 1))]

    assert [(row.payment_days, row.confirmation_months) for row in terms] == [(30, 12), (45, 12)]
