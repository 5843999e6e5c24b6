"""Random histories: the register's statuses and counts against the slow reference, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codesign.training import figures
from codesign.training.actions import staff, tiles
from codesign.training.models import StatusTile
from codesign.training.rules import DAY, Post, Rule, Rulebook
from codesign.training.rules import tiles as tiles_of
from registry.kernel.calendar import LATEST
from tests.domain.training.reference import Demand, Life, Work, percent_on, status_on, totals_on
from tests.factories.training import (
    complete,
    editor_of,
    make_course,
    make_hotel_company,
    make_requirement,
    make_staff,
    make_workplace,
)

FIRST, LAST = date(2022, 1, 1), date(2026, 11, 22)
days = st.dates(FIRST, LAST)
# Ends of months, where clamping shows, more often than chance would bring them.
ends = st.builds(lambda month: month.replace(day=1) - timedelta(days=1), st.dates(date(2022, 2, 1), LAST))
countries, roles = st.sampled_from(["BE", "NL"]), st.sampled_from(["driver", "other"])
demands = st.builds(
    Demand,
    effective_from=st.sampled_from([date(1900, 1, 1), date(2023, 7, 1), date(2025, 1, 1)]),
    role=st.sampled_from(["", "", "driver"]),
    country=st.sampled_from(["", "", "BE"]),
    validity_months=st.sampled_from([1, 6, 12, 24]),
    refresher_months=st.sampled_from([0, 6, 12]),
    grace_days=st.sampled_from([0, 30, 90]),
    seasonal_grace_days=st.sampled_from([0, 14]),
    yearly_window=st.booleans(),
)


rule_lists = st.lists(demands, min_size=1, max_size=4, unique_by=lambda d: (d.effective_from, d.role, d.country))


@st.composite
def lives(draw: Any) -> Life:
    """One person: hired, perhaps moved, perhaps gone; with trainings before, during and after."""
    hired = draw(days)
    employment = draw(st.sampled_from(["regular", "seasonal", "agency"]))
    first = Work(draw(countries), draw(roles), employment, hired, hired)
    work = [first]
    moved = draw(st.none() | days)
    if moved and moved > hired:
        first.last = moved - timedelta(days=1)
        other = "NL" if first.country == "BE" else "BE"
        work.append(Work(other, draw(roles), employment, hired, moved))
    left = draw(st.none() | days)
    if left and left >= work[-1].first:
        work[-1].last = left
    full = draw(st.lists(days | ends, max_size=4, unique=True))
    return Life(work, full, draw(st.lists(days | ends, max_size=4, unique=True)))


def _recorded(life: Life, sites: dict[str, Any], courses: tuple[Any, Any]) -> Any:
    """The same life, through the register's actions."""
    first, last = life.work[0], life.work[-1]
    person = make_staff(
        sites[first.country], role=first.role, employment=first.employment, hired_on=first.hired_on, at=_at(LAST)
    )
    actor = editor_of(person.company)
    if last is not first:
        site = sites[last.country].pk
        staff.move(staff_id=person.pk, site=site, since=last.first, role=last.role, actor=actor, at=_at(LAST))
    for course, completed in zip(courses, (life.full, life.refreshers), strict=True):
        if completed:
            complete(person, course, *completed)
    if last.last:
        staff.leave(staff_id=person.pk, left_on=last.last, actor=actor, at=_at(LAST))
    return person


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=UTC)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(life=lives(), rules=rule_lists)
def test_tiles_equal_the_reference_day_by_day(life, rules):
    book = Rulebook(Rule(**vars(rule)) for rule in rules)
    posts = [
        Post(UUID(int=work.country == "NL"), work.country, work.role, work.employment, work.hired_on, work.first, end)
        for work in life.work
        for end in [work.last or LATEST]
    ]

    found = tiles_of(posts, life.full, life.refreshers, book)

    edges = {day for tile in found for day in (tile.first_day, tile.last_day) if day < LATEST}
    for day in {near for edge in edges | set(life.full) for near in (edge - DAY, edge, edge + DAY)}:
        status = next((tile.status for tile in found if tile.first_day <= day <= tile.last_day), None)
        assert status == status_on(life, rules, day), day


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(lives(), min_size=1, max_size=6),
    rules=rule_lists,
    asked=st.lists(days | ends, min_size=1, max_size=5),
)
def test_statuses_and_counts_equal_the_reference(people, rules, asked):
    with transaction.atomic():
        for rule in rules:
            values = vars(rule) | {"country_id": rule.country or None}
            make_requirement(**{name: value for name, value in values.items() if name != "country"})
        company = make_hotel_company()
        heads = {"BE": 3, "NL": 1}
        sites = {country: make_workplace(company, country_id=country, heads=heads[country]) for country in heads}
        courses = make_course(), make_course(kind="refresher")
        known = {_recorded(life, sites, courses).pk: life for life in people}

        edges = {day + timedelta(days=n) for life in people for day in life.full for n in (365, 366)}
        for day in {*asked, *edges, LAST}:
            expected = {key: status_on(life, rules, day) for key, life in known.items()}
            found = dict(StatusTile.objects.on(day).filter(company=company).values_list("staff_member_id", "status"))
            assert found == {key: status for key, status in expected.items() if status}
            totals = totals_on(people, rules, heads, day)
            (figure,) = figures.coverage(editor_of(company), on=day)
            assert {name: getattr(figure, name) for name in totals} == totals
            assert (None if figure.share is None else int(figure.share * 100)) == percent_on(totals)
        assert tiles.recount() == 0
        transaction.set_rollback(True)
