"""The one definition of what a rule sends, inserted by the sender, read by forecast, rehearsal and explainer.

Nothing here asks "due today": whatever is due and not done by the horizon is in it, so that a missed
night is caught up.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from codesign.reminders.lifecycle import REARMED
from codesign.reminders.models import Occurrence, ReminderChannel
from codesign.reminders.reach import Around
from codesign.reminders.sources import SOURCES
from codesign.reminders.specs import Spec
from codesign.reminders.statement import Assumption, plan_of
from registry.kernel.dialect import Statement, dialect

_INSERT = """
INSERT INTO {occurrence} (id, rule_code, rule_version, kind, subject_type, channel, planned_at, settled_at, version,
    is_urgent, priority, subject_id, organisation_id, membership_id, anchor_on, step, contact_role, contact_id,
    recipient, addressee, state, reason, due_at)
SELECT {new_id}, {code}, {rule_version}, {kind}, {subject_type}, {channel}, {planned_at},
    CASE WHEN plan.state IN ('planned', 'due') THEN NULL ELSE {planned_at} END, 1, {is_urgent}, {priority}, plan.*
FROM ({plan} {in_order}) plan WHERE true
ON CONFLICT (rule_code, subject_id, anchor_on, step, contact_role, recipient, channel) DO UPDATE
SET state = excluded.state, reason = excluded.reason, due_at = excluded.due_at, planned_at = excluded.planned_at,
    rule_version = excluded.rule_version, addressee = excluded.addressee, letter_id = NULL, settled_at = NULL,
    version = {occurrence}.version + 1
WHERE {occurrence}.state IN ({rearmed}) AND excluded.state IN ('planned', 'due')
"""


@dataclass(frozen=True)
class Planned:
    """One row of the plan, as forecast, rehearsal and explainer read it."""

    subject_id: UUID
    organisation_id: UUID
    membership_id: UUID | None
    anchor_on: date
    step: int
    contact_role: str
    contact_id: UUID | None
    recipient: UUID
    addressee: UUID
    state: str
    reason: str
    due_at: datetime

    @property
    def identity(self) -> tuple[UUID, date, int, str, UUID]:
        """The occurrence key without what one rule shares."""
        return self.subject_id, self.anchor_on, self.step, self.contact_role, self.recipient


def insert_due(
    spec: Spec,
    *,
    at: datetime,
    until: datetime | None = None,
    since: datetime | None = None,
    narrow: Q | None = None,
) -> int:
    """Write every occurrence due by `until` (else `at`) that is not there yet; one statement."""
    it = Statement()
    try:
        plan = plan_of(it, spec, at=at, until=until or at, since=since, narrow=narrow)
    except EmptyResultSet:
        return 0
    shared = {
        "occurrence": Occurrence._meta.db_table,
        "new_id": dialect().new_id,
        "in_order": dialect().locking_order("p.subject_id, p.offset_days, p.role, p.recipient"),
        "code": it.text(spec.code),
        "rule_version": it.number(spec.version),
        "kind": it.text(spec.kind),
        "subject_type": it.text(SOURCES[spec.kind].subject_type),
        "channel": it.text(ReminderChannel.EMAIL),
        "planned_at": it.moment(at),
        "is_urgent": "true" if spec.is_urgent else "false",
        "priority": it.number(spec.priority),
        "rearmed": ", ".join(it.text(state) for state in REARMED),
    }
    with dialect().many():
        return it.run(_INSERT, plan=plan, **shared)


def read_plan(
    spec: Spec,
    *,
    at: datetime,
    until: datetime,
    since: datetime | None = None,
    narrow: Q | None = None,
    limit: int = 1000,
    assuming: tuple[Assumption, ...] = (),
    of_one: bool = False,
    rewound: bool = False,
    around: Around | None = None,
) -> list[Planned]:
    """The rows that the sender would write by `until`, judged at `at`; read only, in order of leaving.

    `since` leaves out what is due by then; `narrow` filters the subjects, `of_one` says: to those of one company or
    body. `rewound`: as it would have been read at a past `at`, as far as facts have their days. `around`: looked up
    already, where several rules are read. One query then.
    """
    if not spec.counts_in(date.min, until.date()):  # nothing of it ever falls due by then
        return []
    it = Statement()
    try:
        asked: dict[str, Any] = {"since": since, "narrow": narrow, "assuming": assuming, "rewound": rewound}
        plan = plan_of(it, spec, at=at, until=until, around=around, **asked)
    except EmptyResultSet:  # a scope that holds nothing
        return []
    order = "ORDER BY p.due_at, p.subject_id, p.offset_days, p.role"
    with nullcontext() if of_one else dialect().many(), connection.cursor() as cursor:
        cursor.execute(f"{plan} {order} LIMIT {int(limit)}", it.params)
        return [_planned(*row) for row in cursor.fetchall()]


def _planned(*row: Any) -> Planned:
    """A row of the cursor in Python's types: SQLite answers text."""
    values = dict(zip(Planned.__dataclass_fields__, row, strict=True))
    for name in ("subject_id", "organisation_id", "membership_id", "contact_id", "recipient", "addressee"):
        if isinstance(values[name], str):
            values[name] = UUID(values[name])
    if isinstance(values["anchor_on"], str):
        values["anchor_on"] = date.fromisoformat(values["anchor_on"])
    if isinstance(values["due_at"], str):
        values["due_at"] = datetime.fromisoformat(values["due_at"])
    if values["due_at"].tzinfo is None:
        values["due_at"] = values["due_at"].replace(tzinfo=UTC)
    return Planned(**values)


def window_of(spec: Spec, *, since: datetime, until: datetime) -> Q:
    """Subjects of which a step can fall due in a window: what a night has to look at.

    Two days wider than the steps say, because a weekend moves a mail, and a day on each side for zones; a closed season
    may move it further, which the full pass catches.
    """
    source, found = SOURCES[spec.kind], Q()
    for offset in sorted({offset for offset, _ in spec.steps}):
        first, last = since.date() - timedelta(days=offset + 3), until.date() - timedelta(days=offset - 1)
        found |= source.anchors(first, last)
    return found
