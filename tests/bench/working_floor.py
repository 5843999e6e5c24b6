"""The floor of the worklist: one prepared statement on the register's own tables, ranked by the database, orjson.

No login, one representative's side, the same pieces of work in the same order. Large tables are named by IN, not by
the join alone: SQLite would go through all of each first to make a filter of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson

from tests.bench.book import DAY
from tests.bench.floor import Database

_MINE = """
WITH mine AS MATERIALIZED (
    SELECT m.id, m.company_id, m.state, m.approved_on, m.member_since, o.name, o.country_id, c.category
    FROM codesign_codemembership m JOIN members_organisation o ON o.id = m.company_id
    JOIN codesign_company c ON c.organisation_id = m.company_id
    WHERE o.country_id = '{country}' AND m.scheme = 'the_code'
), members AS MATERIALIZED (
    SELECT id, company_id, member_since FROM mine WHERE state IN ('active', 'suspended')
), people AS MATERIALIZED (
    SELECT t.company_id, t.site_id, COUNT(*) AS n,
        SUM(CASE WHEN t.status = 'valid' THEN 1 ELSE 0 END) AS valid,
        SUM(CASE WHEN t.status <> 'in_grace' THEN 1 ELSE 0 END) AS counted
    FROM codesign_statustile t WHERE t.company_id IN (SELECT company_id FROM members)
        AND t.first_day <= '{then}' AND t.last_day >= '{then}' GROUP BY t.company_id, t.site_id
), beyond AS MATERIALIZED (
    SELECT m.company_id, (
        SELECT SUM({most}(h.staff_count - (SELECT COUNT(*) FROM codesign_statustile t
            WHERE t.site_id = s.id AND t.first_day <= '{then}' AND t.last_day >= '{then}'), 0))
        FROM codesign_site s JOIN codesign_headcount h ON h.site_id = s.id
        WHERE s.company_id = m.company_id AND h.superseded_at IS NULL
            AND (h.valid_from IS NULL OR h.valid_from <= '{then}')
            AND (h.valid_until IS NULL OR h.valid_until >= '{then}')
            AND (s.opened_on IS NULL OR s.opened_on <= '{then}') AND (s.closed_on IS NULL OR s.closed_on >= '{then}')
            AND (s.owned_since IS NULL OR s.owned_since <= '{then}')) AS n
    FROM members m
), trained AS MATERIALIZED (
    SELECT company_id, SUM(valid) AS valid, SUM(counted) AS counted FROM people GROUP BY company_id
), newest AS (
    SELECT d.membership_id, d.effective_on, d.version FROM mine m JOIN codesign_decision d ON d.membership_id = m.id
    WHERE d.version = (SELECT MAX(e.version) FROM codesign_decision e WHERE e.membership_id = m.id)
), raw AS (
    SELECT 'plan_to_decide' AS kind, 75 AS base, m.id, m.company_id, n.effective_on AS since, {none} AS due
    FROM mine m LEFT JOIN newest n ON n.membership_id = m.id
    WHERE m.state = 'plan_submitted' AND NOT EXISTS (SELECT 1 FROM codesign_endorsement e WHERE e.membership_id = m.id
        AND e.after_version = COALESCE(n.version, 0) AND e.move = 'approve' AND e.side = 'representative')
    UNION ALL SELECT 'plan_wanted', 30, m.id, m.company_id, n.effective_on, {none}
    FROM mine m LEFT JOIN newest n ON n.membership_id = m.id WHERE m.state IN ('submitted', 'changes_requested')
    UNION ALL SELECT 'approved_unpaid', 50, m.id, m.company_id, m.approved_on, {none} FROM mine m
    WHERE m.state = 'approved'
        AND NOT EXISTS (SELECT 1 FROM codesign_invoice i WHERE i.membership_id = m.id AND i.state = 'paid')
        AND NOT EXISTS (SELECT 1 FROM codesign_waiver w WHERE w.membership_id = m.id)
    UNION ALL SELECT 'agreement_unsigned', 50, a.id, m.company_id, a.sent_on, {none}
    FROM mine m JOIN codesign_codeagreement a ON a.membership_id = m.id
    WHERE m.state IN ('approved', 'active', 'suspended') AND a.company_signed_on IS NULL AND a.superseded_on IS NULL
    UNION ALL SELECT 'agreement_to_sign', 60, a.id, m.company_id, a.sent_on, {none}
    FROM mine m JOIN codesign_codeagreement a ON a.membership_id = m.id
    WHERE m.state IN ('approved', 'active', 'suspended') AND a.representative_signed_on IS NULL AND a.superseded_on IS NULL
    UNION ALL SELECT 'evidence_to_verify', 45, p.id, m.company_id, p.done_on, {none}
    FROM codesign_planaction p JOIN mine m ON m.id = p.membership_id
    WHERE p.membership_id IN (SELECT id FROM mine WHERE state IN ('approved', 'active', 'suspended'))
        AND p.state = 'done'
    UNION ALL SELECT 'report_late', 55, r.id, m.company_id, r.due_on, r.due_on
    FROM codesign_reportobligation r JOIN members m ON m.id = r.membership_id
    JOIN codesign_reportingyear y ON y.id = r.reporting_year_id
    WHERE r.membership_id IN (SELECT id FROM members) AND r.due_on < '{on}' AND y.opens_on <= '{on}' AND m.member_since <= '{on}'
        AND (r.fulfilled_on IS NULL OR r.fulfilled_on > '{on}')
    UNION ALL SELECT 'report_to_review', 65, r.id, m.company_id, {day_of}, r.review_due_on
    FROM codesign_report r JOIN mine m ON m.company_id = r.company_id
    WHERE r.company_id IN (SELECT company_id FROM mine) AND r.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM codesign_reportslice s WHERE s.report_id = r.id)
    UNION ALL SELECT 'slice_to_review', 65, r.id, p.company_id, {day_of}, r.passes_on
    FROM codesign_reportslice r JOIN codesign_report p ON p.id = r.report_id
    WHERE r.state = 'submitted' AND (r.country_id = '{country}' AND r.passed_at IS NULL
        OR r.passed_at IS NOT NULL AND p.company_id IN (SELECT company_id FROM mine))
    UNION ALL SELECT 'fee_overdue', 45, i.id, m.company_id, i.due_on, i.due_on
    FROM codesign_invoice i JOIN members m ON m.id = i.membership_id
    WHERE i.membership_id IN (SELECT id FROM members) AND i.state NOT IN ('waived', 'cancelled') AND i.due_on < '{on}' AND i.issued_on <= '{on}'
        AND (i.paid_on IS NULL OR i.paid_on > '{on}') AND m.member_since <= '{on}'
        AND NOT EXISTS (SELECT 1 FROM codesign_waiver w
            WHERE w.membership_id = m.id AND w.year = i.year AND w.granted_on <= '{on}')
    UNION ALL SELECT 'contact_gone', 60, m.id, m.company_id, {none}, {none} FROM mine m
    WHERE m.state IN ('approved', 'active', 'suspended') AND NOT EXISTS (SELECT 1 FROM members_contact c
        WHERE c.organisation_id = m.company_id AND c.role = 'reporting_officer' AND c.valid_from <= '{on}'
        AND (c.valid_until IS NULL OR c.valid_until >= '{on}') AND c.on_hold_since IS NULL AND c.email <> '')
    UNION ALL SELECT 'training_dropping', 40, m.company_id, m.company_id, {none}, {none}
    FROM members m JOIN trained t ON t.company_id = m.company_id LEFT JOIN beyond b ON b.company_id = m.company_id
    WHERE t.valid * 100 < (t.counted + COALESCE(b.n, 0)) * 80 AND EXISTS (SELECT 1 FROM codesign_statustile s
        WHERE s.company_id = m.company_id AND s.first_day <= '{on}' AND s.last_day >= '{on}')
    UNION ALL SELECT 'certificate_due', 35, m.id, m.company_id, {none}, {none} FROM mine m
    WHERE m.state = 'active' AND m.member_since <= '{year}-12-31'
        AND (EXISTS (SELECT 1 FROM codesign_invoice i WHERE i.membership_id = m.id AND i.year = {year} AND i.state = 'paid')
            OR EXISTS (SELECT 1 FROM codesign_waiver w WHERE w.membership_id = m.id AND w.year = {year}))
        AND EXISTS (SELECT 1 FROM codesign_codeagreement a WHERE a.membership_id = m.id
            AND a.company_signed_on IS NOT NULL AND a.representative_signed_on IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM codesign_certificate c
            WHERE c.membership_id = m.id AND c.year = {year} AND c.withdrawn_on IS NULL)
        AND NOT EXISTS (SELECT 1 FROM codesign_reportobligation r JOIN codesign_reportingyear y
            ON y.id = r.reporting_year_id WHERE r.membership_id = m.id AND r.lapses_on <= '{on}' AND r.due_on < '{on}'
            AND y.opens_on <= '{on}' AND m.member_since <= '{on}'
            AND (r.fulfilled_on IS NULL OR r.fulfilled_on > '{on}'))
    UNION ALL SELECT 'follow_up', 55, e.id, m.company_id, e.happened_on, e.next_step_due_on
    FROM mine m JOIN codesign_contactlogentry e ON e.company_id = m.company_id
    WHERE e.next_step_due_on <= '{soon}' AND e.next_step_settled_on IS NULL
    UNION ALL SELECT 'claim_to_decide', 45, c.id, NULL, {claimed}, {none}
    FROM codesign_signatoryclaim c WHERE c.state = 'open' AND c.country_id = '{country}'
), work AS MATERIALIZED (
    SELECT r.*, r.base + COALESCE({least}({most}({age}, 0) / 3, 30), 0) + CASE WHEN r.due < '{on}' THEN 10 ELSE 0 END
        AS weight, {age} AS age
    FROM raw r WHERE NOT EXISTS (SELECT 1 FROM codesign_snooze s WHERE s.side = 'representative' AND s.kind = r.kind
        AND s.subject_id = r.id AND s.until > '{on}' AND s.woken_at IS NULL)
), page AS (
    SELECT * FROM work ORDER BY weight DESC, since IS NULL, since, kind, id LIMIT 101
)
SELECT p.kind, p.id, p.company_id, p.since, p.due, p.weight, p.age, COALESCE(m.name, c.name),
    COALESCE(m.country_id, c.country_id), m.category, 0 AS n
FROM page p LEFT JOIN mine m ON m.company_id = p.company_id LEFT JOIN codesign_signatoryclaim c ON c.id = p.id
UNION ALL SELECT kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, COUNT(*) FROM work GROUP BY kind
"""
_WORDS = {
    "postgresql": {
        "none": "CAST(NULL AS date)",
        "day_of": "CAST(r.submitted_at AT TIME ZONE 'UTC' AS date)",
        "claimed": "CAST(c.created_at AT TIME ZONE 'UTC' AS date)",
        "most": "GREATEST",
        "least": "LEAST",
        "age": "(DATE '{on}' - r.since)",
    },
    "sqlite": {
        "none": "NULL",
        "day_of": "date(r.submitted_at)",
        "claimed": "date(c.created_at)",
        "most": "MAX",
        "least": "MIN",
        "age": "CAST(julianday('{on}') - julianday(r.since) AS integer)",
    },
}


def statement(engine: str, country: str) -> str:
    """The statement for one engine and one representative."""
    days = {"on": DAY, "then": DAY + timedelta(days=30), "soon": DAY + timedelta(days=7), "year": DAY.year}
    words = {name: word.format(on=DAY) for name, word in _WORDS[engine].items()}
    return _MINE.format(country=country, **days, **words)


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    kind, key, company, since, due, weight, age, name, country, category, _ = row
    company = company and str(UUID(str(company)))
    return {
        "item": f"{kind}:{UUID(str(key))}",
        "kind": kind,
        "name": name,
        "company": company and {"id": company, "url": f"/api/v1/companies/{company}/", "display": name},
        "country": country,
        "category": category,
        "since": since,
        "age_days": None if age is None else max(age, 0),
        "due_on": due,
        "weight": weight,
    }


def answer(database: Database, country: str) -> dict[str, Any]:
    """The first page of 100, in order, and how much there is of each kind."""
    engine = "sqlite" if database.postgres is None else "postgresql"
    rows = database.rows(statement(engine, country), ())
    kinds = [{"kind": row[0], "count": row[-1]} for row in rows if row[1] is None]
    found = sorted((row for row in rows if row[1] is not None), key=_rank)
    return {
        "on": DAY,
        "results": [_shown(row) for row in found[:100]],
        "count": sum(one["count"] for one in kinds),
        "kinds": kinds,
    }


def _rank(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return -row[5], str(row[3] or date.max), row[0], str(row[1])


def __getattr__(name: str) -> Any:
    """`application`, connected when the server asks for it."""
    if name != "application":
        raise AttributeError(name)
    database = Database(os.environ["DATABASE_URL"])

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = orjson.dumps(answer(database, parse_qs(environ["QUERY_STRING"])["country"][0]))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application
