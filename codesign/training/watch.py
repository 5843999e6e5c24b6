"""Who is under or near the target, and whether it gets better: what a representative looks at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from codesign.training.figures import coverage, protected
from codesign.training.kinds import Trend, WatchState
from codesign.training.tallies import Coverage, Target
from members.scope import Scope

# How far back and ahead a trend looks.
TREND_DAYS = 91


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One company or site: its coverage of the day, its share a quarter before and a quarter ahead.

    `people_missing`: how many more valid trainings would bring it to the target.
    """

    figure: Coverage
    share_before: Decimal | None
    share_ahead: Decimal | None
    state: WatchState
    people_missing: int

    @property
    def trend(self) -> Trend:
        """From the quarter before to the day; steady without both."""
        now = self.figure.share
        if now is None or self.share_before is None or now == self.share_before:
            return Trend.STEADY
        return Trend.RISING if now > self.share_before else Trend.FALLING


def watched(
    scope: Scope, *, on: date, by: str, target: Target, margin: Decimal, is_own: bool, **within: Any
) -> list[Watched]:
    """Companies or sites with a share, the most people missing first. Six queries, whatever their number.

    `margin`: how far above the target is still near it. From outside, groups under five people are left out.
    """
    ahead = on + timedelta(days=TREND_DAYS)
    before = _shares(coverage(scope, on=on - timedelta(days=TREND_DAYS), by=by, **within))
    after = _shares(coverage(scope, on=ahead, by=by, **within))
    groups = coverage(scope, on=on, by=by, **within)
    shown = groups if is_own else [group for group in protected(groups, totals_only=False) if not group.suppressed]
    rows = [
        Watched(
            figure=group,
            share_before=before.get(group.key),
            share_ahead=after.get(group.key),
            state=_state(group, target, margin),
            people_missing=_missing(group, target),
        )
        for group in shown
        if group.share is not None
    ]
    return sorted(rows, key=lambda row: (-row.people_missing, row.figure.share, row.figure.name, str(row.figure.key)))


def _shares(groups: Iterable[Coverage]) -> dict[Any, Decimal | None]:
    return {group.key: group.share for group in groups}


def _state(figure: Coverage, target: Target, margin: Decimal) -> WatchState:
    share = figure.share or Decimal(0)
    if share < target.share:
        return WatchState.UNDER
    return WatchState.NEAR if share < target.share + margin else WatchState.ABOVE


def _missing(figure: Coverage, target: Target) -> int:
    wanted = int((target.share * (figure.denominator or 0)).to_integral_value(ROUND_CEILING))
    return max(wanted - (figure.valid or 0), 0)
