"""What can be worked out from cells that are shown: linear algebra over all cuts of one table, by plain values.

Unknown are the hidden cells of the finest cut; each shown cell above some of them is an equation. A hidden cell
that the equations determine is given away, whichever cuts they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any

Key = tuple[Any, ...]
Row = dict[int, int]
Above = Callable[[Key], Iterable[Key]]
# Elimination in a prime field: exact, and quicker than fractions. A chance solution is one in 10^18.
_PRIME = 2**61 - 1


def determined(unknown: Iterable[Key], shown: Iterable[Key], hidden: Iterable[Key], above: Above) -> set[Key]:
    """Those of `hidden` that sums and differences of `shown` give back. `above(part)`: the cells that it is in."""
    rows: dict[Key, Row] = {}
    for place, part in enumerate(unknown):
        for cell in above(part):
            rows.setdefault(cell, {})[place] = 1
    basis: dict[int, Row] = {}
    for cell in shown:
        left = _reduced(rows.get(cell, {}), basis)
        if left:
            pivot = min(left)
            inverse = pow(left[pivot], -1, _PRIME)
            basis[pivot] = {place: value * inverse % _PRIME for place, value in left.items()}
    return {cell for cell in hidden if cell in rows and not _reduced(rows[cell], basis)}


def _reduced(row: Row, basis: dict[int, Row]) -> Row:
    """What is left of `row` when everything that `basis` explains is taken away, from the first place on."""
    left = dict(row)
    places = sorted(left)
    while places:
        pivot = heappop(places)
        factor = left.get(pivot)
        if factor is None or pivot not in basis:
            continue
        for place, value in basis[pivot].items():
            if place not in left:
                # A basis row begins at its pivot, so that what comes in lies ahead.
                heappush(places, place)
            rest = (left.get(place, 0) - factor * value) % _PRIME
            if rest:
                left[place] = rest
            else:
                left.pop(place, None)
    return left
