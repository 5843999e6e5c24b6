"""Plan what is due, put it into the outbox, and write down what became of it."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from codesign.reminders.lifecycle import DONE, OccurrenceState
from codesign.reminders.models import Occurrence, ReminderRule, ReminderStep
from codesign.reminders.planner import enqueue, insert_due
from codesign.reminders.sending import settle
from codesign.reminders.sources import SOURCES
from registry.kernel import clock
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import NotFound, Refused, Stale
from registry.kernel.outbox import actions as outbox
from registry.kernel.outbox.models import OutboxMessage, OutboxState

TOPIC = "reminders.mail"
_RULES = Path(__file__).resolve().parent.parent / "data" / "reminder_rules.csv"


class NotWaiting(Refused):
    """Only what has not left yet can be taken back."""

    default_code = "not_waiting"


def plan(*, at: datetime) -> int:
    """Plan every reminder due by `at`, by all rules in force; the count of new occurrences. Twice plans once."""
    return sum(_plan_rule(rule, at=at) for rule in ReminderRule.objects.in_force(on=at.date()))


@transaction.atomic
def _plan_rule(rule: ReminderRule, *, at: datetime) -> int:
    """One rule in one transaction: what moved is superseded, what is due written, what is late skipped."""
    waiting = Occurrence.objects.waiting().filter(rule_code=rule.code)
    source = SOURCES[rule.kind]
    anchor = source.columns["anchor_on"]
    elsewhere = source.rows.filter(pk=OuterRef("subject_id")).exclude(**{anchor: OuterRef("anchor_on")})
    waiting.filter(Exists(elsewhere)).update(
        state=OccurrenceState.SUPERSEDED, reason="anchor_moved", settled_at=at, version=F("version") + 1
    )
    written = insert_due(rule, at=at)
    newer = Occurrence.objects.filter(
        rule_code=rule.code,
        subject_id=OuterRef("subject_id"),
        anchor_on=OuterRef("anchor_on"),
        contact_role=OuterRef("contact_role"),
        recipient=OuterRef("recipient"),
        step__gt=OuterRef("step"),
        state__in=(OccurrenceState.DUE, *DONE),
    )
    waiting.filter(Exists(newer)).update(
        state=OccurrenceState.SKIPPED_LATE, reason="newer_step", settled_at=at, version=F("version") + 1
    )
    if enqueue(rule, topic=TOPIC, at=at, real_now=clock.real_now()):
        outbox.ring_on_commit()
    return written


def reconcile(*, at: datetime, size: int = 500) -> int:
    """Settle due occurrences whose message has ended without them; the count. Rare: a fault while settling."""
    waiting = {row.key: row for row in Occurrence.objects.waiting().order_by("due_at", "pk")[:size]}
    ended = OutboxMessage.objects.filter(
        key__in=waiting, state__in=(OutboxState.SENT, OutboxState.DEAD), topic=TOPIC
    ).order_by("pk")
    count = 0
    for message in ended:  # a handful at most: each may write a notice
        with transaction.atomic():
            settle(message, OutboxState(message.state), message.last_error, message.sent_at or at)
        count += 1
    return count


@transaction.atomic
def cancel(*, occurrence_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None) -> Occurrence:
    """Take back a reminder that has not left. Raises NotWaiting when it has, or is leaving now."""
    occurrence = Occurrence.objects.filter(pk=occurrence_id).first()
    if occurrence is None:
        raise NotFound("There is no such reminder.")
    if expected_version not in (None, occurrence.version):
        raise Stale("The reminder has moved on since you read it.")
    if occurrence.state != OccurrenceState.DUE:
        raise NotWaiting(f"This reminder is {occurrence.state}.", details={"state": occurrence.state})
    if not outbox.withdraw(key=occurrence.key, reason=OccurrenceState.CANCELLED):
        raise NotWaiting("This reminder is being sent at this moment.", details={"state": occurrence.state})
    updated = Occurrence.objects.filter(pk=occurrence.pk, version=occurrence.version).update(
        state=OccurrenceState.CANCELLED, reason="by_person", settled_at=at, version=occurrence.version + 1
    )
    if not updated:
        raise Stale("The reminder has moved on since you read it.")
    record("reminders.cancel", occurrence, actor=actor, at=at, changes={"state": ["due", "cancelled"]})
    occurrence.refresh_from_db()
    return occurrence


@transaction.atomic
def load_rules(*, at: datetime, file: Path = _RULES) -> int:
    """Load the shipped rules; a version that is there already is left alone. The count of versions added."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    added = 0
    for key in dict.fromkeys((row["code"], int(row["version"])) for row in rows):  # a handful of rules, not rows
        steps = [row for row in rows if (row["code"], int(row["version"])) == key]
        rule, is_new = ReminderRule.objects.get_or_create(
            code=key[0],
            version=key[1],
            defaults={
                "kind": steps[0]["kind"],
                "binding": steps[0]["binding"],
                "names": {language: steps[0][f"name_{language}"] for language in ("en", "fr", "nl", "de", "es")},
                "effective_from": date.fromisoformat(steps[0]["effective_from"]),
                "created_at": at,
            },
        )
        if is_new:
            added += 1
            ReminderStep.objects.bulk_create(
                ReminderStep(rule=rule, offset_days=int(row["offset_days"]), contact_role=row["contact_role"])
                for row in steps
            )
    return added
