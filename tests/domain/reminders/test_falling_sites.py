"""A site falls under its target on the day of which coverage says so, whatever its book."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from codesign.companies.models import HeadCount, Site
from codesign.reminders.sources import SOURCES
from codesign.training.figures import coverage, target_on
from codesign.training.models import StatusTile
from members.scope import Role
from tests.factories import training
from tests.factories.companies import make_scope

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRETARIAT = make_scope(Role.SECRETARIAT)
FALLS = next(clause for clause in SOURCES["site_below_target"].clauses if clause.code == "falls")


def book(random: Random) -> list[Site]:
    """Four sites: people trained, in grace and never trained; head counts end, one site closes, the target falls."""
    training.make_requirement(target_share="0.80")
    training.make_requirement(target_share="0.60", effective_from=date(2027, 6, 1))
    course, first = training.make_course(), training.make_workplace(heads=None)
    sites = [first, *(training.make_workplace(first.company, name=f"Site {n}", heads=None) for n in range(3))]
    for site in sites:
        for _ in range(random.randint(3, 6)):
            started = {"hired_on": date(2026, random.randint(5, 11), 1)} if random.random() < 0.3 else {}
            person = training.make_staff(site, **started)
            if random.random() < 0.8:
                training.make_completion(
                    person, course=course, on=date(2026, 11, random.randint(1, 4)) - random.randint(0, 500) * DAY
                )
        if random.random() < 0.7:
            ends = random.choice([None, date(2027, random.randint(1, 12), 28)])
            HeadCount.objects.create(
                site=site,
                staff_count=random.randint(2, 9),
                valid_from=date(2026, 1, 1),
                valid_until=ends,
                recorded_at=training.AT,
            )
    Site.objects.filter(pk=sites[-1].pk).update(closed_on=date(2027, random.randint(1, 12), 5))
    return sites


@pytest.mark.parametrize("seed", range(6))
def test_a_site_falls_on_the_days_on_which_coverage_begins_to_miss_the_target(seed: int) -> None:
    book(Random(seed))
    turning = SOURCES["site_below_target"].rows
    said = set(turning.filter(FALLS.holds(training.AT)).values_list("site", "first_day"))

    counted = set()
    for site, day in set(turning.values_list("site", "first_day")):
        misses = []
        for on in (day - DAY, day):
            (figure,) = coverage(SECRETARIAT, on=on, site=site)
            misses.append(bool(figure.is_below(target_on(on))))
        if misses == [False, True]:
            counted.add((site, day))

    assert said == counted
    assert said
    assert StatusTile.objects.filter(status="in_grace").exists()
