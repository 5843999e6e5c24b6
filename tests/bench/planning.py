"""Planning reminders over every open obligation, against the plain statement that a person would write."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from codesign.reminders import actions, planner
from codesign.reminders.models import ReminderRule
from registry.kernel import clock
from registry.kernel.dialect import dialect
from tests.bench.book import AT, representative, stamp
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import own_backend_cpu_ns

# The book's today is a Sunday: what falls on its weekend leaves on Monday.
_LAST_DAY = "2026-11-20"
_STEPS = (
    "(-30, 'reporting_officer', -7), (-7, 'reporting_officer', 1), (1, 'reporting_officer', 30), "
    "(30, 'reporting_officer', 60), (60, 'reporting_officer', 9999), (30, 'lcr_officer', 60), "
    "(60, 'lcr_officer', 9999), (60, 'secretariat', 9999)"
)
# No zones, no calendar, no moved or muted subjects, no reasons: a date, a step, a contact.
_OCCURRENCES = """
INSERT INTO codesign_occurrence (id, rule_code, rule_version, subject_type, channel, planned_at, version, subject_id,
    organisation_id, membership_id, anchor_on, step, contact_role, contact_id, recipient, state, reason, due_at)
WITH step (days, role, next_days) AS (VALUES {steps})
SELECT {new_id}, 'report-due', 1, 'report_obligation', 'email', '{at}', 1, o.id, o.company_id, o.membership_id,
    o.due_on, s.days, s.role, c.id, c.id,
    CASE WHEN {next_on} <= '{last_day}' THEN 'skipped_late' ELSE 'due' END, '', {due_at}
FROM codesign_reportobligation o
JOIN codesign_codemembership m ON m.id = o.membership_id
CROSS JOIN step s
JOIN members_contact c ON c.role = s.role AND c.organisation_id = CASE s.role
    WHEN 'lcr_officer' THEN m.representative_id WHEN 'secretariat' THEN '{secretariat}' ELSE o.company_id END
WHERE o.fulfilled_on IS NULL AND m.state = 'active' AND {due_on} <= '{last_day}'
ORDER BY o.id, s.days
ON CONFLICT DO NOTHING
"""
_MESSAGES = """
INSERT INTO registry_outboxmessage (id, key, topic, payload, message_id, state, priority, attempts, due_at, retry_at,
    last_error, created_at)
SELECT {new_id}, CAST(id AS text), 'reminders.mail', CAST('{{"occurrence": "' || CAST(id AS text) || '"}}' AS {json}),
    '', 'pending', 5, 0, due_at, '{at}', '', '{at}'
FROM codesign_occurrence WHERE rule_code = 'report-due' AND state = 'due'
ON CONFLICT DO NOTHING
"""
_COUNTS = "SELECT state, step, COUNT(*) FROM codesign_occurrence GROUP BY state, step ORDER BY state, step"


def measure(*, rounds: int) -> dict[str, dict[str, Samples]]:
    """The occurrences alone, and with their messages in the outbox."""
    rule = ReminderRule.objects.get()
    written: dict[str, Any] = {}
    occurrences = {
        "floor": lambda: _execute(_OCCURRENCES),
        "register": lambda: planner.insert_due(rule, at=AT),
    }
    with_messages = {
        "floor": lambda: (_execute(_OCCURRENCES), _execute(_MESSAGES)),
        "register": lambda: actions.plan(at=AT),
    }
    found = {}
    for title, variants in (("planning", occurrences), ("planning and outbox", with_messages)):
        samples = {name: _sample(name, work, written) for name, work in variants.items()}
        found[title] = in_turn(samples, rounds)
    return found


def _execute(statement: str) -> None:
    sql = dialect()
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                steps=_STEPS,
                new_id=sql.new_id,
                json=sql.json,
                at=stamp(clock.now()),
                last_day=_LAST_DAY,
                secretariat=representative("BE"),
                due_on=sql.add_days("o.due_on", "s.days"),
                next_on=sql.add_days("o.due_on", "s.next_days"),
                due_at=sql.moment(sql.add_days("o.due_on", "s.days"), "32400"),
            )
        )


def _sample(name: str, work: Callable[[], Any], written: dict[str, Any]) -> Callable[[], float]:
    def sample() -> float:
        _reset()
        before = time.process_time_ns() + own_backend_cpu_ns()
        with transaction.atomic():
            work()
        cost = (time.process_time_ns() + own_backend_cpu_ns() - before) / 1e6
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS)
            rows = cursor.fetchall()
        if not rows or rows != written.setdefault("rows", rows):
            raise RuntimeError(f"{name} wrote other rows:\n{rows}\n{written['rows']}")
        return cost

    return sample


def _reset() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE codesign_occurrence, registry_outboxmessage CASCADE")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("DELETE FROM codesign_occurrence")
            cursor.execute("DELETE FROM registry_outboxmessage")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
