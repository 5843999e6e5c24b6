"""Rolling cells up and hiding small ones. Pure functions of plain values.

A table is a dictionary from a key (one value per dimension, `ROLLED` where it is summed over) to a tuple
of counts. The same cells answer every cut, so what one cut hides no other cut may give away.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from heapq import nsmallest
from itertools import combinations, count, product
from typing import Any, Literal

from codesign.figures.subtraction import determined

SMALLEST = 5


class _Rolled(Enum):
    ROLLED = "rolled"


ROLLED: Literal[_Rolled.ROLLED] = _Rolled.ROLLED
Key = tuple[Any, ...]
Counts = tuple[int, ...]
Table = dict[Key, Counts]


def rolled(finest: Table, keep: set[int], width: int) -> Table:
    """The table cut by the dimensions at the places `keep` alone; without any, one cell for everything."""
    found: Table = {}
    for key, counts in finest.items():
        short = tuple(part if place in keep else ROLLED for place, part in enumerate(key))
        before = found.get(short, (0,) * width)
        found[short] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return found


def lattice(finest: Table, dimensions: int, width: int) -> Table:
    """The cells of every cut."""
    cuts = (set(cut) for size in range(dimensions + 1) for cut in combinations(range(dimensions), size))
    found: Table = {}
    for cut in cuts:
        found |= rolled(finest, cut, width)
    return found


def hidden(finest: Table, dimensions: int, width: int = 1) -> set[Key]:
    """Cells of the lattice that a reader of totals may not see.

    Hidden are those with a count under five, and as many others as it takes that no total minus its
    visible parts gives a hidden cell, or a sum of hidden cells under five, and that no sum and difference
    over several cuts gives one back.
    """
    cells = lattice(finest, dimensions, width)
    out = {key for key, counts in cells.items() if min(counts) < SMALLEST}
    families = list(_families(cells, dimensions))
    # Each round hides twice as many beside a cell that is given away as the one before: few rounds, however large.
    for round_ in count():
        while more := {key for parent, parts in families if (key := _next(cells, out, parent, parts)) is not None}:
            out |= more
        unknown = [key for key in finest if key in out]
        given_away = determined(unknown, (key for key in cells if key not in out), out, _above)
        further = {key for cell in given_away for key in _beside(cells, out, cell, 2**round_)}
        if not further:
            return out
        out |= further
    return out


def _above(part: Key) -> Iterator[Key]:
    """The cells of every cut that a finest one is in, itself among them."""
    return product(*((value, ROLLED) for value in part))


def _beside(cells: Table, out: set[Key], cell: Key, number: int) -> list[Key]:
    """The smallest shown cells that differ from `cell` in the fewest places: the next ones to hide."""

    def order(key: Key) -> tuple[int, Counts, str]:
        return sum(a != b for a, b in zip(key, cell, strict=True)), cells[key], str(key)

    return nsmallest(number, (key for key in cells if key not in out), key=order)


def _families(cells: Table, dimensions: int) -> Iterator[tuple[Key, list[Key]]]:
    """Each total with the parts that add up to it along one dimension."""
    for place in range(dimensions):
        parts: dict[Key, list[Key]] = {}
        for key in cells:
            if key[place] is not ROLLED:
                parts.setdefault((*key[:place], ROLLED, *key[place + 1 :]), []).append(key)
        yield from parts.items()


def _next(cells: Table, out: set[Key], parent: Key, parts: list[Key]) -> Key | None:
    """The further cell that one family has to hide; None when nothing can be subtracted back."""
    covered = [key for key in parts if key in out]
    open_parts = [key for key in parts if key not in out]
    if parent in out:
        is_safe = bool(covered)
    elif not covered:
        return None
    else:
        sums = [sum(column) for column in zip(*(cells[key] for key in covered), strict=True)]
        is_safe = len(covered) > 1 and min(sums) >= SMALLEST
    if is_safe:
        return None
    if open_parts:
        return min(open_parts, key=lambda key: (cells[key], str(key)))
    return None if parent in out else parent
