"""From due occurrences to messages in the outbox: one letter a day and person; what is urgent has its own."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from codesign.reminders.models import Occurrence, ReminderRule
from codesign.reminders.rules import awake, local_day, next_morning
from members.people.models import Contact
from registry.kernel.dialect import Statement, dialect
from registry.kernel.outbox.models import OutboxMessage

TOPIC = "reminders.mail"

# `spent`: the letter of the day has left, or is leaving with what it holds; what comes later waits for tomorrow.
# What has its message is left out, not only left alone: a conflict locks the row, and a worker that marks it sent
# locks message and occurrence in the other order. In order of keys, so that two planners wait in line. Zones come last,
# or SQLite goes through all occurrences for each of them; `spent` is asked once a row.
_ENQUEUE = """
INSERT INTO {outbox} (id, key, topic, payload, message_id, state, priority, attempts, due_at, retry_at, last_error,
    created_at)
WITH zone (name, today, awake_at, tomorrow, tomorrow_at) AS (VALUES {zones}),
waiting AS (
    SELECT o.addressee, o.priority, z.*, CASE WHEN o.is_urgent THEN {own} ELSE {shared} END AS stem,
        CASE WHEN o.is_urgent THEN CAST(o.id AS text) ELSE '' END AS occurrence, o.is_urgent
    FROM {occurrence} o LEFT JOIN {contact} c ON c.id = o.addressee CROSS JOIN zone z
    WHERE z.name = COALESCE(c.zone, 'UTC') AND o.state = 'due' AND o.letter_id IS NULL AND o.rule_code IN ({codes})
),
addressed AS MATERIALIZED (
    SELECT w.*, NOT w.is_urgent AND EXISTS (SELECT 1 FROM {outbox} m WHERE m.key = w.stem || w.today
        AND (m.state IN ('sent', 'dead') OR m.state = 'pending' AND m.attempts > 0)) AS spent
    FROM waiting w
),
letter AS (
    SELECT CASE WHEN is_urgent THEN stem WHEN spent THEN stem || tomorrow ELSE stem || today END AS key, occurrence,
        addressee, priority, CASE WHEN spent THEN tomorrow_at ELSE awake_at END AS leaves_at
    FROM addressed
)
SELECT {new_id}, key, {topic},
    CAST('{{"addressee": "' || CAST(addressee AS text) || '", "occurrence": "' || occurrence || '"}}' AS {json}),
    '', 'pending', MIN(priority), 0, leaves_at, {real_now}, '', {at}
FROM letter WHERE NOT EXISTS (SELECT 1 FROM {outbox} m WHERE m.key = letter.key AND m.state <> 'suppressed')
GROUP BY key, occurrence, addressee, leaves_at ORDER BY key
ON CONFLICT (key) DO UPDATE SET state = 'pending', attempts = 0, last_error = '', retry_at = excluded.retry_at,
    due_at = excluded.due_at, lease_until = NULL, lease_token = NULL
WHERE {outbox}.state = 'suppressed'
"""


def enqueue(*, at: datetime, real_now: datetime) -> int:
    """Give every due occurrence a letter to go into; a statement for each set of hours, and none twice."""
    codes = set(Occurrence.objects.due().order_by().values_list("rule_code", flat=True).distinct())
    if not codes:
        return 0
    hours: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    known = ReminderRule.objects.published().filter(code__in=codes).order_by("effective_from", "version")
    latest = {code: rest for code, *rest in known.values_list("code", "hour", "quiet_from", "quiet_until")}
    for code in codes:  # a nudge has no rule of its own: the usual hours
        hour, quiet_from, quiet_until = latest.get(code, (9, 20, 7))
        hours[hour, quiet_from, quiet_until].add(code)
    zones = {"UTC", *Contact.objects.order_by().values_list("zone", flat=True).distinct()}
    return sum(_enqueue(at, real_now, zones, hour, quiet, group) for (hour, *quiet), group in sorted(hours.items()))


def _enqueue(at: datetime, real_now: datetime, zones: set[str], hour: int, quiet: list[int], codes: set[str]) -> int:
    it, sql = Statement(), dialect()
    rows = []
    for zone in sorted(zones):
        tomorrow_at = next_morning(zone, at, hour=hour)
        days = (local_day(zone, at), local_day(zone, tomorrow_at))
        awake_at = awake(zone, at, quiet_from=quiet[0], quiet_until=quiet[1])
        today, tomorrow = (it.text(day.isoformat()) for day in days)
        rows.append(f"({it.text(zone)}, {today}, {it.moment(awake_at)}, {tomorrow}, {it.moment(tomorrow_at)})")
    return it.run(
        _ENQUEUE,
        outbox=OutboxMessage._meta.db_table,
        occurrence=Occurrence._meta.db_table,
        contact=Contact._meta.db_table,
        zones=", ".join(rows),
        codes=", ".join(it.text(code) for code in sorted(codes)),
        own="'urgent:' || REPLACE(CAST(o.id AS text), '-', '')",
        shared="'letter:' || REPLACE(CAST(o.addressee AS text), '-', '') || ':'",
        new_id=sql.new_id,
        json=sql.json,
        topic=it.text(TOPIC),
        real_now=it.moment(real_now),
        at=it.moment(at),
    )
