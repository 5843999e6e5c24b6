"""Membership years: invoices raised for all who lack one, once, by the band of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from codesign.fees import actions
from codesign.fees.models import FeeYear, Invoice
from codesign.tasks import raise_invoices
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused
from tests.factories.companies import make_company, make_membership
from tests.factories.fees import load_fee_table, make_invoice

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2027, 1, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fee_table(db):
    load_fee_table()


@pytest.fixture
def year(at) -> FeeYear:
    return actions.open_year(year=2027, actor=SYSTEM, at=at)


def member(confirmed_on=date(2026, 12, 1), **company):
    return make_membership(company=make_company(revenue_band_confirmed_on=confirmed_on, **company))


def test_each_member_gets_one_invoice_and_a_second_run_none(year, django_assert_max_num_queries):
    first, second = member(), member(revenue_band="to_50m")
    actions.grant_reduction(
        company_id=second.company_id, code="jata", valid_from=date(2027, 1, 1), actor=SYSTEM, at=NEW_YEAR
    )
    for state in ("approved", "recorded", "resigned"):
        make_membership(state=state)
    make_invoice(membership=member(), year=2027, state="cancelled")
    actions.grant_waiver(membership_id=member().pk, year=2027, reason_code="pilot", actor=SYSTEM, at=NEW_YEAR)
    make_membership(member_since=date(2028, 1, 1))

    with django_assert_max_num_queries(30):
        raised = [actions.raise_due(at=NEW_YEAR) for _ in range(2)]

    assert raised == [2, 0]
    rows = Invoice.objects.filter(year=2027, state="open").order_by("number")
    assert [(row.membership_id, row.number, row.amount_eur, row.reduction_code) for row in rows] == [
        (first.pk, "INV-2027-00001", Decimal(300), ""),
        (second.pk, "INV-2027-00002", Decimal(600), "jata"),
    ]
    assert {(row.issued_on, row.due_on) for row in rows} == {(date(2027, 1, 1), date(2027, 1, 31))}
    event = AuditEvent.objects.get(action="fee-years.raise")
    assert event.changes == {"invoices": [0, 2], "numbers": ["INV-2027-00001", "INV-2027-00002"]}


@pytest.mark.parametrize(
    ("confirmed_on", "days", "raised"),
    [
        (date(2026, 1, 1), 0, 1),
        (date(2025, 12, 31), 0, 0),
        (date(2025, 12, 31), 59, 0),
        (date(2025, 12, 31), 60, 1),
        (None, 60, 1),
    ],
)
def test_silence_about_the_band_is_not_cheaper_than_an_answer(year, confirmed_on, days, raised):
    membership = member(confirmed_on)

    assert actions.raise_due(at=NEW_YEAR + days * DAY) == raised

    invoices = Invoice.objects.filter(membership=membership)
    assert list(invoices.values_list("band", "band_confirmed_on")) == [("to_2_5m", confirmed_on)] * raised


def test_without_any_band_nothing_is_guessed(year):
    member(revenue_band="")

    assert actions.raise_due(at=NEW_YEAR + 300 * DAY) == 0


def test_nothing_is_raised_before_its_day_nor_before_a_first_year_is_open(at, year):
    member()
    with pytest.raises(Refused) as refused:
        actions.raise_invoices(year_id=year.pk, actor=SYSTEM, at=NEW_YEAR - timedelta(hours=7))
    assert (refused.value.code, raise_invoices()) == ("too_early", 0)

    FeeYear.objects.all().delete()

    assert (actions.raise_due(at=NEW_YEAR), Invoice.objects.count()) == (0, 0)


def test_years_follow_each_other_with_the_same_distances_also_after_an_outage(at):
    actions.open_year(year=2027, invoices_on=date(2026, 12, 1), unconfirmed_days=30, actor=SYSTEM, at=at)
    membership = member()

    raised = actions.raise_due(at=datetime(2028, 3, 1, tzinfo=UTC))

    years = FeeYear.objects.order_by("year").values_list("year", "invoices_on", "unconfirmed_days")
    assert list(years) == [(2027, date(2026, 12, 1), 30), (2028, date(2027, 12, 1), 30)]
    assert raised == 2
    assert list(Invoice.objects.filter(membership=membership).order_by("year").values_list("year", flat=True)) == [
        2027,
        2028,
    ]


def test_the_first_year_is_the_one_after_the_start_and_a_year_opens_once(at):
    assert [actions.open_first(actor=SYSTEM, at=at) for _ in range(2)] == [1, 0]

    with pytest.raises(Refused) as refused:
        actions.open_year(year=2027, actor=SYSTEM, at=at)
    with pytest.raises(Invalid):
        actions.open_year(year=2029, invoices_on=date(2030, 1, 1), actor=SYSTEM, at=at)

    assert refused.value.code == "year_open"
    assert list(FeeYear.objects.values_list("year", "invoices_on")) == [(2027, date(2027, 1, 1))]


def test_reductions_of_one_association_never_overlap_and_the_best_counts(at):
    company = member().company
    given = {"company_id": company.pk, "actor": SYSTEM, "at": at}
    ended = actions.grant_reduction(code="pata", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31), **given)
    for code, day, refusal in (("pata", date(2025, 6, 1), "reduction_open"), ("nobody", date(2026, 1, 1), "invalid")):
        with pytest.raises((Refused, Invalid)) as refused:
            actions.grant_reduction(code=code, valid_from=day, **given)
        assert refused.value.code == refusal
    row = actions.grant_reduction(code="pata", valid_from=date(2026, 1, 1), **given)

    assert actions.issue_invoice(
        membership_id=company.memberships.get().pk, year=2026, actor=SYSTEM, at=at
    ).amount_eur == (Decimal(225))
    actions.end_reduction(reduction_id=row.pk, last_day=date(2026, 11, 21), actor=SYSTEM, at=at)

    assert actions.issue_invoice(
        membership_id=company.memberships.get().pk, year=2027, actor=SYSTEM, at=at
    ).amount_eur == (Decimal(300))
    with pytest.raises(Invalid):
        actions.end_reduction(reduction_id=ended.pk, last_day=date(2024, 12, 31), actor=SYSTEM, at=at)
