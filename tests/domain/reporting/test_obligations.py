"""Who owes which report, until when, and how extensions move it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.reporting import actions, figures
from codesign.reporting.models import Extension, ReportingYear, ReportObligation
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Forbidden, Invalid, Refused
from tests.factories.reporting import ANSWERS, OPENED_AT, make_complete_report, make_member, make_year

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 31)
SECRETARIAT = Scope(day=OPENED_AT.date(), hats=(Hat(role=Role.SECRETARIAT),), label="secretariat")


def owed() -> dict:
    rows = ReportObligation.objects.order_by("due_on", "pk")
    return {row.membership_id: (row.due_on, row.lapses_on) for row in rows}


def test_a_year_is_owed_by_members_of_its_whole_calendar_year_alone():
    since_new_year = make_member(member_since=date(2025, 1, 1))
    suspended = make_member(state=MembershipState.SUSPENDED)
    make_member(member_since=date(2025, 1, 2))
    make_member(state=MembershipState.RECORDED, member_since=date(2015, 1, 1))
    make_member(state=MembershipState.APPROVED, member_since=None)
    make_member(state=MembershipState.RESIGNED, ended_on=date(2025, 12, 31))
    make_member(category="association")

    year = make_year(2025)

    assert (year.opens_on, year.due_on) == (date(2026, 1, 1), DUE)
    assert owed() == {row.pk: (DUE, date(2026, 6, 29)) for row in (since_new_year, suspended)}


def test_opening_again_adds_what_is_missing_and_nothing_twice():
    first = make_member()
    year = make_year(2025)
    second = make_member()

    again = make_year(2025, at=datetime(2026, 3, 1, tzinfo=UTC))

    assert again.pk == year.pk
    assert set(owed()) == {first.pk, second.pk}
    assert actions.open_new_obligations(at=datetime(2026, 3, 2, tzinfo=UTC)) == 0
    assert AuditEvent.objects.filter(action="reporting_years.open").count() == 1


def test_nobody_is_late_with_what_was_due_before_they_were_known():
    make_year(2025)
    known_on_the_due_day = make_member()
    actions.open_new_obligations(at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    make_member()

    assert actions.open_new_obligations(at=datetime(2026, 4, 1, 12, tzinfo=UTC)) == 0
    assert set(owed()) == {known_on_the_due_day.pk}


@pytest.mark.parametrize("year", [1899, 2027])
def test_a_year_that_has_not_begun_is_not_opened(year):
    with pytest.raises(Invalid):
        actions.open_year(year=year, actor=SYSTEM, at=OPENED_AT)
    assert ReportingYear.objects.count() == 0


def test_a_year_needs_a_published_questionnaire():
    with pytest.raises(Refused) as refusal:
        actions.open_year(year=2025, actor=SYSTEM, at=OPENED_AT)
    assert (refusal.value.code, ReportingYear.objects.count()) == ("no_questionnaire", 0)


def test_a_leap_years_report_falls_due_on_31_march_and_lapses_90_days_later():
    make_member()
    make_year(2027, at=datetime(2027, 12, 1, tzinfo=UTC))

    assert list(owed().values()) == [(date(2028, 3, 31), date(2028, 6, 29))]


def extend(year: ReportingYear, until: date, *, actor: Scope = SECRETARIAT, **target) -> Extension:
    return actions.extend(reporting_year_id=year.pk, until=until, reason="Floods", actor=actor, at=OPENED_AT, **target)


def test_the_longest_extension_counts_for_company_country_and_everyone():
    one, belgian, dutch = make_member(), make_member(), make_member(country="NL", zone="Europe/Amsterdam")
    year = make_year(2025)
    extend(year, date(2026, 4, 10))
    extend(year, date(2026, 4, 30), country_id="BE")
    extend(year, date(2026, 5, 31), company_id=one.company_id)

    assert {key: due for key, (due, _) in owed().items()} == {
        one.pk: date(2026, 5, 31),
        belgian.pk: date(2026, 4, 30),
        dutch.pk: date(2026, 4, 10),
    }
    assert {lapse - due for due, lapse in owed().values()} == {timedelta(days=90)}


def test_an_extension_reaches_obligations_that_are_written_after_it():
    year = make_year(2025)
    extend(year, date(2026, 4, 30), country_id="BE")
    late_comer = make_member()

    actions.open_new_obligations(at=datetime(2026, 4, 15, tzinfo=UTC))

    assert owed() == {late_comer.pk: (date(2026, 4, 30), date(2026, 7, 29))}


def test_a_revoked_extension_gives_its_time_back():
    member = make_member()
    year = make_year(2025)
    extend(year, date(2026, 4, 10))
    longer = extend(year, date(2026, 5, 31), company_id=member.company_id)

    actions.revoke(extension_id=longer.pk, actor=SECRETARIAT, at=OPENED_AT)

    assert owed() == {member.pk: (date(2026, 4, 10), date(2026, 7, 9))}
    with pytest.raises(Refused) as refusal:
        actions.revoke(extension_id=longer.pk, actor=SECRETARIAT, at=OPENED_AT)
    assert refusal.value.code == "extension_revoked"


@pytest.mark.parametrize("until", [DUE, date(2026, 3, 1), date(2027, 4, 1)])
def test_an_extension_ends_after_the_due_day_and_within_a_year(until):
    member = make_member()
    year = make_year(2025)

    with pytest.raises(Invalid) as refusal:
        extend(year, until, company_id=member.company_id)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/until", "out_of_range")]
    assert (Extension.objects.count(), owed()[member.pk][0]) == (0, DUE)


def test_a_representative_extends_for_a_company_that_is_not_its_own_and_nobody_else():
    member, own = make_member(), make_member()
    year = make_year(2025)
    lcr = Scope(
        day=OPENED_AT.date(),
        hats=(Hat(role=Role.LCR, organisation_id=own.company_id, countries=frozenset({"BE"})),),
    )

    extend(year, date(2026, 4, 10), actor=lcr, company_id=member.company_id)

    for target in ({}, {"country_id": "BE"}, {"company_id": own.company_id}):
        with pytest.raises(Forbidden):
            extend(year, date(2026, 5, 10), actor=lcr, **target)
    assert (owed()[member.pk][0], owed()[own.pk][0]) == (date(2026, 4, 10), DUE)


def test_a_membership_that_has_ended_owes_nothing_any_more():
    member = make_member()
    make_year(2025)

    CodeMembership.objects.update(state=MembershipState.RESIGNED, ended_on=date(2026, 2, 15))

    assert figures.owed_reports(date(2026, 2, 14)).count() == 0
    assert ReportObligation.objects.owed(date(2026, 2, 14)).get().membership_id == member.pk
    assert ReportObligation.objects.owed(date(2026, 2, 15)).count() == 0


def test_owed_reports_gives_what_a_reminder_needs():
    begun = make_complete_report(membership=make_member(zone="America/Lima", country="PE"))
    make_year(2024, at=datetime(2025, 1, 2, tzinfo=UTC))

    rows = figures.owed_reports(date(2026, 3, 1)).order_by("year")

    assert list(
        rows.values_list("company_id", "year", "due_on", "zone", "country", "report_state", "fulfilled_on")
    ) == [
        (begun.company_id, 2024, date(2025, 3, 31), "America/Lima", "PE", None, None),
        (begun.company_id, 2025, DUE, "America/Lima", "PE", "draft", None),
    ]


def test_report_standing_counts_by_day():
    report = make_complete_report()
    make_year(2024, at=datetime(2025, 1, 2, tzinfo=UTC))
    make_member(member_since=date(2026, 1, 5))
    submitted_at = datetime(2026, 7, 1, tzinfo=UTC)
    actions.submit(report_id=report.pk, expected_version=None, actor=SYSTEM, at=submitted_at)

    def standing(on: date) -> list[tuple]:
        rows = figures.with_report_standing(Company.objects.order_by("created_at", "pk"), on=on)
        return list(rows.values_list("oldest_missing_due_on", "oldest_missing_lapses_on", "lapsed_reports"))

    nothing = (None, None, 0)
    assert standing(date(2024, 12, 31)) == [nothing, nothing]
    assert standing(date(2025, 1, 1)) == [(date(2025, 3, 31), date(2025, 6, 29), 0), nothing]
    assert standing(date(2025, 6, 29)) == [(date(2025, 3, 31), date(2025, 6, 29), 1), nothing]
    assert standing(date(2026, 6, 30)) == [(date(2025, 3, 31), date(2025, 6, 29), 2), nothing]
    assert standing(date(2026, 12, 1)) == [(date(2025, 3, 31), date(2025, 6, 29), 2), nothing]


def test_latest_report_is_the_newest_year_begun(django_assert_num_queries):
    report = make_complete_report()
    make_member()

    with django_assert_num_queries(1):
        rows = list(
            figures.with_latest_report(Company.objects.order_by("created_at", "pk"), on=date(2026, 2, 1)).values_list(
                "latest_report_year", "latest_report_state", "latest_report_id", "latest_report_due_on"
            )
        )

    assert sorted(rows, key=str) == sorted([(2025, "draft", report.pk, DUE), (None, None, None, None)], key=str)
    assert set(ANSWERS) == {f"criterion-{number}" for number in range(1, 7)}
