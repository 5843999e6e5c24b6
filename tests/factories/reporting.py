"""Members, years, questionnaires and reports for tests. Dates are fixed; every company is fictional."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.reporting import actions
from codesign.reporting.models import Questionnaire, Report, ReportingYear, SectionVersion, SiteReturn
from registry.kernel.audit.actor import SYSTEM
from tests.factories.companies import make_site
from tests.factories.organisations import make_organisation

# The day on which years are opened in tests: 2025 is due on 31 March 2026.
OPENED_AT = datetime(2026, 1, 2, 8, tzinfo=UTC)
QUESTIONNAIRES = Path(__file__).parents[2] / "codesign" / "data" / "questionnaires"
_numbers = count(1)

# Complete: nothing required is missing and nothing contradicts.
ANSWERS: dict[str, dict[str, Any]] = {
    "criterion-1": {"has_policy": True, "policy_date": "2024-05-01", "offers_voluntourism": False},
    "criterion-2": {"staff_total": 120, "staff_trained": 96},
    "criterion-3": {"contracts_total": 40, "contracts_with_clause": 31, "contracts_ended": 0},
    "criterion-4": {"travellers_informed": 5000, "material_languages": ["nl", "fr"]},
    "criterion-5": {"stakeholder_actions": 2},
    "criterion-6": {"sites_in_scope": 3, "sites_answering": 2, "passed_to_police": 1},
}


def first_questionnaire(version: int = 1) -> dict[str, Any]:
    """The content of a questionnaire's file: the first one, unless told otherwise."""
    return json.loads((QUESTIONNAIRES / f"{version}.json").read_text(encoding="utf-8"))


def make_questionnaire(version: int = 1, *, at: datetime = OPENED_AT, **overrides: Any) -> Questionnaire:
    """A questionnaire, published: the first one, unless told otherwise."""
    content = {**first_questionnaire(version), **overrides}
    row = actions.load_questionnaire(content=content, actor=SYSTEM, at=at)
    return actions.publish_questionnaire(version=row.version, actor=SYSTEM, at=at)


def make_year(year: int = 2025, *, at: datetime = OPENED_AT, version: int = 1) -> ReportingYear:
    """An open year with the obligations of the members that are there."""
    make_questionnaire(version, at=at)
    return actions.open_year(year=year, actor=SYSTEM, at=at)


def make_member(
    *, country: str = "BE", zone: str = "Europe/Brussels", category: str = "hotel", **overrides: Any
) -> CodeMembership:
    """An active member since 2020, with its company and organisation."""
    name = f"Hotel Fictif {next(_numbers)} (DEMO)"
    organisation = make_organisation(
        kind="company", name=name, country_id=country, zone=zone, is_demo=True, created_at=OPENED_AT
    )
    company = Company.objects.create(organisation=organisation, category=category, created_at=OPENED_AT)
    defaults = {"state": MembershipState.ACTIVE, "member_since": date(2020, 6, 1), "created_at": OPENED_AT}
    return CodeMembership.objects.create(company=company, **{**defaults, **overrides})


def make_report(
    *, membership: CodeMembership | None = None, year: int = 2025, at: datetime = OPENED_AT, answers: Any = None
) -> Report:
    """A draft for an open year; with `answers` by section filled in."""
    membership = membership or make_member()
    make_year(year)
    report = actions.create(company_id=membership.company_id, year=year, actor=SYSTEM, at=at)
    for section, values in (answers or {}).items():
        actions.answer_section(
            report_id=report.pk, section=section, answers=values, expected_version=None, actor=SYSTEM, at=at
        )
    report.refresh_from_db()
    return report


def make_complete_report(**overrides: Any) -> Report:
    """A draft that can be submitted."""
    return make_report(answers=ANSWERS, **overrides)


def section_versions(report: Report) -> dict[str, int]:
    """Version by section."""
    return dict(SectionVersion.objects.filter(report=report).order_by("section").values_list("section", "version"))


# What a chain answers itself in the second questionnaire; its sites answer the rest.
GROUP_ANSWERS: dict[str, dict[str, Any]] = {
    "criterion-1": {"has_policy": True, "policy_date": "2024-05-01", "offers_voluntourism": False},
    "criterion-3": {"contracts_total": 40, "contracts_with_clause": 31, "contracts_ended": 0},
    "criterion-4": {"material_languages": ["nl", "fr"]},
    "criterion-5": {"stakeholder_actions": 2},
    "passed-on": {"passed_on": {"police": 1, "helpline": 0}},
}


def make_group(*countries: str, sites: int = 1, year: int = 2025, at: datetime = OPENED_AT) -> Report:
    """The draft of a chain with so many sites in each country; the first is its own."""
    membership = make_member(country=countries[0], category="hotel_chain")
    for country in countries:
        for number in range(sites):
            make_site(company=membership.company, name=f"{country} {number}", country_id=country)
    make_year(year, version=2)
    return actions.create(company_id=membership.company_id, year=year, actor=SYSTEM, at=at)


def returns_of(report: Report) -> dict[str, SiteReturn]:
    """Its returns by the names of their sites."""
    return {row.site.name: row for row in SiteReturn.objects.filter(report=report).select_related("site")}


def answer_site(row: SiteReturn, section: str = "criterion-2", *, at: datetime = OPENED_AT, **answers: Any) -> None:
    """Keep what a site answers."""
    actions.answer_return(
        return_id=row.pk, section=section, answers=answers, expected_version=None, actor=SYSTEM, at=at
    )


def make_submitted_group(*countries: str, sites: int = 1, **options: Any) -> Report:
    """The report of a chain, handed in: each site has 10 people, and the first of each country 7 of them trained."""
    report = make_group(*countries, sites=sites, **options)
    for name, row in returns_of(report).items():
        trained = {"staff_trained": 7} if name.endswith(" 0") else {}
        answer_site(row, staff_total=10, **trained)
        actions.submit_return(return_id=row.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)
    for section, answers in GROUP_ANSWERS.items():
        actions.answer_section(
            report_id=report.pk, section=section, answers=answers, expected_version=None, actor=SYSTEM, at=OPENED_AT
        )
    return actions.submit(report_id=report.pk, expected_version=None, actor=SYSTEM, at=OPENED_AT)
