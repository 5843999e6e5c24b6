"""A preview says what publishing then does: the statement and the statuses of the register agree."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from codesign.training import figures, previews, tallies
from codesign.training.actions import tiles
from codesign.training.models import Requirement, StatusTile
from tests.factories.training import (
    AT,
    complete,
    load_default_requirements,
    make_course,
    make_hotel_company,
    make_requirement,
    make_staff,
    make_workplace,
)

pytestmark = pytest.mark.django_db
ON = date(2027, 3, 1)
# Days whose months clamp, and those around the window's half year.
DAYS = [date(2026, 8, 31), date(2026, 6, 30), date(2026, 7, 1), date(2025, 2, 28), date(2026, 2, 28), date(2025, 9, 30)]


@pytest.fixture
def book():
    """Two companies, forty people of any kind, some moved on, some about to leave."""
    load_default_requirements()
    make_requirement(role="driver", country_id="NL", validity_months=6, effective_from=date(2026, 1, 1))
    dice = Random(5)
    courses = make_course(), make_course(kind="refresher")
    for _ in range(2):
        company = make_hotel_company()
        sites = [make_workplace(company, country_id=country, heads=14) for country in ("BE", "NL")]
        for number in range(20):
            hired = date(2026, 11, 22) - timedelta(days=dice.choice([0, 5, 30, 900]))
            person = make_staff(
                sites[number % 2],
                role=dice.choice(["driver", "front_desk", "management"]),
                employment=dice.choice(["regular", "seasonal"]),
                hired_on=hired,
                left_on=dice.choice([None, None, date(2027, 4, 30)]),
            )
            for course in courses:
                if days := dice.sample(DAYS, dice.choice([0, 1, 2])):
                    complete(person, course, *days)


RULES = [
    {"validity_months": 6},
    {"validity_months": 12, "refresher_months": 0, "target_share": Decimal("0.50")},
    {"yearly_window": True, "role": "front_desk"},
    {"country_id": "NL", "validity_months": 36, "refresher_months": 24, "grace_days": 0},
    {"role": "driver", "validity_months": 1, "grace_days": 200, "seasonal_grace_days": 200},
    {"role": "driver", "country_id": "NL", "validity_months": 24},
]


@pytest.mark.parametrize("values", RULES, ids=lambda values: ",".join(map(str, values.values())))
def test_it_says_what_publishing_does(book, values):
    rule = Requirement(effective_from=ON, **values)
    before = statuses()
    companies = {figure.key: figure for figure in tallies.coverage_by_company(on=ON)}
    target = figures.target_on(ON)

    with CaptureQueriesContext(connection) as queries:
        found = previews.preview(rule)

    assert len(queries) == 5
    Requirement.objects.create(effective_from=ON, published_at=AT, created_at=AT, **values)
    tiles.recount()
    after = statuses()
    concerned = {key for key, (role, country, _) in before.items() if is_for(values, role, country)}
    assert sum((effect.before for effect in found.roles), Counter()) == Counter(before[key][2] for key in concerned)
    assert sum((effect.after for effect in found.roles), Counter()) == Counter(after[key][2] for key in concerned)
    new_target = figures.target_on(ON)
    then = {figure.key: figure for figure in tallies.coverage_by_company(on=ON)}
    dropped = {
        key for key, figure in companies.items() if not figure.is_below(target) and then[key].is_below(new_target)
    }
    assert {effect.company_id for effect in found.dropping} == dropped
    assert all(effect.after == then[effect.company_id] for effect in found.dropping)
    transaction.set_rollback(True)


def test_who_lapses_when(book):
    rule = Requirement(effective_from=ON, validity_months=12)
    by_now = {row.staff_member_id: row for row in StatusTile.objects.on(ON).filter(status="valid")}

    found = previews.preview(rule)

    Requirement.objects.create(effective_from=ON, published_at=AT, created_at=AT, validity_months=12)
    tiles.recount()
    expected = Counter()
    for key, was in by_now.items():
        valid = (
            StatusTile.objects.filter(staff_member=key, status="valid", last_day__gte=ON).order_by("first_day").first()
        )
        lapse = valid.last_day + timedelta(days=1) if valid and valid.first_day <= ON else ON
        if StatusTile.objects.filter(staff_member=key, first_day__lte=lapse, last_day__gte=lapse).exists():
            expected[lapse.replace(day=1)] += lapse <= was.last_day
    assert sum((effect.lapsing for effect in found.roles), Counter()) == +expected
    transaction.set_rollback(True)


def statuses():
    rows = StatusTile.objects.on(ON).values_list("staff_member", "role", "site__country", "status")
    return {key: (role, country, status) for key, role, country, status in rows}


def is_for(values, role, country):
    """Whether no more specific rule comes first."""
    if values.get("role", role) != role or values.get("country_id", country) != country:
        return False
    rank = 2 * ("role" in values) + ("country_id" in values)
    others = Requirement.objects.filter(role__in=["", role], effective_from__lte=ON).exclude(effective_from=ON)
    return not any(
        2 * bool(row.role) + bool(row.country_id) > rank for row in others if row.country_id in {None, country}
    )
