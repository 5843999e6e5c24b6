"""What a worker does with rosters: take one, go on with it for a turn, let it go."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from codesign.rosters.actions.applying import apply
from codesign.rosters.actions.comparing import compare, find_absent
from codesign.rosters.actions.leasing import MOST_ATTEMPTS, LeaseLost, claim, fail, put_off, release
from codesign.rosters.actions.reading import read
from codesign.rosters.actions.taking import DOORBELL
from codesign.rosters.actions.tallying import tally
from codesign.rosters.actions.undoing import take_back
from codesign.rosters.lifecycle import WORKING, RosterStep
from codesign.rosters.models import Roster
from registry.kernel import doorbell
from registry.kernel.files.tables import FileRefused

log = logging.getLogger(__name__)

# Others wait for the worker's process, too: after a turn the bell is rung again.
TURN_SECONDS = 20.0
STEPS: dict[str, Callable[..., None]] = {
    RosterStep.READ: read,
    RosterStep.COMPARE: compare,
    RosterStep.END: find_absent,
    RosterStep.TALLY: tally,
    RosterStep.APPLY: apply,
    RosterStep.UNDO: take_back,
}


def work(*, now: Callable[[], datetime], real_now: Callable[[], datetime], seconds: float = TURN_SECONDS) -> int:
    """Go on with the rosters that wait, for one turn; how many chunks. Safe to run twice, late, or in two workers.

    `now` is the business clock.
    """
    stop, done = time.monotonic() + seconds, 0
    while time.monotonic() < stop:
        roster = claim(now=real_now())
        if roster is None:
            return done
        done += _go_on(roster, stop, now=now, real_now=real_now)
    doorbell.ring(DOORBELL)
    return done


def _go_on(roster: Roster, stop: float, *, now: Callable[[], datetime], real_now: Callable[[], datetime]) -> int:
    """One roster, until it needs nobody, or the turn ends."""
    done = 0
    try:
        if roster.attempts > MOST_ATTEMPTS:
            fail(roster, "worker_lost", "The work on this file ended its workers. Nothing more is tried.", at=now())
            return done
        while roster.state in WORKING and time.monotonic() < stop:
            STEPS[roster.step](roster, at=now(), real_now=real_now)
            done += 1
        release(roster)
    except LeaseLost:
        log.info("rosters.lease_lost", extra={"roster_id": str(roster.pk)})
    except FileRefused as error:
        fail(roster, error.code, error.detail, at=now())
    except Exception as error:  # noqa: BLE001 - one bad file must not starve those behind it
        # Neither the message nor the trace: they could repeat what a row says.
        log.error("rosters.chunk_failed", extra={"roster_id": str(roster.pk), "error": type(error).__name__})
        put_off(roster, now=real_now())
    return done
