"""The floor of a roster: the same checks and the same rows by hand, for new people, one rule and one training each."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from registry.kernel.dialect import dialect
from registry.kernel.loading import load
from tests.bench.book import AT, stamp

CHUNK = 2000
_REFERENCE = re.compile(r"[A-Z]{1,3}[0-9]{3,12}")
_COLUMNS = (
    "id",
    "number",
    "reference",
    "key",
    "site_id",
    "role",
    "employment",
    "language",
    "hired_on",
    "left_on",
    "course_id",
    "completed_on",
    "target",
)
_TABLE = """
CREATE TEMPORARY TABLE floor_row (id {uuid} PRIMARY KEY, number integer, reference varchar(40), key varchar(40),
  site_id {uuid}, role varchar(20), employment varchar(10), language varchar(10), hired_on date, left_on date,
  course_id {uuid}, completed_on date, target {uuid})
"""
_STEPS = (
    """INSERT INTO codesign_staffmember (id, company_id, site_id, reference, reference_key, role, employment, language,
  hired_on, left_on, created_at, changed_at, version) SELECT id, {company}, site_id, reference, key, role, employment,
  language, hired_on, left_on, {at}, {at}, 1 FROM floor_row WHERE {inside} AND target IS NULL ORDER BY key""",
    """INSERT INTO codesign_posting (id, staff_member_id, site_id, role, employment, hired_on, valid_from, valid_until,
  recorded_at) SELECT id, id, site_id, role, employment, hired_on, hired_on, left_on, {at} FROM floor_row
  WHERE {inside} AND target IS NULL ORDER BY key""",
    """INSERT INTO codesign_completion (id, staff_member_id, course_id, completed_on, source, recorded_at,
  superseded_reason) SELECT id, id, course_id, completed_on, 'roster', {at}, '' FROM floor_row
  WHERE {inside} AND course_id IS NOT NULL ORDER BY key""",
    """INSERT INTO codesign_statustile (staff_member_id, company_id, site_id, role, employment, status, first_day,
  last_day) SELECT id, {company}, site_id, role, employment, status, first_day, last_day FROM (
  SELECT r.*, 'in_grace' AS status, hired_on AS first_day,
    CASE WHEN completed_on <= {grace} THEN {before_training} ELSE {grace} END AS last_day FROM floor_row r
    WHERE {inside} AND (completed_on IS NULL OR completed_on > hired_on)
  UNION ALL SELECT r.*, 'never_trained', {after_grace}, COALESCE({before_training}, {end}) FROM floor_row r
    WHERE {inside} AND (completed_on IS NULL OR {before_training} > {grace})
  UNION ALL SELECT r.*, 'valid', completed_on, {expiry} FROM floor_row r WHERE {inside} AND completed_on IS NOT NULL
  UNION ALL SELECT r.*, 'lapsed', {after_expiry}, {end} FROM floor_row r WHERE {inside} AND completed_on IS NOT NULL
  ) t ORDER BY key""",
    "INSERT INTO floor_journal (person, was_new) SELECT id, 1 FROM floor_row WHERE {inside}",
    """INSERT INTO registry_auditevent (id, at, recorded_at, actor_label, request_id, action, object_type, object_id,
  changes) VALUES ({new_id}, {at}, {at}, 'floor', '', 'rosters.apply', 'company', {company}, '{{}}')""",
)


def write_by_hand(content: bytes, company: UUID) -> None:
    """Stage, check, compare, insert by chunks, journal, audit."""
    postgres = connection.vendor == "postgresql"
    uuid = "uuid" if postgres else "char(32)"
    with connection.cursor() as cursor:
        for table in ("floor_row", "floor_journal"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(_TABLE.format(uuid=uuid))
        cursor.execute(f"CREATE TEMPORARY TABLE floor_journal (person {uuid}, was_new integer)")
        known = _known(cursor, company)
        rows = _checked(content, *known)
        with transaction.atomic():
            load("floor_row", _COLUMNS, rows)
        cursor.execute("CREATE INDEX floor_by_key ON floor_row (key)")
        cursor.execute("SELECT key FROM floor_row GROUP BY key HAVING COUNT(*) > 1 LIMIT 1")
        if cursor.fetchall():
            raise RuntimeError("somebody twice")
        hand = company if postgres else company.hex
        cursor.execute(
            "UPDATE floor_row SET target = s.id FROM codesign_staffmember s "
            "WHERE s.company_id = %s AND s.reference_key = floor_row.key",
            [hand],
        )
        cursor.execute("SELECT key FROM floor_row ORDER BY key")
        keys = [key for (key,) in cursor.fetchall()]
        for start in range(0, len(keys), CHUNK):
            with transaction.atomic():
                _write(cursor, company, keys[start], keys[min(start + CHUNK, len(keys)) - 1], postgres)


def _known(cursor: Any, company: UUID) -> tuple[dict[str, str], dict[str, str]]:
    hand = company if connection.vendor == "postgresql" else company.hex
    cursor.execute("SELECT name, id FROM codesign_site WHERE company_id = %s", [hand])
    sites = {name: str(key).replace("-", "") for name, key in cursor.fetchall()}
    cursor.execute("SELECT code, id FROM codesign_course WHERE company_id IS NULL")
    return sites, {code: str(key).replace("-", "") for code, key in cursor.fetchall()}


def _checked(content: bytes, sites: dict[str, str], courses: dict[str, str]) -> Any:
    reader = csv.reader(io.TextIOWrapper(BytesIO(content), encoding="utf-8", newline=""))
    next(reader)
    days: dict[str, str] = {"": ""}
    for number, (reference, site, role, employment, language, hired, left, course, done) in enumerate(reader, start=2):
        if not _REFERENCE.fullmatch(reference):
            raise RuntimeError("no reference")
        for told in (hired, left, done):
            if told not in days:
                days[told] = date.fromisoformat(told).isoformat()
        yield (
            uuid7().hex, number, reference, reference.lower(), sites[site], role, employment, language, hired,
            left or None, courses[course] if course else None, done or None, None,
        )  # fmt: skip


def _write(cursor: Any, company: UUID, first: str, last: str, postgres: bool) -> None:
    sql = dialect()
    at, end = f"'{stamp(AT)}'", "CAST('2200-12-31' AS date)" if postgres else "'2200-12-31'"
    expiry = "CAST(completed_on + interval '24 months' AS date)" if postgres else "date(completed_on, '24 months')"
    parts = {
        "company": f"'{company}'" if postgres else f"'{company.hex}'",
        "at": f"{at}::timestamptz" if postgres else at,
        "inside": f"key >= '{first}' AND key <= '{last}'",
        "grace": sql.add_days("hired_on", "90"),
        "after_grace": sql.add_days("hired_on", "91"),
        "before_training": sql.add_days("completed_on", "-1"),
        "expiry": expiry,
        "after_expiry": sql.add_days(expiry, "1"),
        "end": end,
        "new_id": sql.new_id,
    }
    for step in _STEPS:
        cursor.execute(step.format(**parts))
