"""Hiding small cells: no total minus its visible parts gives one back."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from codesign.figures.rules import ROLLED, SMALLEST, Key, Table, hidden, lattice, rolled


def visible(finest: Table, dimensions: int) -> dict[Key, tuple[int, ...]]:
    out = hidden(finest, dimensions)
    return {key: counts for key, counts in lattice(finest, dimensions, 1).items() if key not in out}


@pytest.mark.parametrize(
    ("values", "hidden_keys"),
    [
        ({"BE": 10, "FR": 7}, set()),
        ({"BE": 10, "FR": 5}, set()),
        ({"BE": 10, "FR": 4}, {"BE", "FR"}),
        ({"BE": 10, "FR": 4, "NL": 7}, {"FR", "NL"}),
        ({"BE": 20, "DE": 3, "FR": 3}, {"DE", "FR"}),
        ({"BE": 20, "DE": 2, "FR": 2}, {"BE", "DE", "FR"}),
        ({"BE": 4}, {"BE", ROLLED}),
        ({}, set()),
    ],
)
def test_one_dimension(values: dict[str, int], hidden_keys: set[object]) -> None:
    finest = {(key,): (count,) for key, count in values.items()}

    assert {key for (key,) in hidden(finest, 1)} == hidden_keys


def test_the_total_stays_visible_where_it_gives_nothing_away() -> None:
    assert visible({("BE",): (10,), ("FR",): (4,), ("NL",): (7,)}, 1) == {(ROLLED,): (21,), ("BE",): (10,)}


def test_rolling_up_adds_every_count() -> None:
    finest = {("BE", "hotel"): (1, 2), ("BE", "airline"): (3, 4), ("FR", "hotel"): (5, 6)}

    assert rolled(finest, {0}, 2) == {("BE", ROLLED): (4, 6), ("FR", ROLLED): (5, 6)}
    assert rolled(finest, set(), 2) == {(ROLLED, ROLLED): (9, 12)}


@pytest.mark.parametrize("seed", range(30))
def test_no_cut_gives_away_what_another_hides(seed: int) -> None:
    random = Random(seed)
    finest = {key: (random.randrange(1, 15),) for key in product("ABCD", "xyz") if random.random() < 0.8}
    cells, shown = lattice(finest, 2, 1), visible(finest, 2)

    assert all(count >= SMALLEST for (count,) in shown.values())
    for parent in cells:
        for place in {place for place, part in enumerate(parent) if part is ROLLED}:
            parts = [
                key for key in cells if key[place] is not ROLLED and (*key[:place], ROLLED, *key[place + 1 :]) == parent
            ]
            unseen = [key for key in parts if key not in shown]
            if parent in shown and unseen:
                rest = shown[parent][0] - sum(shown[key][0] for key in parts if key in shown)
                assert len(unseen) > 1
                assert rest >= SMALLEST
            if parent not in shown:
                assert unseen
