"""What a source's date says about a membership. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.kernel.calendar import PartialDate

# Bases that name the day before which the membership cannot have been.
_BEGINS = ("founded", "admitted at", "joined")
# Bases that say nothing about membership on that date.
_UNRELATED = ("founded",)


@dataclass(frozen=True)
class Presence:
    """`earliest`: no member before that day, None when unknown. `proven_from`: seen as a member by that day."""

    earliest: date | None
    proven_from: date


def presence(*, since: str, basis: str, seen_on: date) -> Presence:
    """Read a partial date and its basis; `seen_on` is the day on which the source was read.

    >>> presence(since="2018", basis="admitted at the Assembly", seen_on=date(2026, 11, 1)).proven_from
    datetime.date(2018, 12, 31)
    """
    if not since:
        return Presence(None, seen_on)
    known = PartialDate.parse(since)
    return Presence(
        known.earliest if basis.startswith(_BEGINS) else None,
        seen_on if basis.startswith(_UNRELATED) else known.latest,
    )
