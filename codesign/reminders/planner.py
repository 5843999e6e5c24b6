"""The one definition of what a rule sends: a single SELECT over subjects, steps, contacts and mornings.

The sender inserts from it; the forecast and the explainer read it. Nothing here asks "due today":
whatever is due and not done by the horizon is in it, so that a missed night is caught up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from codesign.reminders.lifecycle import DONE, OccurrenceState
from codesign.reminders.models import NOBODY, Occurrence, ReminderChannel, ReminderRule
from codesign.reminders.rules import SMALL_MOVE_DAYS, mornings
from codesign.reminders.sources import COLUMNS, SOURCES
from members.people.models import Contact, ContactRole
from registry.kernel.dialect import dialect

_S = OccurrenceState

# `newest` is the last step that was due already at %(known)s: what is older and not done is late. Without a
# representative the secretariat stands in; its contacts stand under NOBODY because they answer for everyone.
_PLAN = """
WITH subject ({columns}) AS ({subjects}),
contact (contact_id, role, holder, zone) AS ({contacts}),
step (offset_days, role) AS (VALUES {steps}),
morning (zone, first_on, last_on, seconds) AS (VALUES {mornings}),
audience AS (
    SELECT DISTINCT s.*, step.offset_days,
        CASE WHEN step.role = 'lcr_officer' AND s.representative_id IS NULL THEN 'secretariat' ELSE step.role END AS role,
        CASE WHEN step.role = 'lcr_officer' THEN COALESCE(s.representative_id, {nobody})
             WHEN step.role = 'secretariat' THEN {nobody} ELSE s.organisation_id END AS holder
    FROM subject s CROSS JOIN step
),
addressed AS (
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
    CASE WHEN p.offset_days < p.newest THEN 'skipped_late' WHEN p.contact_id IS NULL THEN 'suppressed' ELSE 'due' END,
    CASE WHEN p.offset_days < p.newest THEN 'newer_step' WHEN p.contact_id IS NULL THEN 'no_contact' ELSE '' END,
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
    subject_id, organisation_id, membership_id, anchor_on, step, contact_role, contact_id, recipient, state, reason, due_at)
SELECT {new_id}, {code}, {rule_version}, {subject_type}, {channel}, {planned_at}, 1, plan.*
FROM ({plan} ORDER BY p.subject_id, p.offset_days) plan WHERE true
ON CONFLICT (rule_code, subject_id, anchor_on, step, contact_role, recipient, channel) DO UPDATE
SET state = excluded.state, reason = excluded.reason, due_at = excluded.due_at, planned_at = excluded.planned_at,
    rule_version = excluded.rule_version, settled_at = NULL, version = {occurrence}.version + 1
WHERE {occurrence}.state = 'superseded'
"""

_ENQUEUE = """
INSERT INTO {outbox} (id, key, topic, payload, message_id, state, priority, attempts, due_at, retry_at, last_error, created_at)
SELECT {new_id}, {key}, {topic}, CAST('{{"occurrence": "' || CAST(o.id AS text) || '"}}' AS {json}),
    '', 'pending', {priority}, 0, o.due_at, {real_now}, '', {at}
FROM {occurrence} o WHERE o.rule_code = {code} AND o.state = 'due'
ON CONFLICT (key) DO UPDATE SET state = 'pending', attempts = 0, last_error = '', retry_at = excluded.retry_at,
    lease_until = NULL, lease_token = NULL
WHERE {outbox}.state = 'suppressed'
"""


@dataclass
class Statement:
    """SQL in the making: `put` takes a value and answers its placeholder."""

    params: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> str:
        """A placeholder that stands for `value`."""
        name = f"v{len(self.params)}"
        self.params[name] = _adapted(value)
        return f"%({name})s"

    def embed(self, rows: QuerySet) -> str:
        """The SQL of a queryset, its values among ours; a query that can't match becomes one without rows."""
        try:
            sql, values = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            nulls = ", ".join(["NULL"] * len(rows.query.values_select or rows.query.annotation_select))
            return f"SELECT {nulls} WHERE false"  # noqa: S608 - no input in it
        return sql % tuple(self.put(value) for value in values)

    def run(self, template: str, **parts: str) -> int:
        """Execute; the count of rows written."""
        with connection.cursor() as cursor:
            cursor.execute(template.format(**parts), self.params)
            return cursor.rowcount


@dataclass(frozen=True)
class Planned:
    """One row of the plan, as the forecast and the explainer read it."""

    subject_id: UUID
    organisation_id: UUID
    membership_id: UUID
    anchor_on: Any
    step: int
    contact_role: str
    contact_id: UUID | None
    recipient: UUID
    state: str
    reason: str
    due_at: datetime


def insert_due(rule: ReminderRule, *, at: datetime) -> int:
    """Write every occurrence due by `at` that is not there yet; one statement."""
    statement = Statement()
    plan = _plan(statement, rule, at=at, until=at)
    return statement.run(
        _INSERT,
        plan=plan,
        occurrence=Occurrence._meta.db_table,
        new_id=dialect().new_id,
        code=_text(statement, rule.code),
        rule_version=f"CAST({statement.put(rule.version)} AS integer)",
        subject_type=_text(statement, SOURCES[rule.kind].subject_type),
        channel=_text(statement, ReminderChannel.EMAIL),
        planned_at=_moment(statement, at),
    )


def enqueue(rule: ReminderRule, *, topic: str, at: datetime, real_now: datetime) -> int:
    """Give every due occurrence its message; one statement, and none twice."""
    from registry.kernel.outbox.models import OutboxMessage

    statement = Statement()
    return statement.run(
        _ENQUEUE,
        outbox=OutboxMessage._meta.db_table,
        occurrence=Occurrence._meta.db_table,
        new_id=dialect().new_id,
        json=dialect().json,
        key=_KEY,
        topic=_text(statement, topic),
        priority=f"CAST({statement.put(rule.priority)} AS integer)",
        real_now=_moment(statement, real_now),
        at=_moment(statement, at),
        code=_text(statement, rule.code),
    )


def read_plan(
    rule: ReminderRule,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: dict[str, Any] | None = None,
    limit: int = 1000,
) -> list[Planned]:
    """The rows that the sender would write by `until`, judged at `at`; read only, in order of leaving.

    `since` leaves out what is due by then; `narrow` filters the subjects.
    """
    statement = Statement()
    plan = _plan(statement, rule, at=at, until=until, since=since, narrow=narrow)
    with connection.cursor() as cursor:
        cursor.execute(f"{plan} ORDER BY p.due_at, p.subject_id, p.offset_days LIMIT {int(limit)}", statement.params)
        rows = cursor.fetchall()
    return [_read(row) for row in rows]


_KEY = " || ':' || ".join(
    ("o.rule_code", "REPLACE(CAST(o.subject_id AS text), '-', '')", "CAST(o.anchor_on AS text)", "CAST(o.step AS text)")
    + ("o.contact_role", "REPLACE(CAST(o.recipient AS text), '-', '')", "o.channel")
)


def _plan(
    statement: Statement,
    rule: ReminderRule,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: dict[str, Any] | None = None,
) -> str:
    """The SELECT of one rule as text, its values put into `statement`."""
    sql, source = dialect(), SOURCES[rule.kind]
    due_on = sql.add_days("a.anchor_on", "a.offset_days")
    contacts = Contact.objects.live(at.date()).order_by()
    return _PLAN.format(
        columns=", ".join(COLUMNS),
        subjects=statement.embed(source.subjects(at=at, **({"narrow": narrow} if narrow else {}))),
        contacts=_contacts(statement, contacts),
        steps=", ".join(
            f"(CAST({statement.put(step.offset_days)} AS integer), {_text(statement, step.contact_role)})"
            for step in rule.steps.order_by("offset_days", "pk")
        ),
        mornings=_mornings(statement, rule, until),
        nobody=_uuid(statement, NOBODY),
        due_on=sql.open_day(due_on) if rule.moves_off_weekends else due_on,
        due_at=sql.moment("d.due_on", "m.seconds"),
        effective_from=_day(statement, rule.effective_from),
        known=_moment(statement, at),
        horizon=_moment(statement, until),
        since=_moment(statement, since or datetime.min.replace(year=1900, tzinfo=at.tzinfo)),
        occurrence=Occurrence._meta.db_table,
        code=_text(statement, rule.code),
        done=", ".join(_text(statement, state) for state in DONE),
        moved_before=sql.add_days("p.anchor_on", str(-SMALL_MOVE_DAYS)),
        moved_after=sql.add_days("p.anchor_on", str(SMALL_MOVE_DAYS)),
    )
