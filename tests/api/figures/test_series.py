"""A figure over many days at once says what reading each day says, in as many queries for five days as for fifty."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codesign.companies.models import HeadCount
from tests.factories.training import AT, complete, make_course, make_requirement, make_staff, make_workplace

pytestmark = pytest.mark.django_db
FROM, TO = "2024-12-31", "2027-11-30"


@pytest.fixture
def staff(db: None) -> None:
    """Two countries: people who come, leave, lapse and are in grace; a small site, a closed one, heads that change."""
    make_requirement()
    course = make_course()
    large = make_workplace(heads=9)
    HeadCount.objects.filter(site=large).update(valid_until=date(2026, 3, 31))
    HeadCount.objects.create(site=large, staff_count=6, valid_from=date(2026, 4, 1), recorded_at=AT)
    sites = [large, make_workplace(heads=2), make_workplace(country_id="NL"), make_workplace(heads=7)]
    sites[3].closed_on = date(2025, 6, 30)
    sites[3].save(update_fields=["closed_on"])
    for place, (site, people) in enumerate(zip(sites, (7, 2, 6, 0), strict=True)):
        for number in range(people):
            hired = date(2024 + number % 3, 1 + place, 1 + 4 * number)
            person = make_staff(site, hired_on=hired, left_on=date(2027, 2, 28) if number == 1 else None)
            if number % 3:
                complete(person, course, date(2026, 1 + number, 10))
            elif number:
                complete(person, course, date(2024, 10 + number % 3, 10))
    make_staff(large, hired_on=date(2026, 5, 2), left_on=date(2026, 5, 20))  # between two days of the series


@pytest.mark.parametrize("role", ["secretariat", "lcr", "evaluator"])
def test_coverage_over_time_is_coverage_read_on_each_day(client_for: Any, staff: None, role: str) -> None:
    caller = client_for(role, **({"country": "BE"} if role == "lcr" else {}))
    path = "figures/training-coverage/"

    answer = caller.get(path, by="country", to=TO, step="quarter", **{"from": FROM}).json()

    assert len(answer["points"]) == 12
    for point in answer["points"]:
        day = caller.get(path, by="country", valid_on=point["as_of"]).json()
        assert point == {name: day[name] for name in ("as_of", "rows", "total")}
    if role == "secretariat":
        assert len({point["total"]["value"] for point in answer["points"]}) > 4
        assert {row["by"]["country"] for row in answer["points"][-1]["rows"]} == {"BE", "NL"}


def test_more_days_ask_nothing_more(secretariat: Any, staff: None) -> None:
    def queries(step: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = secretariat.get("figures/training-coverage/", by="country", to=TO, step=step, **{"from": FROM})
        assert answer.status_code == 200
        return len(seen)

    queries("year")  # what is kept in memory is read once

    assert queries("month") == queries("year")
