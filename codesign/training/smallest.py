"""How few people, in how few sessions: pure functions of counts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from heapq import heapify, heappop, heappush
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Need:
    """How many to train: of those whom the share misses, and of those in grace, who are in neither number yet."""

    due: int
    in_grace: int
    is_reachable: bool


def need(*, valid: int, denominator: int, due: int, in_grace: int, target: Decimal) -> Need:
    """The fewest trainings that bring `valid` ÷ `denominator` to `target`.

    Somebody due lifts the numerator alone, somebody in grace both numbers: so those due come first.
    When even everybody is not enough, everybody, and `is_reachable` is false.
    """
    missing = _ceiling(target * denominator) - valid
    if missing <= due:
        return Need(due=max(missing, 0), in_grace=0, is_reachable=True)
    # (valid + due + n) ÷ (denominator + n) >= target, for n people in grace.
    if target < 1:
        more = _ceiling((target * denominator - valid - due) / (1 - target))
        if more <= in_grace:
            return Need(due=due, in_grace=more, is_reachable=True)
    return Need(due=due, in_grace=in_grace, is_reachable=False)


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def fewest_sessions(groups: Mapping[Group, tuple[int, int]], *, wanted: int, seats: int) -> dict[Group, int]:
    """How many of each group's optional people to take so that all sessions together are as few as can be.

    `groups`: (those who come in any case, those who may); `wanted`: how many of the latter, in all; a session
    is of one group and has `seats`. Free seats first, then the fullest further sessions.
    """
    taken = dict.fromkeys(groups, 0)
    left = wanted
    fullest: list[tuple[int, int, Group]] = []
    for place, (group, (coming, optional)) in enumerate(groups.items()):
        free = min(-coming % seats, optional, left)
        taken[group] += free
        left -= free
        if optional > free:
            fullest.append((-min(seats, optional - free), place, group))
    heapify(fullest)
    while left > 0 and fullest:
        size, place, group = heappop(fullest)
        some = min(-size, left)
        taken[group] += some
        left -= some
        if (rest := groups[group][1] - taken[group]) > 0:
            heappush(fullest, (-min(seats, rest), place, group))
    return taken
