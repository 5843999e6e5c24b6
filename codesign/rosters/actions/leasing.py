"""Who works on a roster: one worker at a time, and none that has lost its lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, QuerySet

from codesign.rosters.lifecycle import WORKING, RosterState, RosterStep
from codesign.rosters.models import Roster

LEASE = timedelta(seconds=60)
# Of one chunk, before the roster is given up: it took its workers down with it, each time.
MOST_ATTEMPTS = 6


class LeaseLost(Exception):
    """Somebody else works on the roster, or it was given up."""


@transaction.atomic
def claim(*, now: datetime) -> Roster | None:
    """Lease the roster that waits longest; None when none is free. `now` is real time."""
    rows = Roster.objects.working().free(now=now).order_by("created_at", "pk")
    skips = connection.features.has_select_for_update_skip_locked
    roster = rows.select_for_update(skip_locked=skips, of=("self",)).first()
    if roster is None:
        return None
    roster.lease_token, roster.lease_until, roster.attempts = uuid4(), now + LEASE, roster.attempts + 1
    roster.save(update_fields=["lease_token", "lease_until", "attempts"])
    return roster


def hold(roster: Roster, *, now: datetime, **values: object) -> None:
    """Write progress under the lease, and renew it. The first statement of a chunk's transaction: it keeps others out.

    Raises LeaseLost.
    """
    held = Roster.objects.working().filter(pk=roster.pk, lease_token=roster.lease_token)
    values |= {"lease_until": now + LEASE, "attempts": 0}
    if not held.update(**values):
        raise LeaseLost
    for name, value in values.items():
        setattr(roster, name, value)


def enter(roster: Roster, step: RosterStep, *, now: datetime, **values: object) -> None:
    """Go on to the next step, under the lease. Raises LeaseLost."""
    fresh = {"step": step, "position": "", "done_count": 0, "step_started_at": now}
    hold(roster, now=now, version=F("version") + 1, **{**fresh, **values})
    roster.refresh_from_db(fields=["version"])


def release(roster: Roster) -> None:
    """Give the lease back, so that the next turn is anybody's."""
    _held(roster).update(lease_token=None, lease_until=None)


def put_off(roster: Roster, *, now: datetime) -> None:
    """Keep everybody off for a moment after a failure."""
    _held(roster).update(lease_token=None, lease_until=now + timedelta(seconds=5))


@transaction.atomic
def fail(roster: Roster, code: str, message: str, *, at: datetime) -> None:
    """End it: the file can't be read, or every worker failed on it. What was written stays, and can be undone."""
    state = RosterState.ABORTED if roster.applied else RosterState.FAILED
    ended = (
        _held(roster)
        .filter(state__in=WORKING)
        .update(
            state=state,
            step=RosterStep.REST,
            failure=code[:40],
            failure_message=message[:300],
            finished_at=at,
            lease_token=None,
            lease_until=None,
            version=F("version") + 1,
        )
    )
    if ended and state == RosterState.FAILED:
        roster.rows.all().delete()


def _held(roster: Roster) -> QuerySet:
    token: UUID | None = roster.lease_token
    return Roster.objects.filter(pk=roster.pk, lease_token=token)
