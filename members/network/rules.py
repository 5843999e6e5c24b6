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
    """`earliest`, `latest`: no member before and after those days, None when unknown or open.

    `proven_from`, `proven_until`: between those days a source proves it; `proven_until` None: it lasts.
    """

    earliest: date | None
    proven_from: date
    latest: date | None = None
    proven_until: date | None = None


def presence(*, since: str, basis: str, seen_on: date, until: str = "") -> Presence:
    """Read partial dates of the first and the last day; `seen_on` is the day on which the source was read.

    ValueError when either is no partial date.

    >>> presence(since="2018", basis="admitted at the Assembly", seen_on=date(2026, 11, 1)).proven_from
    datetime.date(2018, 12, 31)
    """
    last = PartialDate.parse(until) if until else None
    latest, proven_until = (last.latest, last.earliest) if last else (None, None)
    if not since:
        # Read today of one that has left: it was there on its last possible day at the earliest.
        return Presence(None, min(seen_on, last.earliest) if last else seen_on, latest, proven_until)
    known = PartialDate.parse(since)
    return Presence(
        known.earliest if basis.startswith(_BEGINS) else None,
        seen_on if basis.startswith(_UNRELATED) else known.latest,
        latest,
        proven_until,
    )
