"""A hundred thousand random lives: the register's statuses against the slow reference, at every edge of every day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from codesign.training.rules import DAY, Post, Rule, Rulebook, tiles
from registry.kernel.calendar import LATEST
from tests.domain.training.reference import Demand, Life, Work, status_on

BATCHES, LIVES = 20, 5_000
FIRST, DAYS = date(2022, 1, 1), 1_800
DEMANDS = {
    "effective_from": [date(1900, 1, 1), date(2023, 7, 1), date(2025, 1, 1), date(2024, 2, 29)],
    "role": ["", "", "driver"],
    "country": ["", "", "BE"],
    "validity_months": [1, 6, 12, 18, 24],
    "refresher_months": [0, 6, 12],
    "grace_days": [0, 30, 90],
    "seasonal_grace_days": [0, 14],
    "yearly_window": [False, False, True],
}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_lives(batch: int):
    dice = Random(batch)
    for number in range(LIVES):
        life, demands = _life(dice), _demands(dice)
        book = Rulebook(Rule(**vars(demand)) for demand in demands)
        posts = [
            Post(UUID(int=n), work.country, work.role, work.employment, work.hired_on, work.first, work.last or LATEST)
            for n, work in enumerate(life.work)
        ]

        found = tiles(posts, life.full, life.refreshers, book)

        edges = {day for tile in found for day in (tile.first_day, tile.last_day) if day < LATEST}
        for day in {near for edge in edges | set(life.full) for near in (edge - DAY, edge, edge + DAY)}:
            status = next((tile.status for tile in found if tile.first_day <= day <= tile.last_day), None)
            assert status == status_on(life, demands, day), (batch, number, day, life, demands)


def _day(dice: Random) -> date:
    """Ends of months, where clamping shows, more often than chance would bring them."""
    day = FIRST + timedelta(days=dice.randrange(DAYS))
    return day.replace(day=1) - DAY if dice.random() < 0.4 else day


def _life(dice: Random) -> Life:
    """Hired, perhaps moved, perhaps gone and back; with trainings before, during and after."""
    work: list[Work] = []
    start = _day(dice)
    for _ in range(dice.choice([1, 1, 2])):
        employment, hired = dice.choice(["regular", "seasonal", "agency"]), start
        for _ in range(dice.choice([1, 1, 2, 3])):
            last = start + timedelta(days=dice.randrange(1, 600))
            work.append(
                Work(dice.choice(["BE", "NL"]), dice.choice(["driver", "other"]), employment, hired, start, last)
            )
            start = last + DAY
        start += timedelta(days=dice.randrange(1, 200))
    if dice.random() < 0.5:
        work[-1].last = None
    days = [[_day(dice) for _ in range(dice.randrange(5))] for _ in range(2)]
    return Life(work, sorted(set(days[0])), sorted(set(days[1])))


def _demands(dice: Random) -> list[Demand]:
    found = [
        Demand(**{name: dice.choice(values) for name, values in DEMANDS.items()}) for _ in range(dice.randint(1, 5))
    ]
    return list({(one.effective_from, one.role, one.country): one for one in found}.values())
