"""What beat and the doorbell set off. Each is safe to run twice, late, or in two workers at once."""

from __future__ import annotations

import time

from celery import shared_task

from codesign.api.company_rows import CompanyRow
from codesign.fees import actions as fees
from codesign.handovers import actions as handovers
from codesign.overview import actions as overview
from codesign.reminders import actions as reminders
from codesign.reminders.rules import LOOK_AHEAD
from codesign.reporting import actions as reporting
from codesign.rosters import actions as rosters
from codesign.standing import actions as standing
from codesign.training.actions import counting, erasing, tiles
from registry.kernel import clock
from registry.kernel.api.hot import shape_of
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.outbox import worker

# After a bell that did not reach the broker, the next requests don't wait for it either: the sweeper comes anyway.
_QUIET_SECONDS = 10.0
_quiet_until = 0.0


@shared_task
def plan_reminders() -> int:
    """Hand over, write down who owes a report, pass silent slices on, then plan every reminder now due.

    Once more does nothing new.
    """
    at = clock.now()
    handovers.carry_out_due(at=at)
    reporting.open_begun(at=at)
    reporting.pass_silent(at=at)
    return reminders.plan(at=at, ahead=LOOK_AHEAD, in_full=False)


@shared_task
def raise_invoices() -> int:
    """Open the membership year that has begun, and raise the invoices that are due; once more raises none."""
    return fees.raise_due(at=clock.now())


@shared_task
def propose_measures() -> int:
    """Propose what the rules ask a person to decide; running it again proposes nothing new."""
    return standing.propose_by_rule(actor=SYSTEM, at=clock.now())


@shared_task
def count_overviews() -> int:
    """Make the rows of the company list anew that something has changed, and all of them once a day."""
    shape = shape_of(CompanyRow)
    return overview.refresh(on=clock.today(), columns=shape.plan.columns, texts=shape.texts, mark=shape.mark)


@shared_task
def forget_leavers() -> int:
    """Erase the references of those who left long ago; once more erases nothing."""
    return erasing.forget_leavers(on=clock.today(), at=clock.now())


@shared_task
def recount_training() -> int:
    """Compute every status and every kept count of training anew; how many differed (none, by promise)."""
    return tiles.recount() + counting.differing(on=clock.today())


@shared_task
def deliver_outbox() -> int:
    """Send what waits in the outbox; the doorbell's answer."""
    return worker.drain(now=clock.now)


@shared_task
def sweep_outbox() -> int:
    """Send what no bell announced, and settle what a lost worker left between mail and mark."""
    reminders.reconcile(at=clock.now())
    return worker.drain(now=clock.now)


@shared_task
def work_on_rosters() -> int:
    """Plan, write or take back the rosters that wait, for one turn."""
    return rosters.work(now=clock.now, real_now=clock.real_now)


@shared_task
def forget_rosters() -> int:
    """Erase files and rows of rosters that are a week old."""
    return rosters.forget(at=clock.now())


def ring_for_rosters() -> None:
    """Tell a worker that a roster waits."""
    work_on_rosters.apply_async(retry=False, ignore_result=True)


def ring() -> None:
    """Tell a worker that the outbox holds something; raises when the broker is down, at once while it stays so."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        deliver_outbox.apply_async(retry=False, ignore_result=True)
    except Exception:
        _quiet_until = time.monotonic() + _QUIET_SECONDS
        raise
