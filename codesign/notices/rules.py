"""When a notice counts as delivered, and from which day. Pure functions; source: domain rules B1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.kernel.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One notice as the rules see it; days in UTC."""

    sent_on: date
    receipt_on: date | None = None
    bounced_on: date | None = None
    is_registered_letter: bool = False


def delivered_on(notice: Sent, *, quiet_days: int) -> date | None:
    """The day of the receipt, or the day after `quiet_days` without a bounce; None for one that bounced."""
    if notice.bounced_on is not None:
        return None
    return notice.receipt_on or notice.sent_on + timedelta(days=quiet_days)


def counted_days(notices: Iterable[Sent], *, on: date, quiet_days: int) -> list[date]:
    """Days on which notices reached the member by `on`, oldest first.

    After a bounce the clock starts anew: only a registered letter sent after it, and what follows that
    letter, counts. Bounces after `on` were not known and change nothing.
    """
    known = [_as_known(notice, on) for notice in notices if notice.sent_on <= on]
    last_bounce = max((n.bounced_on for n in known if n.bounced_on is not None), default=None)
    if last_bounce is not None:
        letters = [n.sent_on for n in known if n.is_registered_letter and n.sent_on >= last_bounce]
        known = [n for n in known if letters and n.sent_on >= min(letters)]
    days = (delivered_on(notice, quiet_days=quiet_days) for notice in known)
    return sorted(day for day in days if day is not None and day <= on)


def lacks(
    days: list[date], *, on: date, notices_needed: int = 2, days_between: int = 30, days_after_last: int = 30
) -> list[Fault]:
    """What is still missing before a measure may be decided `on` a day; empty when it may be.

    `days` are those of `counted_days`. A notice younger than `days_after_last` neither helps nor harms:
    one courtesy mail more must not delay a measure that is ripe.
    """
    found = []
    spaced = _spaced(days, days_between)
    if len(days) < notices_needed:
        found.append(Fault("", "too_few_notices", f"{len(days)} of {notices_needed} notices were delivered."))
    elif spaced < notices_needed:
        found.append(Fault("", "notices_too_close", f"The notices lie less than {days_between} days apart."))
    ripe = [day for day in days if day <= on - timedelta(days=days_after_last)]
    if _spaced(ripe, days_between) < min(notices_needed, spaced):
        sentence = f"The last notice that counts was delivered less than {days_after_last} days before."
        found.append(Fault("", "last_notice_too_recent", sentence))
    return found


def _as_known(notice: Sent, on: date) -> Sent:
    return replace(notice, bounced_on=None) if notice.bounced_on and notice.bounced_on > on else notice


def _spaced(days: list[date], gap: int) -> int:
    """How many of the sorted `days` can be chosen with at least `gap` days between neighbours."""
    count, last = 0, None
    for day in days:
        if last is None or day >= last + timedelta(days=gap):
            count, last = count + 1, day
    return count
