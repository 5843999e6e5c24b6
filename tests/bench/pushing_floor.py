"""The floor of a push: the same checks and the same rows by hand, for people with one post and one rule. No login."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from uuid_utils.compat import uuid7

from registry.kernel.calendar import add_months
from tests.bench.book import AT, DAY, PUSHERS, stamp

_DAY = timedelta(days=1)
_PEOPLE = """
SELECT reference_key, id, site_id FROM codesign_staffmember WHERE company_id = ? AND reference_key IN ({many})
"""
_COMPLETION = (
    "INSERT INTO codesign_completion (id, staff_member_id, course_id, completed_on, source, recorded_at, "
    "superseded_reason) VALUES (?, ?, ?, ?, 'company_system', ?, '') ON CONFLICT DO NOTHING"
)
_DONE = """
SELECT staff_member_id, MIN(completed_on), MAX(completed_on) FROM codesign_completion
WHERE superseded_at IS NULL AND staff_member_id IN ({many}) GROUP BY staff_member_id
"""
_FORGET = "DELETE FROM codesign_statustile WHERE status <> 'in_grace' AND staff_member_id IN ({many})"
_TILE = (
    "INSERT INTO codesign_statustile (staff_member_id, company_id, site_id, role, employment, status, first_day, "
    "last_day) VALUES (?, ?, ?, 'front_desk', 'regular', ?, ?, ?)"
)
_AUDIT = (
    "INSERT INTO registry_auditevent (id, at, recorded_at, actor_label, request_id, action, object_type, object_id, "
    "changes) VALUES (?, ?, ?, 'floor', '', 'completions.push', 'company', ?, ?)"
)
_NEVER_UNTIL_GRACE = "2020-04-01"
_END = "2200-12-31"


class _Writer:
    """One transaction on either engine."""

    def __init__(self, database: Any) -> None:
        self.postgres, self.sqlite = database.postgres, database.sqlite if database.postgres is None else None

    def rows(self, sql: str, first: tuple[Any, ...], many: list[Any], kind: str) -> list[tuple[Any, ...]]:
        if self.postgres is None:
            listed = "SELECT value FROM json_each(?)"
            return self.sqlite.execute(sql.format(many=listed), (*first, orjson.dumps(many).decode())).fetchall()
        text = sql.replace("IN ({many})", f"= ANY(%s::{kind}[])").replace("?", "%s")
        cursor = self.postgres.execute(text, (*first, many))
        return cursor.fetchall() if cursor.description else []

    def write(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        if self.postgres is None:
            self.sqlite.executemany(sql, rows)
        else:
            with self.postgres.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), rows)

    def do(self, sql: str) -> None:
        (self.sqlite or self.postgres).execute(sql)


def push(database: Any, body: bytes) -> bytes:
    """Check, write, derive, audit, answer."""
    items, company = orjson.loads(body), PUSHERS["floor"]
    it = _Writer(database)
    it.do("BEGIN" if it.postgres else "BEGIN IMMEDIATE")
    keys = [item["reference"].lower() for item in items]
    people = {row[0]: row for row in it.rows(_PEOPLE, (company,), keys, "text")}
    codes = list({item["course"] for item in items})
    courses = dict(it.rows("SELECT code, id FROM codesign_course WHERE code IN ({many})", (), codes, "text"))
    results, fresh, now = [], [], stamp(AT) if it.sqlite else AT
    for index, (key, item) in enumerate(zip(keys, items, strict=True)):
        person, course = people.get(key), courses.get(item["course"])
        day = date.fromisoformat(item["completed_on"])
        if person is None or course is None or day > DAY:
            results.append({"index": index, "status": "error", "id": None, "errors": [{"code": "unknown_reference"}]})
            continue
        row = uuid7()
        fresh.append((row.hex, person[1], course, item["completed_on"], now))
        results.append({"index": index, "status": "created", "id": row, "errors": []})
    it.write(_COMPLETION, fresh)
    touched = [row[1] for row in fresh]
    done = it.rows(_DONE, (), touched, "uuid")
    it.rows(_FORGET, (), touched, "uuid")
    sites = {row[1]: row[2] for row in people.values()}
    it.write(_TILE, [tile for row in done for tile in _tiles(row, sites[row[0]], company)])
    changes = orjson.dumps({"created": [0, len(fresh)]}).decode()
    it.write(_AUDIT, [(uuid.uuid4().hex, now, now if it.sqlite else datetime.now(UTC), company, changes)])
    it.do("COMMIT")
    return orjson.dumps(results)


def _tiles(row: tuple[Any, Any, Any], site: Any, company: str) -> list[tuple[Any, ...]]:
    """Never trained before the first day, valid for 24 months after the last, lapsed from then on."""
    person, first, last = row
    if isinstance(first, str):
        first, last = date.fromisoformat(first), date.fromisoformat(last)
    expires = add_months(last, 24)
    return [
        (person, company, site, "never_trained", _NEVER_UNTIL_GRACE, (first - _DAY).isoformat()),
        (person, company, site, "valid", first.isoformat(), expires.isoformat()),
        (person, company, site, "lapsed", (expires + _DAY).isoformat(), _END),
    ]
