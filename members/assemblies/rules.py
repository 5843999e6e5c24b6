"""Who may vote, whether a quorum is met, whether a seat is free. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db.models import TextChoices


class Vote(TextChoices):
    """Whether an organisation may vote."""

    YES = "yes", "May vote"
    NO = "no", "May not vote"
    UNCERTAIN = "uncertain", "The register can't tell"


class VoteReason(TextChoices):
    """Why an organisation may vote or not."""

    FULL_MEMBER = "full_member", "A full member on that day"
    AFFILIATE = "affiliate", "An affiliate: full members vote"
    DORMANT = "dormant", "Its membership was dormant"
    SUSPENDED = "suspended", "Its membership was suspended"
    NOT_A_MEMBER = "not_a_member", "No member on that day"
    KIND_UNKNOWN = "kind_unknown", "No source says whether it was a full member"
    PRESENCE_UNPROVEN = "presence_unproven", "Nothing proves that it was a member on that day"
    DAY_UNKNOWN = "day_unknown", "The day of the assembly is not known"


VOTES: dict[VoteReason, Vote] = {
    VoteReason.FULL_MEMBER: Vote.YES,
    VoteReason.AFFILIATE: Vote.NO,
    VoteReason.DORMANT: Vote.NO,
    VoteReason.SUSPENDED: Vote.NO,
    VoteReason.NOT_A_MEMBER: Vote.NO,
    VoteReason.KIND_UNKNOWN: Vote.UNCERTAIN,
    VoteReason.PRESENCE_UNPROVEN: Vote.UNCERTAIN,
    VoteReason.DAY_UNKNOWN: Vote.UNCERTAIN,
}


@dataclass(frozen=True)
class Tally:
    """A count of which a part is not sure."""

    certain: int
    uncertain: int = 0

    @property
    def most(self) -> int:
        return self.certain + self.uncertain


@dataclass(frozen=True)
class Quorum:
    """How many are needed and whether they came; `is_met` None where the register can't tell, for `reason`."""

    is_met: bool | None
    reason: str | None
    required_least: int | None = None
    required_most: int | None = None


def quorum(*, share: Decimal | None, number: int | None, present: Tally | None, entitled: Tally | None) -> Quorum:
    """Weigh a rule (share of the entitled, number of the present, or both) against who came.

    None for a tally that nobody counted. The uncertain among the present are among the uncertain entitled.
    """
    if share is None and number is None:
        return Quorum(None, "no_rule")
    if present is None or (share is not None and entitled is None):
        return Quorum(None, "count_missing")
    base = entitled or present
    # Worst: no uncertain one of those present may vote, but all of those absent. Best: the other way round.
    at_worst = present.certain >= _required(share, number, base.most - present.uncertain)
    at_best = present.most >= _required(share, number, base.certain + present.uncertain)
    bounds = (_required(share, number, base.certain), _required(share, number, base.most))
    return Quorum(at_worst, None, *bounds) if at_worst == at_best else Quorum(None, "uncertain", *bounds)


def _required(share: Decimal | None, number: int | None, entitled: int) -> int:
    """At least one, whatever the rule: nobody is no assembly."""
    of_share = int((share * entitled).to_integral_value(ROUND_CEILING)) if share is not None else 0
    return max(1, of_share, number or 0)


@dataclass(frozen=True)
class Span:
    """`size` seats or holders from a first to a last day, both inclusive; None is open."""

    first: date | None
    last: date | None
    size: int = 1

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def first_overfull_day(
    *, start: date, end: date | None, seats: Sequence[Span], holders: Sequence[Span]
) -> tuple[date, int, int] | None:
    """First day of a period with more holders than seats, with both counts; None when there is none."""
    window = Span(start, end)
    for day in sorted(day for day in {start, *_changes((*seats, *holders))} if window.holds(day)):
        held, there = _on(holders, day), _on(seats, day)
        if held > there:
            return day, held, there
    return None


def _changes(spans: Iterable[Span]) -> Iterable[date]:
    """Days on which a sum of spans may change."""
    for span in spans:
        if span.first:
            yield span.first
        if span.last:
            yield span.last + timedelta(days=1)


def _on(spans: Iterable[Span], day: date) -> int:
    return sum(span.size for span in spans if span.holds(day))
