"""A group's report: who is in it, how its sites add up, and how its slices are decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from codesign.companies.models import FormerOwnership, ReportsThrough
from codesign.reporting import actions, totals
from codesign.reporting.models import Contribution, Report, ReportSlice, SiteAnswer, SiteReturn
from codesign.reporting.sites import companies_of, sites_of
from members.organisations.models import Parentage
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, Refused
from tests.factories.companies import make_company, make_site
from tests.factories.reporting import (
    GROUP_ANSWERS,
    OPENED_AT,
    answer_site,
    make_group,
    make_member,
    make_submitted_group,
    make_year,
    returns_of,
)

pytestmark = pytest.mark.django_db

SECRETARIAT = Scope(day=OPENED_AT.date(), hats=(Hat(role=Role.SECRETARIAT),), label="secretariat")


def officer(country: str) -> Scope:
    hat = Hat(role=Role.LCR, countries=frozenset({country}))
    return Scope(day=OPENED_AT.date(), hats=(hat,), label=f"lcr {country}")


def answer(report: Report, section: str, at: datetime = OPENED_AT, **answers):
    return actions.answer_section(
        report_id=report.pk, section=section, answers=answers, expected_version=None, actor=SYSTEM, at=at
    )


def added_up(report: Report) -> dict[str, tuple]:
    found = totals.totals_of(report.pk)
    return {row.code: (row.value, row.sites_answering, row.sites_in_scope) for row in totals.whole(found)}


def decide(move, report: Report, country: str, actor: Scope = SECRETARIAT, **more):
    row = ReportSlice.objects.get(report=report, country=country)
    return move(slice_id=row.pk, expected_version=None, actor=actor, at=OPENED_AT, **more)


def states(report: Report) -> dict[str, str]:
    return dict(ReportSlice.objects.filter(report=report).order_by("country").values_list("country", "state"))


def test_a_group_reports_for_its_tree_of_the_last_day_but_for_whoever_reports_itself():
    group, sold, member, below = make_member(), make_company(), make_member(), make_company()
    hotels = [make_company() for _ in range(2)]

    def owns(parent, child, since=date(2020, 1, 1), until=None):
        Parentage.objects.create(
            parent_id=parent.pk, child_id=child.pk, valid_from=since, valid_until=until, recorded_at=OPENED_AT
        )

    owns(group.company, hotels[0])
    owns(group.company, hotels[1], since=date(2025, 11, 1))
    owns(group.company, sold, until=date(2025, 6, 30))
    owns(group.company, member.company)
    owns(member.company, below)

    assert companies_of(group.company_id, 2025) == {group.company_id, hotels[0].pk, hotels[1].pk}
    assert companies_of(group.company_id, 2024) == {group.company_id, hotels[0].pk, sold.pk}
    assert companies_of(member.company_id, 2025) == {member.company_id, below.pk}


def test_who_reports_through_another_and_what_was_sold_go_where_they_were_on_the_last_day():
    group, unit, buyer = make_member(), make_member(), make_member()
    ReportsThrough.objects.create(
        company=unit.company, through=group.company, valid_from=date(2025, 3, 1), recorded_at=OPENED_AT
    )
    own, sold = make_site(company=unit.company), make_site(company=buyer.company)
    # Sold in January 2026: on the last day of 2025 it was still the group's.
    FormerOwnership.objects.create(
        site=sold, company=group.company, valid_until=date(2026, 1, 31), recorded_at=OPENED_AT
    )

    def sites(member, year: int) -> set:
        return set(sites_of(member.company_id, year).values_list("pk", flat=True))

    assert (sites(group, 2025), sites(buyer, 2025)) == ({own.pk, sold.pk}, set())
    assert (sites(group, 2024), sites(unit, 2024)) == ({sold.pk}, {own.pk})
    assert (sites(group, 2026), sites(buyer, 2026)) == ({own.pk}, {sold.pk})


def test_a_site_stands_in_one_report_a_year_whoever_owns_or_brands_it():
    brand = make_group("BE", "NL")
    owner = make_member()
    franchise = SiteReturn.objects.filter(report=brand).first().site
    Parentage.objects.create(parent_id=owner.company_id, child_id=franchise.company_id, recorded_at=OPENED_AT)
    closed = make_site(company=owner.company, closed_on=date(2025, 8, 1))
    opened = make_site(company=owner.company, opened_on=date(2026, 1, 2))
    own = make_site(company=owner.company)

    report = actions.create(company_id=owner.company_id, year=2025, by_site=True, actor=SYSTEM, at=OPENED_AT)

    assert set(SiteReturn.objects.filter(report=report).values_list("site", flat=True)) == {own.pk}
    assert SiteReturn.objects.filter(site=franchise).count() == 1
    assert not SiteReturn.objects.filter(site__in=[closed, opened]).exists()


def test_one_country_is_answered_by_the_company_unless_it_asks_its_sites():
    member = make_member()
    for _ in range(2):
        make_site(company=member.company)
    make_year(2025, version=2)
    report = actions.create(company_id=member.company_id, year=2025, actor=SYSTEM, at=OPENED_AT)
    assert (report.is_by_site, report.site_returns.count()) == (False, 0)

    report = actions.open_returns(report_id=report.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)
    again = actions.open_returns(report_id=report.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)

    assert (report.is_by_site, report.site_returns.count(), again.version) == (True, 2, report.version)


def test_missing_is_unknown_and_every_total_says_who_stands_behind_it():
    report = make_group("BE", "NL", sites=2)
    sites = returns_of(report)
    answer_site(sites["BE 0"], staff_total=10, staff_trained=4)
    answer_site(sites["BE 1"], staff_total=0)
    answer_site(sites["NL 0"], staff_total=7, staff_trained=7)

    found = totals.totals_of(report.pk)

    assert added_up(report)["staff_total"] == (17, 3, 4)
    assert added_up(report)["staff_trained"] == (11, 2, 4)
    assert added_up(report)["travellers_informed"] == (None, 0, 4)
    trained = {row.country: (row.value, row.base_value, row.base) for row in found if row.code == "staff_trained"}
    # The share is taken over the sites that answered both.
    assert trained == {"BE": (4, 4, 10), "NL": (7, 7, 7)}


def test_answers_cascade_from_the_group_with_exceptions_per_site():
    report = make_group("BE", "NL", sites=2)
    sites = returns_of(report)
    assert added_up(report)["has_procedure"] == (None, 0, 4)
    answer_site(sites["NL 1"], "criterion-1", has_procedure=False)
    assert added_up(report)["has_procedure"] == (0, 1, 4)

    answer(report, "criterion-1", has_procedure=True)
    assert added_up(report)["has_procedure"] == (3, 4, 4)

    answer_site(sites["NL 1"], "criterion-1", has_procedure=None)
    assert added_up(report)["has_procedure"] == (4, 4, 4)


def test_a_companys_system_sends_a_table_and_the_same_again_changes_nothing():
    report = make_group("BE", "NL")
    ids = {name: str(row.site_id) for name, row in returns_of(report).items()}
    table = {ids["BE 0"]: 10, ids["NL 0"]: 20}

    first = answer(report, "criterion-2", staff_total=table)
    before = (AuditEvent.objects.count(), list(SiteAnswer.objects.order_by("pk").values()))
    again = answer(report, "criterion-2", staff_total=table, at=datetime(2026, 2, 1, tzinfo=UTC))

    assert added_up(report)["staff_total"] == (30, 2, 2)
    assert (first.version, again.version) == (2, 2)
    assert (AuditEvent.objects.count(), list(SiteAnswer.objects.order_by("pk").values())) == before


def test_a_table_with_a_foreign_site_keeps_nothing():
    report, other = make_group("BE", "NL"), make_group("BE", "NL")
    own = str(returns_of(report)["BE 0"].site_id)
    foreign = str(returns_of(other)["BE 0"].site_id)

    with pytest.raises(Invalid) as refusal:
        answer(report, "criterion-2", staff_total={own: 10, foreign: 5}, staff_trained=7)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        (f"/answers/staff_total/{foreign}", "unknown_site"),
        ("/answers/staff_trained", "wrong_type"),
    ]
    assert SiteAnswer.objects.count() == 0


def test_the_last_of_the_slices_accepts_the_report_and_what_it_adds_is_the_sum_of_them():
    report = make_submitted_group("BE", "NL", "FR", sites=2)
    assert states(report) == {"BE": "submitted", "FR": "submitted", "NL": "submitted"}
    with pytest.raises(Refused) as refusal:
        actions.accept(report_id=report.pk, expected_version=None, actor=SECRETARIAT, at=OPENED_AT)
    assert refusal.value.code == "decided_by_slice"

    for country in ("NL", "FR", "BE"):
        report.refresh_from_db()
        assert (report.state, Contribution.objects.count()) == ("submitted", 0)
        decide(actions.accept_slice, report, country, officer(country))

    report.refresh_from_db()
    assert report.state == "accepted"
    rows = Contribution.objects.filter(indicator_code="staff_trained").order_by("country")
    shown = list(rows.values_list("country", "value", "part", "whole", "sites_in_scope", "sites_answering"))
    assert shown == [(country, 7, 7, 10, 2, 1) for country in ("BE", "FR", "NL")]
    assert sum(row[1] for row in shown) == added_up(report)["staff_trained"][0]


def test_a_returned_slice_opens_its_own_sites_and_nobody_elses():
    report = make_submitted_group("BE", "NL")
    decide(actions.accept_slice, report, "BE", officer("BE"))

    decide(actions.return_slice, report, "NL", officer("NL"), comments={"staff_total": "With the seasonal staff?"})

    report.refresh_from_db()
    assert (report.state, states(report)) == ("returned", {"BE": "accepted", "NL": "returned"})
    sites = returns_of(report)
    assert (sites["NL 0"].state, sites["NL 0"].comments) == ("returned", {"staff_total": "With the seasonal staff?"})
    answer_site(sites["NL 0"], staff_total=12)
    for attempt in (
        lambda: answer_site(sites["BE 0"], staff_total=12),
        lambda: answer(report, "criterion-5", stakeholder_actions=9),
    ):
        with pytest.raises(Refused):
            attempt()
    assert added_up(report)["staff_total"] == (22, 2, 2)

    actions.submit(report_id=report.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)
    assert states(report) == {"BE": "accepted", "NL": "submitted"}
    decide(actions.accept_slice, report, "NL", officer("NL"))
    assert Report.objects.get().state == "accepted"


def test_a_slice_silent_for_30_days_passes_to_the_lead():
    report = make_submitted_group("BE", "NL", "PT")
    day = OPENED_AT.replace(month=1, day=31, hour=20)
    before = AuditEvent.objects.count()
    assert actions.pass_silent(at=day) == 0

    assert [actions.pass_silent(at=day.replace(month=2, day=1)) for _ in range(2)] == [2, 0]

    assert AuditEvent.objects.count() == before + 2
    with pytest.raises(Forbidden) as refusal:
        decide(actions.accept_slice, report, "NL", officer("NL"))
    assert refusal.value.code == "not_your_slice"
    decide(actions.accept_slice, report, "NL", officer("BE"))
    # A country without a representative is the secretariat's from the start.
    decide(actions.accept_slice, report, "PT", SECRETARIAT)
    assert states(report) == {"BE": "submitted", "NL": "accepted", "PT": "accepted"}


@pytest.mark.parametrize("country", ["NL", "FR"])
def test_nobody_decides_on_a_foreign_slice_or_their_own_organisation(country):
    report = make_submitted_group("BE", "NL")
    hat = Hat(role=Role.LCR, countries=frozenset({"BE"}), organisation_ids=frozenset({report.company_id}))
    own = Scope(day=OPENED_AT.date(), hats=(hat,), label="own")

    for actor in (officer(country), own):
        with pytest.raises(Forbidden):
            decide(actions.accept_slice, report, "BE", actor)
    assert states(report) == {"BE": "submitted", "NL": "submitted"}


def test_a_snapshot_holds_the_sites_and_their_totals():
    report = make_submitted_group("BE", "NL")

    content = report.snapshots.get().content

    assert [(site["name"], site["answers"]) for site in content["sites"]] == [
        ("BE 0", {"staff_total": 10, "staff_trained": 7}),
        ("NL 0", {"staff_total": 10, "staff_trained": 7}),
    ]
    policy = [row for row in content["totals"] if row["code"] == "has_policy"]
    assert [(row["country"], row["value"], row["sites_answering"]) for row in policy] == [
        ("BE", "1", 1),
        ("NL", "1", 1),
    ]
    answered = {row["code"]: row["value"] for row in content["answers"]}
    assert (answered["sites_in_scope"], answered["sites_answering"]) == (2, 2)
    assert answered["passed_on"] == GROUP_ANSWERS["passed-on"]["passed_on"]


def test_the_number_of_statements_does_not_grow_with_the_sites(django_assert_max_num_queries):
    report = make_group("BE", "NL", sites=30)
    table = {str(row.site_id): 5 for row in returns_of(report).values()}

    with django_assert_max_num_queries(30):
        answer(report, "criterion-2", staff_total=table)
    with django_assert_max_num_queries(5):
        assert added_up(report)["staff_total"] == (Decimal(300), 60, 60)
