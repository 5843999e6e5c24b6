"""Put work off, take it up again, and keep what was talked about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.reporting.free_text import suspicion_in
from codesign.worklist.items import worklist
from codesign.worklist.kinds import WorkKind
from codesign.worklist.models import ContactLogEntry, Snooze
from codesign.worklist.sources import side_of
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Invalid, Refused, Stale

MOST_SNOOZE_DAYS = 90


@transaction.atomic
def snooze(*, item: str, until: date, reason: str, actor: Scope, at: datetime) -> Snooze:
    """Put one piece of work off until a day within 90: it leaves the list of the caller's side.

    Raises Invalid: `unknown_item` for what is not on the caller's list, `out_of_range`, and what free text may not say.
    """
    kind, subject_id = _named(item)
    on = actor.day
    if not on < until <= on + timedelta(days=MOST_SNOOZE_DAYS):
        raise Invalid.at("/until", "out_of_range", f"It comes back within {MOST_SNOOZE_DAYS} days, from tomorrow on.")
    _refuse_cases("/reason", reason)
    found = worklist(actor, on=on, kinds=[kind], everywhere=True)
    found += worklist(actor, on=on, kinds=[kind], everywhere=True, asleep=True)
    work = next((one for one in found if one.subject_id == subject_id), None)
    if work is None:
        raise _unknown()
    row, _ = Snooze.objects.update_or_create(
        side=side_of(actor),
        kind=kind,
        subject_id=subject_id,
        defaults={
            "company_id": work.company_id,
            "until": until,
            "reason": reason,
            "snoozed_by_label": actor.label,
            "created_at": at,
            "woken_at": None,
        },
    )
    record("worklist.snooze", row, actor=actor, at=at, changes={"item": [None, item], "until": [None, until]})
    return row


@transaction.atomic
def wake(*, item: str, actor: Scope, at: datetime) -> Snooze:
    """Take up again what was put off. Raises Invalid `unknown_item`."""
    kind, subject_id = _named(item)
    rows = Snooze.objects.asleep_on(actor.day).filter(side=side_of(actor), kind=kind, subject_id=subject_id)
    seen = {one.subject_id for one in worklist(actor, on=actor.day, kinds=[kind], everywhere=True, asleep=True)}
    row = rows.select_for_update().first()
    if row is None or row.subject_id not in seen:
        raise _unknown()
    row.woken_at = at
    row.save(update_fields=["woken_at"])
    record("worklist.wake", row, actor=actor, at=at, changes={"until": [row.until, None]})
    return row


@transaction.atomic
def log(
    *,
    company_id: UUID,
    way: str,
    happened_on: date,
    summary: str,
    next_step: str = "",
    next_step_due_on: date | None = None,
    actor: Scope,
    at: datetime,
) -> ContactLogEntry:
    """Keep what an officer and a company talked about. Raises Invalid."""
    if happened_on > actor.day:
        raise Invalid.at("/happened_on", "in_the_future", "It has not happened yet.")
    if next_step_due_on is not None and next_step_due_on < happened_on:
        raise Invalid.at("/next_step_due_on", "out_of_order", "The next step comes after what was talked about.")
    if next_step_due_on is not None and not next_step:
        raise Invalid.at("/next_step", "required", "Say which step is due then.")
    _refuse_cases("/summary", summary)
    _refuse_cases("/next_step", next_step)
    entry = ContactLogEntry.objects.create(
        company_id=company_id,
        way=way,
        happened_on=happened_on,
        summary=summary,
        next_step=next_step,
        next_step_due_on=next_step_due_on,
        logged_by_id=actor.user_id,
        logged_by_label=actor.label,
        created_at=at,
    )
    # What was said stays in the log of contacts: the audit keeps that somebody wrote there.
    record("contact-log.create", entry, actor=actor, at=at, changes={"way": [None, way]})
    return entry


@transaction.atomic
def settle(
    *, entry_id: UUID, settled_on: date, expected_version: int | None, actor: Scope, at: datetime
) -> ContactLogEntry:
    """The next step was taken. Raises Refused `nothing_to_settle`, Stale, Invalid."""
    entry = ContactLogEntry.objects.select_for_update().get(pk=entry_id)
    if expected_version is not None and entry.version != expected_version:
        raise Stale("The entry has changed since you read it.", details={"version": entry.version})
    if not entry.next_step or entry.next_step_settled_on is not None:
        raise Refused("There is no step left to settle.", code="nothing_to_settle")
    if not entry.happened_on <= settled_on <= actor.day:
        raise Invalid.at("/settled_on", "out_of_range", "A day between the contact and today.")
    ContactLogEntry.objects.filter(pk=entry_id).update(next_step_settled_on=settled_on, version=F("version") + 1)
    record("contact-log.settle", entry, actor=actor, at=at, changes={"next_step_settled_on": [None, settled_on]})
    return entry


def _named(item: str) -> tuple[WorkKind, UUID]:
    kind, _, key = item.partition(":")
    try:
        return WorkKind(kind), UUID(key)
    except ValueError:
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid.at("/item", "unknown_item", "It is not on your list.")


def _refuse_cases(pointer: str, text: str) -> Any:
    if found := suspicion_in(text):
        raise Invalid.at(pointer, found.code, found.message)
