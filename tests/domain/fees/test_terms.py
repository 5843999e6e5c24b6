"""Fee table, reductions and terms of payment: dated rows that staff publish, of which none edits the past."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from codesign.fees import actions
from codesign.fees.figures import fee_for
from codesign.fees.models import FeeBand, FeeReduction, FeeTerms
from codesign.fees.rules import is_iban
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid
from tests.factories.companies import make_scope
from tests.factories.fees import load_fee_table

pytestmark = pytest.mark.django_db
ACTOR = make_scope()
NEXT_YEAR = date(2027, 1, 1)
TABLE: list[dict[str, Any]] = [
    {"code": "to_500k", "revenue_to_eur": Decimal(500_000), "annual_fee_eur": Decimal(60)},
    {"code": "to_2_5m", "revenue_to_eur": Decimal(3_000_000), "annual_fee_eur": Decimal(320)},
    {"code": "to_50m", "revenue_to_eur": Decimal(50_000_000), "annual_fee_eur": Decimal(850)},
    {"code": "above_50m", "annual_fee_eur": Decimal(2_100)},
]


def publish(at, bands=TABLE, valid_from=NEXT_YEAR):
    return actions.publish_fee_table(valid_from=valid_from, bands=bands, source="Board", actor=ACTOR, at=at)


def kept():
    return (
        list(FeeBand.objects.order_by("pk").values_list("code", "valid_from", "valid_until")),
        list(FeeReduction.objects.order_by("pk").values_list("code", "valid_from", "valid_until")),
        list(FeeTerms.objects.order_by("pk").values_list("effective_from", "payment_days")),
        AuditEvent.objects.count(),
    )


def test_a_new_table_counts_from_its_day_and_leaves_the_days_before(at):
    load_fee_table()

    publish(at)

    fees = {day: [fee_for(on=day, band=band["code"]) for band in TABLE] for day in (date(2026, 12, 31), NEXT_YEAR)}
    assert fees == {date(2026, 12, 31): [50, 300, 800, 2000], NEXT_YEAR: [60, 320, 850, 2100]}
    assert fee_for(on=NEXT_YEAR, revenue_eur=Decimal(3_000_000)) == 320
    assert fee_for(on=NEXT_YEAR, revenue_eur=Decimal("3000000.01")) == 850
    assert AuditEvent.objects.get().action == "fee-bands.create"


@pytest.mark.parametrize(
    ("bands", "valid_from", "pointer", "code"),
    [
        (TABLE[:3], NEXT_YEAR, "/bands", "bands_incomplete"),
        ([*TABLE[:3], TABLE[2]], NEXT_YEAR, "/bands", "bands_incomplete"),
        ([TABLE[1], TABLE[0], *TABLE[2:]], NEXT_YEAR, "/bands/1/revenue_to_eur", "bounds_out_of_order"),
        ([*TABLE[:3], {**TABLE[3], "revenue_to_eur": Decimal(10**9)}], NEXT_YEAR, "/bands/3/revenue_to_eur",
         "bounds_out_of_order"),
        (TABLE, date(2026, 11, 21), "/valid_from", "in_the_past"),
    ],
)  # fmt: skip
def test_a_table_with_faults_changes_nothing(at, bands, valid_from, pointer, code):
    load_fee_table()
    before = kept()

    with pytest.raises(Invalid) as refused:
        publish(at, bands, valid_from)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    assert kept() == before


def test_a_second_table_for_the_same_days_is_refused(at):
    load_fee_table()
    publish(at)
    before = kept()

    with pytest.raises(Invalid) as refused:
        publish(at, valid_from=date(2026, 12, 1))

    assert refused.value.faults[0].code == "out_of_order"
    assert kept() == before


def test_a_reduction_changes_and_ends(at):
    load_fee_table()
    given = {"code": "pata", "share": Decimal("0.5"), "valid_from": NEXT_YEAR}

    actions.publish_reduction(**given, actor=ACTOR, at=at)
    actions.end_partner_reduction(code="pata", last_day=date(2027, 6, 30), actor=ACTOR, at=at)

    days = date(2026, 12, 31), NEXT_YEAR, date(2027, 6, 30)
    assert [fee_for(on=day, band="to_2_5m", reduction_code="pata") for day in days] == [225, 150, 150]
    with pytest.raises(Invalid) as refused:
        fee_for(on=date(2027, 7, 1), band="to_2_5m", reduction_code="pata")
    assert refused.value.faults[0].code == "unknown_reduction"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"share": Decimal(0)}, "out_of_range"),
        ({"share": Decimal("1.1")}, "out_of_range"),
        ({"valid_until": date(2026, 12, 31)}, "out_of_order"),
        ({"valid_from": date(2026, 11, 21)}, "in_the_past"),
    ],
)
def test_a_reduction_with_faults_changes_nothing(at, change, code):
    load_fee_table()
    before = kept()
    given: dict[str, Any] = {"code": "pata", "share": Decimal("0.5"), "valid_from": NEXT_YEAR, **change}

    with pytest.raises(Invalid) as refused:
        actions.publish_reduction(**given, actor=ACTOR, at=at)

    assert (refused.value.faults[0].code, kept()) == (code, before)


def test_terms_keep_what_is_not_said(at):
    actions.publish_terms(effective_from=date(2026, 12, 1), payee="Fictif", iban="BE71096123456769", actor=ACTOR, at=at)
    actions.publish_terms(effective_from=NEXT_YEAR, payment_days=45, actor=ACTOR, at=at)

    days = date(2026, 11, 30), date(2026, 12, 31), NEXT_YEAR
    terms = [FeeTerms.objects.in_force(day) for day in days]
    assert [(one.payment_days, one.payee, one.iban) for one in terms] == [
        (30, "", ""),
        (30, "Fictif", "BE71096123456769"),
        (45, "Fictif", "BE71096123456769"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"effective_from": date(2026, 11, 21)}, "in_the_past"),
        ({"effective_from": date(2026, 12, 1)}, "out_of_order"),
        ({"iban": "BE71096123456768"}, "not_an_iban"),
    ],
)
def test_terms_with_faults_change_nothing(at, change, code):
    FeeTerms.objects.create(effective_from=date(2026, 12, 1))
    before = kept()

    with pytest.raises(Invalid) as refused:
        actions.publish_terms(**{"effective_from": NEXT_YEAR, **change}, actor=ACTOR, at=at)

    assert (refused.value.faults[0].code, kept()) == (code, before)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("BE71096123456769", True), ("DE89370400440532013000", True), ("BE17096123456769", False), ("BE7-096", False)],
)
def test_check_digits_of_accounts(text, is_one):
    assert is_iban(text) is is_one
