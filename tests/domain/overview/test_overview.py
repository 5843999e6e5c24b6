"""Kept rows of the company list: right at any moment, whatever changes by whatever path."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from codesign.api.company_rows import CompanyRow
from codesign.companies.models import CodeMembership, Company, CompanyTouch, FormerOwnership, HeadCount, Site
from codesign.criteria.models import PlanAction
from codesign.fees.models import Invoice, Waiver
from codesign.overview import actions, constraints, figures
from codesign.overview.models import CompanyOverview
from codesign.reporting.models import Report, ReportingYear, ReportMove, ReportObligation
from codesign.tasks import count_overviews
from codesign.training.models import Requirement, StatusTile
from members.organisations.models import Organisation
from registry.kernel.api.hot import shape_of
from registry.kernel.compiled import Compiled
from tests.factories.companies import AT, EARLIER, make_company, make_membership, make_site
from tests.factories.criteria import make_plan_action
from tests.factories.reporting import make_year
from tests.factories.training import make_requirement, make_staff

ON = date(2026, 11, 22)
SHAPE = shape_of(CompanyRow)


@pytest.fixture(autouse=True)
def triggers(db: None) -> None:
    """As the migrations make them; again does nothing."""
    with connection.cursor() as cursor:
        for statement in (*constraints.statements(connection.vendor), *constraints.later(connection.vendor)):
            cursor.execute(statement)


@pytest.fixture
def book() -> Company:
    """A member with something in every table that the list shows, and two that nothing touches."""
    make_requirement()
    year = make_year(2025)
    other = make_membership()
    membership = make_membership(representative=make_membership().company.organisation)
    company = membership.company
    site = make_site(company=company, staff=12)
    sold = make_site(company=other.company, owned_since=date(2026, 7, 1))
    FormerOwnership.objects.create(site=sold, company=company, valid_until=date(2026, 6, 30), recorded_at=EARLIER)
    make_staff(site)
    make_plan_action(membership=membership)
    report = Report.objects.create(company=company, membership=membership, reporting_year=year, created_at=AT)
    moved = {"version": 1, "move": "submit", "from_state": "draft", "to_state": "submitted", "actor_label": "editor"}
    ReportMove.objects.create(report=report, at=EARLIER, moved_on=EARLIER.date(), **moved)
    days = {"due_on": ON, "created_at": AT}
    obliged = {"company": company, "lapses_on": ON, **days}
    ReportObligation.objects.get_or_create(membership=membership, reporting_year=year, defaults=obliged)
    fee = {"year": 2026, "band": "to_2_5m", "amount_eur": 300, "issued_on": ON, **days}
    Invoice.objects.create(number="F-1", membership=membership, **fee)
    Waiver.objects.create(membership=membership, year=2025, reason_code="new", granted_on=ON, created_at=AT)
    return company


def stale() -> set[Any]:
    return set(figures.stale(Company.objects.all(), on=ON, mark=SHAPE.mark).values_list("pk", flat=True))


def _returned(report: Report) -> ReportMove:
    back = {"version": 2, "move": "return", "from_state": "submitted", "to_state": "returned", "actor_label": "officer"}
    return ReportMove.objects.create(report=report, at=AT, moved_on=ON, answer_due_on=ON, **back)


CHANGES: dict[str, Callable[[Company], Any]] = {
    "codesign_company": lambda c: Company.objects.filter(pk=c.pk).update(category="airline"),
    "codesign_site": lambda c: Site.objects.filter(company=c).update(closed_on=ON),
    "codesign_headcount": lambda c: HeadCount.objects.filter(site__company=c).update(staff_count=9),
    "codesign_codemembership": lambda c: CodeMembership.objects.filter(company=c).update(state="suspended"),
    "codesign_planaction": lambda c: PlanAction.objects.filter(membership__company=c).delete(),
    "codesign_invoice": lambda c: Invoice.objects.filter(membership__company=c).update(due_on=date(2026, 11, 1)),
    "codesign_waiver": lambda c: Waiver.objects.filter(membership__company=c).delete(),
    "codesign_report": lambda c: Report.objects.filter(company=c).update(state="submitted"),
    "codesign_reportmove": lambda c: _returned(Report.objects.get(company=c)),
    "codesign_reportobligation": lambda c: ReportObligation.objects.filter(company=c).update(due_on=EARLIER.date()),
    "codesign_formerownership": lambda c: FormerOwnership.objects.filter(company=c).update(superseded_at=AT),
    "codesign_statustile": lambda c: StatusTile.objects.filter(company=c).update(status="valid"),
    "members_organisation": lambda c: Organisation.objects.filter(pk=c.pk).update(name="Hotel Fictif Neu"),
}
OF_ALL: dict[str, Callable[[], Any]] = {
    "codesign_requirement": lambda: Requirement.objects.update(target_share=Decimal("0.10")),
    "codesign_reportingyear": lambda: ReportingYear.objects.update(lapse_days=30),
}


def test_every_table_that_a_row_reads_touches_it():
    shown = figures.live(Company.objects.with_current(), on=ON).values_list(*SHAPE.plan.columns, *figures.FILTERED)

    read = set(re.findall(r'"((?:codesign|members)_[a-z]+)"', Compiled(shown).sql))

    assert read == set(constraints.SHOWN) == set(CHANGES) | set(OF_ALL)


@pytest.mark.parametrize("table", sorted(CHANGES))
def test_a_change_makes_that_company_stale_and_no_other(book, table):
    assert count_overviews() == 3
    assert stale() == set()

    CHANGES[table](book)

    assert stale() == {book.pk}
    assert count_overviews() == 1
    assert (stale(), CompanyTouch.objects.count()) == (set(), 0)


@pytest.mark.parametrize("table", sorted(OF_ALL))
def test_a_rule_makes_every_company_stale(book, table):
    count_overviews()

    OF_ALL[table]()

    assert stale() == set(Company.objects.values_list("pk", flat=True))
    assert count_overviews() == 3
    assert (stale(), CompanyTouch.objects.count()) == (set(), 0)


def test_a_renamed_representative_makes_its_companies_stale(book):
    count_overviews()
    representative = CodeMembership.objects.get(company=book).representative

    Organisation.objects.filter(pk=representative.pk).update(name="Fictif Neu")

    assert stale() == {book.pk, representative.pk}


def test_yesterdays_rows_and_those_of_another_declaration_are_stale(book):
    count_overviews()

    CompanyOverview.objects.filter(pk=book.pk).update(counted_on=date(2026, 11, 21))
    assert stale() == {book.pk}
    CompanyOverview.objects.filter(pk=book.pk).update(counted_on=ON, shown_as="other")
    assert stale() == {book.pk}


def test_what_is_committed_while_rows_are_made_stays_stale(book):
    CHANGES["codesign_company"](book)
    made = []

    def texts(raw: list[tuple[Any, ...]]) -> list[str]:
        made.extend(raw)
        CHANGES["codesign_site"](book)  # between the reading and the writing of the chunk
        return SHAPE.texts(raw)

    actions.refresh(on=ON, columns=SHAPE.plan.columns, texts=texts, mark=SHAPE.mark)

    assert len(made) == 3
    # SQLite names a company once; there no other writer can come in between at all.
    assert stale() == ({book.pk} if connection.vendor == "postgresql" else set())


def test_counting_everything_anew_finds_no_difference(book):
    count_overviews()
    CHANGES["codesign_report"](book)

    differing = actions.recount(on=ON, columns=SHAPE.plan.columns, texts=SHAPE.texts, mark=SHAPE.mark)

    assert (differing, stale()) == (0, set())


def test_a_company_that_is_gone_leaves_nothing_in_the_log(book):
    lonely = make_company()
    count_overviews()
    lonely.delete()

    count_overviews()

    assert CompanyTouch.objects.count() == 0
    assert CompanyOverview.objects.count() == 3


def test_the_figures_of_one_company_list_no_table_first(book):
    """What a list shows of a row that is not fresh is looked up by key: SQLite would list every membership and site."""
    rows = figures.live(Company.objects.filter(pk=book.pk).with_current(), on=ON)

    assert re.findall(r"(?<!CORRELATED )LIST SUBQUERY", rows.explain()) == []
