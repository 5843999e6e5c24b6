"""Planning reminders over every open obligation, against the plain statement that a person would write."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from codesign.reminders import actions, planner
from codesign.reminders.models import ReminderRule
from codesign.reminders.specs import Spec, spec_of
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
INSERT INTO codesign_occurrence (id, rule_code, rule_version, kind, subject_type, channel, planned_at, version, is_urgent,
    priority, subject_id, organisation_id, membership_id, anchor_on, step, contact_role, contact_id, recipient,
    addressee, state, reason, due_at)
WITH step (days, role, next_days) AS (VALUES {steps})
SELECT {new_id}, 'report-due', 1, 'report_due', 'report_obligation', 'email', '{at}', 1, false, 3, o.id, o.company_id, o.membership_id,
    o.due_on, s.days, s.role, c.id, c.id, c.id,
    CASE WHEN {next_on} <= '{last_day}' THEN 'skipped_late' ELSE 'due' END, '', {due_at}
FROM codesign_reportobligation o
JOIN codesign_codemembership m ON m.id = o.membership_id
CROSS JOIN step s
JOIN members_contact c ON c.role = s.role AND c.organisation_id = CASE s.role
    WHEN 'lcr_officer' THEN m.representative_id WHEN 'secretariat' THEN '{secretariat}' ELSE o.company_id END
WHERE o.fulfilled_on IS NULL AND m.state = 'active' AND {due_on} BETWEEN '{first_day}' AND '{last_day}'
ORDER BY o.id, s.days
ON CONFLICT DO NOTHING
"""
_MESSAGES = """
INSERT INTO registry_outboxmessage (id, key, topic, payload, message_id, state, priority, attempts, due_at, retry_at,
    last_error, created_at)
SELECT {new_id}, CAST(addressee AS text), 'reminders.mail',
    CAST('{{"addressee": "' || CAST(addressee AS text) || '"}}' AS {json}), '', 'pending', 3, 0, MIN(due_at), '{at}', '',
    '{at}'
FROM codesign_occurrence WHERE rule_code = 'report-due' AND state = 'due' GROUP BY addressee
ON CONFLICT DO NOTHING
"""
# A million derived statuses: who lapses in which month, told to the officer of the company.
_LAPSING = """
INSERT INTO codesign_occurrence (id, rule_code, rule_version, kind, subject_type, channel, planned_at, version, is_urgent,
    priority, subject_id, organisation_id, membership_id, anchor_on, step, contact_role, contact_id, recipient,
    addressee, state, reason, due_at)
WITH lapsing (company_id, month) AS (
    SELECT DISTINCT company_id, {month} FROM codesign_statustile WHERE status = 'lapsed'
)
SELECT {new_id}, 'training-lapsing', 1, 'training_lapsing', 'membership', 'email', '{at}', 1, false, 7, m.id,
    l.company_id, m.id, l.month, -31, 'training_officer', c.id, c.id, c.id,
    CASE WHEN l.month < MAX(l.month) OVER (PARTITION BY l.company_id) THEN 'skipped_late' ELSE 'due' END, '', {lapses_at}
FROM lapsing l
JOIN codesign_codemembership m ON m.company_id = l.company_id AND m.is_current AND m.state = 'active'
JOIN members_contact c ON c.role = 'reporting_officer' AND c.organisation_id = l.company_id
WHERE l.month <= '2026-12-01'
ORDER BY m.id, l.month
ON CONFLICT DO NOTHING
"""
_COUNTS = "SELECT state, step, COUNT(*) FROM codesign_occurrence GROUP BY state, step ORDER BY state, step"


def measure(*, rounds: int) -> dict[str, dict[str, Samples]]:
    """A million facts, the reports of everybody, the same with their letters, and one night's window of them."""
    rules = ReminderRule.objects.prefetch_related("steps")
    report, lapsing = (spec_of(rules.get(code=code)) for code in ("report-due", "training-lapsing"))
    lapsing = replace(lapsing, late_days=None)
    # A Friday's night: the two days before the book's today are its weekend.
    night = {"at": AT - timedelta(days=2), "since": AT - timedelta(days=3)}
    window = planner.window_of(report, since=night["since"], until=night["at"])
    variants = {
        "planning": {
            "floor": lambda: _execute(_OCCURRENCES),
            "register": lambda: planner.insert_due(report, at=AT),
        },
        "planning, a million facts": {
            "floor": lambda: _execute(_LAPSING),
            "register": lambda: planner.insert_due(lapsing, at=AT),
        },
        "planning, one night": {
            "floor": lambda: _execute(_OCCURRENCES, first_day=_LAST_DAY),
            "register": lambda: planner.insert_due(report, **night, narrow=window),
        },
        "planning and outbox": {
            "floor": lambda: (_execute(_OCCURRENCES), _execute(_MESSAGES)),
            "register": lambda: _plan_and_post(report),
        },
    }
    found = {}
    for title, pair in variants.items():
        written: dict[str, Any] = {}
        found[title] = in_turn({name: _sample(name, work, written) for name, work in pair.items()}, rounds)
    return found


def _plan_and_post(spec: Spec) -> None:
    planner.insert_due(spec, at=AT)
    actions.post(at=AT)


def _execute(statement: str, *, first_day: str = "1900-01-01") -> None:
    sql = dialect()
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                steps=_STEPS,
                new_id=sql.new_id,
                json=sql.json,
                at=stamp(clock.now()),
                first_day=first_day,
                last_day=_LAST_DAY,
                month="CAST(date_trunc('month', first_day) AS date)"
                if connection.vendor == "postgresql"
                else "date(first_day, 'start of month')",
                lapses_at=sql.moment(sql.add_days("l.month", "-31"), "32400"),
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
