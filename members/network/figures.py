"""How many members the network has on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Sum, Value, When

from members.network.querysets import MembershipQuerySet
from members.scope import Scope

DEFINITION = (
    "Memberships of the network on the day, listed or not, that a decision of the register or a sure source proves "
    "for it; dormant and suspended members are members, applicants are none. An organisation holds at most one."
)
UNCERTAIN_DEFINITION = (
    "Further memberships on the day of which no sure source says it, or none proves it for that day; never part of "
    "the certain number."
)


@dataclass(frozen=True)
class MemberCount:
    """One cell: `key` is the region or the country; `*_shown` tell how many of them the reader may list."""

    key: str | None
    certain: int
    uncertain: int
    certain_shown: int
    uncertain_shown: int


def member_counts(rows: MembershipQuerySet, *, by: str, on: date, scope: Scope) -> list[MemberCount]:
    """Certain and uncertain members on the day by the column `by`. One query."""
    seen = rows.seen_by(scope)
    counted = (
        rows.on(on)
        .with_certainty(on=on)
        .annotate(is_shown=Case(When(seen, then=Value(1)), default=0) if seen else Value(1))
        .order_by()
        .values_list(by, "is_uncertain")
        .annotate(every=Count("pk"), shown=Sum("is_shown"))
        .order_by(by)
    )
    cells: dict[str | None, dict[bool, tuple[int, int]]] = {}
    for key, is_uncertain, every, shown in counted:
        cells.setdefault(key, {})[bool(is_uncertain)] = (every, shown)
    none = (0, 0)
    return [
        MemberCount(
            key, *(numbers[place] for place in (0, 1) for numbers in (cell.get(False, none), cell.get(True, none)))
        )
        for key, cell in cells.items()
    ]
