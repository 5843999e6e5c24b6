"""Kept counts say what counting everybody says, whatever changes and as the clock moves on."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codesign.companies.models import CompanyTouch, HeadCount
from codesign.tasks import count_overviews, recount_training
from codesign.training import figures, kept, tallies
from codesign.training.actions import counting, staff
from codesign.training.models import CoverageCount, CoverageDay, StaffMember
from members.scope import Hat, Role, Scope
from tests.factories.training import (
    AT,
    complete,
    editor_of,
    load_default_requirements,
    make_course,
    make_hotel_company,
    make_staff,
    make_workplace,
    scope_for,
)

pytestmark = pytest.mark.django_db
TODAY = AT.date()
ASKED = [{"by": by} for by in (None, "company", "country")]


@pytest.fixture
def book():
    """Four companies, one without staff, one in two countries; statuses that change tonight."""
    load_default_requirements()
    dice, course = Random(3), make_course()
    for number in range(3):
        company = make_hotel_company()
        for country in ("BE", "NL")[: 1 + number // 2]:
            site = make_workplace(company, country_id=country, heads=7)
            for _ in range(6):
                person = make_staff(site, hired_on=dice.choice([date(2024, 1, 1), date(2026, 8, 24), TODAY]))
                complete(
                    person, course, *dice.sample([TODAY, date(2025, 11, 22), date(2025, 11, 21)], dice.choice([0, 1]))
                )
    make_hotel_company()
    count_overviews()
    return course


def scopes():
    company = StaffMember.objects.order_by("pk").first().company
    both = Scope(
        hats=(
            Hat(role=Role.LCR, countries=frozenset({"NL"})),
            Hat(role=Role.COMPANY_EDITOR, organisation_ids=frozenset({company.pk})),
        ),
        day=TODAY,
    )
    lcr = scope_for(Role.LCR, countries=frozenset({"BE"}))
    return [
        scope_for(Role.SECRETARIAT),
        scope_for(Role.EVALUATOR),
        lcr,
        editor_of(company),
        both,
        scope_for(Role.AUDITOR),
    ]


def assert_exact(*days):
    for scope in scopes():
        company = StaffMember.objects.order_by("-pk").first().company_id
        for asked in [*ASKED, {"by": "country", "company": company}, {"by": "company", "country": "NL"}]:
            for day in days:
                values = {"company": None, "country": None, **asked}
                assert kept.coverage(scope, on=day, **values) == tallies.live(scope, on=day, **values)


def test_today_and_tomorrow_are_kept_and_other_days_counted(book):
    assert_exact(TODAY, TODAY + timedelta(days=1))

    secretariat = scope_for(Role.SECRETARIAT)
    assert kept.coverage(secretariat, on=TODAY - timedelta(days=1), by=None) is None
    assert figures.coverage(secretariat, on=TODAY) != figures.coverage(secretariat, on=TODAY + timedelta(days=1))
    assert recount_training() == 0


def test_what_has_just_changed_is_counted_live(book):
    person = StaffMember.objects.order_by("pk").first()

    complete(person, book, date(2026, 11, 20))
    staff.leave(staff_id=person.pk, left_on=TODAY, actor=editor_of(person.company), at=AT)
    HeadCount.objects.filter(site__company=person.company).update(staff_count=40)

    assert set(CompanyTouch.objects.values_list("company_id", flat=True)) == {person.company_id}
    assert counting.differing(on=TODAY) == 1
    assert_exact(TODAY, TODAY + timedelta(days=1))
    count_overviews()
    assert (CompanyTouch.objects.count(), counting.differing(on=TODAY)) == (0, 0)
    assert_exact(TODAY, TODAY + timedelta(days=1))


def test_at_midnight_tomorrows_counts_serve_and_the_next_are_made(book):
    tomorrow = TODAY + timedelta(days=1)

    made = counting.complete(on=tomorrow)

    assert made == 4
    assert set(CoverageDay.objects.values_list("day", flat=True)) == {tomorrow, tomorrow + timedelta(days=1)}
    assert set(CoverageCount.objects.values_list("counted_on", flat=True)) == {tomorrow, tomorrow + timedelta(days=1)}
    assert_exact(tomorrow)
    assert counting.complete(on=tomorrow) == 0


def test_a_kept_figure_costs_one_query(book):
    with CaptureQueriesContext(connection) as queries:
        figures.coverage(scope_for(Role.SECRETARIAT), on=TODAY, by="country")

    assert len(queries) == 1


def test_a_wrong_count_is_found_at_night(book):
    CoverageCount.objects.filter(counted_on=TODAY, in_scope__gt=0).update(valid=99)

    assert recount_training() == 3


@pytest.mark.parametrize("asked", [{"company": True, "by": "country"}, {"company": False, "by": None}])
def test_a_company_is_found_by_its_own_key_not_by_reading_all_of_the_day(book, asked):
    company = StaffMember.objects.order_by("pk").first().company
    named = company.pk if asked["company"] else None

    made = kept._counts(editor_of(company), asked["by"], named, None)
    values = {slot.value: slot.bind({"on": TODAY, "company": named}, connection) for slot in made.slots}
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{plan} {made.sql}", made.constants | values)
        steps = " ".join(str(row) for row in cursor.fetchall())

    assert "codesign_coveragecount" in steps
    assert "coverage_by_country" not in steps
