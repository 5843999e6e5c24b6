"""Hiding small cells: no total minus its visible parts gives one back."""

from __future__ import annotations

from fractions import Fraction
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


def determined(finest: Table, dimensions: int) -> set[Key]:
    """Hidden cells that some sum and difference of the visible ones gives back: linear algebra over all cuts."""
    places = {key: place for place, key in enumerate(finest)}

    def row_of(cell: Key) -> list[Fraction]:
        row = [Fraction(0)] * len(places)
        for key, place in places.items():
            if all(part is ROLLED or part == key[at] for at, part in enumerate(cell)):
                row[place] = Fraction(1)
        return row

    def reduced(row: list[Fraction]) -> list[Fraction]:
        for pivot, known in basis:
            if row[pivot]:
                factor = row[pivot]
                row = [a - factor * b for a, b in zip(row, known, strict=True)]
        return row

    basis: list[tuple[int, list[Fraction]]] = []
    shown = visible(finest, dimensions)
    for cell in shown:
        row = reduced(row_of(cell))
        pivot = next((place for place, value in enumerate(row) if value), None)
        if pivot is not None:
            lead = row[pivot]
            basis.append((pivot, [value / lead for value in row]))
    hidden_cells = set(lattice(finest, dimensions, 1)) - set(shown)
    return {cell for cell in hidden_cells if not any(reduced(row_of(cell)))}


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("seed", range(25))
def test_no_sum_and_difference_over_all_cuts_gives_a_hidden_cell(dimensions: int, seed: int) -> None:
    random = Random(seed)
    axes = ("ABCD", "xyz", "12")[:dimensions]
    finest = {key: (random.choice((1, 2, 4, 6, 9, 30)),) for key in product(*axes) if random.random() < 0.8}

    assert determined(finest, dimensions) == set()
