"""How many members the network has on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from members.network.models import NetworkMembership
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
    shown = Q(pk__in=NetworkMembership.objects.visible_to(scope).values("pk"))
    doubtful = Q(is_uncertain=True)
    cells = (
        rows.on(on)
        .with_certainty(on=on)
        .order_by()
        .values_list(by)
        .annotate(
            certain=Count("pk", filter=~doubtful),
            uncertain=Count("pk", filter=doubtful),
            certain_shown=Count("pk", filter=~doubtful & shown),
            uncertain_shown=Count("pk", filter=doubtful & shown),
        )
        .order_by(by)
    )
    return [MemberCount(*cell) for cell in cells]
