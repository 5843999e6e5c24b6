"""The one definition of what a rule sends: a single SELECT over subjects, steps, contacts and mornings.

The sender inserts from it; the forecast and the explainer read it. Nothing here asks "due today":
whatever is due and not done by the horizon is in it, so that a missed night is caught up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, UUIDField, Value, When

from codesign.reminders.lifecycle import DONE
from codesign.reminders.models import NOBODY, Occurrence, ReminderChannel, ReminderRule
from codesign.reminders.rules import SMALL_MOVE_DAYS, mornings
from codesign.reminders.sources import COLUMNS, SOURCES
from members.organisations.models import Organisation
from members.people.models import Contact, ContactRole
from registry.kernel.dialect import Statement, dialect
from registry.kernel.outbox.models import OutboxMessage

EVER = datetime(1900, 1, 1, tzinfo=UTC)
_KEY = (
    "o.rule_code || ':' || REPLACE(CAST(o.subject_id AS text), '-', '') || ':' || CAST(o.anchor_on AS text) || ':' || "
    "CAST(o.step AS text) || ':' || o.contact_role || ':' || REPLACE(CAST(o.recipient AS text), '-', '') || ':' || "
    "o.channel"
)

# `newest` is the last step that was due already at %(known)s: what is older and not done is late. Without a
# representative the secretariat stands in, unless the step names it anyway; its contacts stand under NOBODY because
# they answer for everyone. Materialized, or SQLite looks through all contacts of a role for every subject.
_PLAN = """
WITH subject ({columns}) AS ({subjects}),
contact (contact_id, role, holder, zone) AS MATERIALIZED ({contacts}),
step (offset_days, role) AS (VALUES {steps}),
morning (zone, first_on, last_on, seconds) AS (VALUES {mornings}),
audience AS (
    SELECT s.*, step.offset_days,
        CASE WHEN step.role = 'lcr_officer' AND s.representative_id IS NULL
            THEN 'secretariat' ELSE step.role END AS role,
        CASE step.role WHEN 'lcr_officer' THEN COALESCE(s.representative_id, {nobody})
            WHEN 'secretariat' THEN {nobody} ELSE s.organisation_id END AS holder
    FROM subject s CROSS JOIN step
    WHERE {roughly_on} <= {last_on} AND NOT (step.role = 'lcr_officer' AND s.representative_id IS NULL AND EXISTS (
        SELECT 1 FROM step own WHERE own.role = 'secretariat' AND own.offset_days = step.offset_days))
),
addressed AS MATERIALIZED (
    SELECT a.*, c.contact_id, COALESCE(c.contact_id, {nobody}) AS recipient, COALESCE(c.zone, a.zone) AS at_zone,
        {due_on} AS due_on
    FROM audience a LEFT JOIN contact c ON c.role = a.role AND c.holder = a.holder
),
timed AS (
    SELECT d.*, {due_at} AS due_at
    FROM addressed d JOIN morning m ON m.zone = d.at_zone AND d.due_on BETWEEN m.first_on AND m.last_on
    WHERE d.due_on >= {effective_from}
),
planned AS (
    SELECT t.*, MAX(CASE WHEN due_at <= {known} THEN offset_days END)
        OVER (PARTITION BY subject_id, role, recipient) AS newest
    FROM timed t WHERE due_at <= {horizon}
)
SELECT p.subject_id, p.organisation_id, p.membership_id, p.anchor_on, p.offset_days, p.role, p.contact_id, p.recipient,
    CASE WHEN p.offset_days < p.newest THEN 'skipped_late'
        WHEN p.contact_id IS NULL THEN 'suppressed' ELSE 'due' END AS state,
    CASE WHEN p.offset_days < p.newest THEN 'newer_step'
        WHEN p.contact_id IS NULL THEN 'no_contact' ELSE '' END AS reason,
    p.due_at
FROM planned p
WHERE p.due_at > {since} AND NOT EXISTS (
    SELECT 1 FROM {occurrence} o
    WHERE o.rule_code = {code} AND o.subject_id = p.subject_id AND o.step = p.offset_days AND o.contact_role = p.role
        AND o.state IN ({done}) AND o.anchor_on BETWEEN {moved_before} AND {moved_after}
)
"""

_INSERT = """
INSERT INTO {occurrence} (id, rule_code, rule_version, subject_type, channel, planned_at, version,
    subject_id, organisation_id, membership_id, anchor_on, step, contact_role, contact_id, recipient, state, reason,
    due_at)
SELECT {new_id}, {code}, {rule_version}, {subject_type}, {channel}, {planned_at}, 1, plan.*
FROM ({plan} ORDER BY p.subject_id, p.offset_days, p.role, p.recipient) plan WHERE true
ON CONFLICT (rule_code, subject_id, anchor_on, step, contact_role, recipient, channel) DO UPDATE
SET state = excluded.state, reason = excluded.reason, due_at = excluded.due_at, planned_at = excluded.planned_at,
    rule_version = excluded.rule_version, settled_at = NULL, version = {occurrence}.version + 1
WHERE {occurrence}.state = 'superseded'
"""

# What has its message is left out, not only left alone: a conflict locks the row, and a worker that marks it
# sent locks message and occurrence in the other order. In order of keys, so that two planners wait in line.
_ENQUEUE = """
INSERT INTO {outbox} (id, key, topic, payload, message_id, state, priority, attempts, due_at, retry_at, last_error,
    created_at)
SELECT {new_id}, {key}, {topic}, CAST('{{"occurrence": "' || CAST(o.id AS text) || '"}}' AS {json}),
    '', 'pending', {priority}, 0, o.due_at, {real_now}, '', {at}
FROM {occurrence} o WHERE o.rule_code = {code} AND o.state = 'due' AND NOT EXISTS (
    SELECT 1 FROM {outbox} m WHERE m.key = {key} AND m.state <> 'suppressed'
) ORDER BY o.id
ON CONFLICT (key) DO UPDATE SET state = 'pending', attempts = 0, last_error = '', retry_at = excluded.retry_at,
    lease_until = NULL, lease_token = NULL
WHERE {outbox}.state = 'suppressed'
"""


@dataclass(frozen=True)
class Planned:
    """One row of the plan, as the forecast and the explainer read it."""

    subject_id: UUID
    organisation_id: UUID
    membership_id: UUID
    anchor_on: date
    step: int
    contact_role: str
    contact_id: UUID | None
    recipient: UUID
    state: str
    reason: str
    due_at: datetime


def insert_due(rule: ReminderRule, *, at: datetime) -> int:
    """Write every occurrence due by `at` that is not there yet; one statement."""
    it = Statement()
    return it.run(
        _INSERT,
        plan=_plan(it, rule, at=at, until=at),
        occurrence=Occurrence._meta.db_table,
        new_id=dialect().new_id,
        code=it.text(rule.code),
        rule_version=it.number(rule.version),
        subject_type=it.text(SOURCES[rule.kind].subject_type),
        channel=it.text(ReminderChannel.EMAIL),
        planned_at=it.moment(at),
    )


def enqueue(rule: ReminderRule, *, topic: str, at: datetime, real_now: datetime) -> int:
    """Give every due occurrence its message; one statement, and none twice."""
    it = Statement()
    return it.run(
        _ENQUEUE,
        outbox=OutboxMessage._meta.db_table,
        occurrence=Occurrence._meta.db_table,
        new_id=dialect().new_id,
        json=dialect().json,
        key=_KEY,
        topic=it.text(topic),
        priority=it.number(rule.priority),
        real_now=it.moment(real_now),
        at=it.moment(at),
        code=it.text(rule.code),
    )


def read_plan(
    rule: ReminderRule,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: Q | None = None,
    limit: int = 1000,
) -> list[Planned]:
    """The rows that the sender would write by `until`, judged at `at`; read only, in order of leaving.

    `since` leaves out what is due by then; `narrow` filters the subjects.
    """
    if until.date() < rule.effective_from:  # nothing of it ever falls due by then
        return []
    it = Statement()
    try:
        plan = _plan(it, rule, at=at, until=until, since=since, narrow=narrow)
    except EmptyResultSet:  # a scope that holds nothing
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{plan} ORDER BY p.due_at, p.subject_id, p.offset_days LIMIT {int(limit)}", it.params)
        return [_planned(*row) for row in cursor.fetchall()]


def _planned(*row: Any) -> Planned:
    """A row of the cursor in Python's types: SQLite answers text."""
    values = dict(zip(Planned.__dataclass_fields__, row, strict=True))
    for name in ("subject_id", "organisation_id", "membership_id", "contact_id", "recipient"):
        if isinstance(values[name], str):
            values[name] = UUID(values[name])
    if isinstance(values["anchor_on"], str):
        values["anchor_on"] = date.fromisoformat(values["anchor_on"])
    if isinstance(values["due_at"], str):
        values["due_at"] = datetime.fromisoformat(values["due_at"])
    if values["due_at"].tzinfo is None:
        values["due_at"] = values["due_at"].replace(tzinfo=UTC)
    return Planned(**values)


def _plan(
    it: Statement,
    rule: ReminderRule,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: Q | None = None,
) -> str:
    """The SELECT of one rule as text, its values put into the statement."""
    sql = dialect()
    due_on = sql.add_days("a.anchor_on", "a.offset_days")
    steps = rule.steps.order_by("offset_days", "pk")
    return _PLAN.format(
        columns=", ".join(COLUMNS),
        subjects=it.embed(SOURCES[rule.kind].subjects(at=at, narrow=narrow)),
        contacts=it.embed(_contacts(at.date())),
        steps=", ".join(f"({it.number(step.offset_days)}, {it.text(step.contact_role)})" for step in steps),
        mornings=_mornings(it, rule.effective_from, until.date() + timedelta(days=2)),
        nobody=it.uuid(NOBODY),
        roughly_on=sql.add_days("s.anchor_on", "step.offset_days"),
        last_on=it.day(until.date() + timedelta(days=1)),
        due_on=sql.open_day(due_on) if rule.moves_off_weekends else due_on,
        due_at=sql.moment("d.due_on", "m.seconds"),
        effective_from=it.day(rule.effective_from),
        known=it.moment(at),
        horizon=it.moment(until),
        since=it.moment(since or EVER),
        occurrence=Occurrence._meta.db_table,
        code=it.text(rule.code),
        done=", ".join(it.text(state) for state in DONE),
        moved_before=sql.add_days("p.anchor_on", str(-SMALL_MOVE_DAYS)),
        moved_after=sql.add_days("p.anchor_on", str(SMALL_MOVE_DAYS)),
    )


def _contacts(day: date) -> QuerySet:
    """Who can be written to on `day`: key, role, whose role it is, zone."""
    holder = Case(
        When(role=ContactRole.SECRETARIAT, then=Value(NOBODY, output_field=UUIDField())),
        default=F("organisation_id"),
        output_field=UUIDField(),
    )
    return Contact.objects.live(day).order_by().annotate(holder=holder).values_list("pk", "role", "holder", "zone")


def _mornings(it: Statement, first: date, last: date) -> str:
    """09:00 of every zone in use, as rows of a VALUES list."""
    zones = set(Contact.objects.order_by().values_list("zone", flat=True).distinct())
    zones |= set(Organisation.objects.order_by().values_list("zone", flat=True).distinct())
    return ", ".join(
        f"({it.text(zone)}, {it.day(start)}, {it.day(end)}, {it.number(seconds)})"
        for zone in sorted(zones) or ["UTC"]
        for start, end, seconds in mornings(zone, first, last)
    )
