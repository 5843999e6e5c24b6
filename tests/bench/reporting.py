"""Opening a year, the representative's year list, the roll-up of a group and the indicator table, against plain SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from codesign.api.indicator_views import shown_indicator
from codesign.api.reporting_obligation_views import ReportObligationRow
from codesign.api.reporting_return_rows import shown_totals
from codesign.figures.indicators import table_of
from codesign.reporting import obligations
from codesign.reporting.figures import with_progress
from codesign.reporting.models import Report, ReportingYear, ReportObligation
from members.scope import Hat, Role, Scope
from registry.kernel.api.renderers import to_json
from registry.kernel.api.rows import Context
from registry.kernel.dialect import dialect
from tests.bench.book import AT, COUNTRIES, DAY, stamp
from tests.bench.measuring import Samples, in_turn
from tests.bench.reporting_book import GROUP, MEASURED
from tests.bench.serving import own_backend_cpu_ns

SECRETARIAT = Scope(day=DAY, hats=(Hat(role=Role.SECRETARIAT),), label="secretariat")
OFFICER = Scope(day=DAY, hats=(Hat(role=Role.LCR, countries=frozenset(COUNTRIES)),), label="lcr")
_OPENING = """
INSERT INTO codesign_reportobligation (id, membership_id, company_id, reporting_year_id, due_on, lapses_on, created_at)
SELECT {new_id}, m.id, m.company_id, '{year}', '2027-03-31', '2027-06-29', '{at}'
FROM codesign_codemembership m JOIN codesign_company c ON c.organisation_id = m.company_id
WHERE m.state IN ('active', 'suspended') AND m.member_since <= '2026-01-01' AND c.category <> 'association'
  AND (m.ended_on IS NULL OR m.ended_on > '2026-12-31')
ON CONFLICT DO NOTHING
"""
_YEAR_LIST = """
SELECT o.id, o.company_id, n.name, n.country_id, c.category, y.year, o.due_on, o.lapses_on, r.id, r.state,
    r.completeness_share, o.fulfilled_on
FROM codesign_reportobligation o
JOIN codesign_reportingyear y ON y.id = o.reporting_year_id
JOIN codesign_codemembership m ON m.id = o.membership_id
JOIN codesign_company c ON c.organisation_id = o.company_id
JOIN members_organisation n ON n.id = o.company_id
LEFT JOIN codesign_report r ON r.company_id = o.company_id AND r.reporting_year_id = o.reporting_year_id
WHERE y.year = {measured} AND (m.ended_on IS NULL OR m.ended_on > '{day}')
ORDER BY o.due_on, o.id LIMIT 100
"""
_ROLL_UP = """
SELECT a.question_id, r.country_id, COUNT(a.number), SUM(a.number)
FROM codesign_siteanswer a JOIN codesign_sitereturn r ON r.id = a.site_return_id
WHERE r.report_id = '{group}' GROUP BY a.question_id, r.country_id
"""
_INDICATORS = """
SELECT indicator_code, country_id, category, SUM(value), SUM(part), SUM(whole), SUM(sites_in_scope),
    SUM(sites_answering), COUNT(*), COUNT(value)
FROM codesign_contribution c JOIN codesign_reportingyear y ON y.id = c.reporting_year_id
WHERE y.year = {measured} GROUP BY indicator_code, country_id, category
"""


def measure(*, rounds: int) -> dict[str, dict[str, Samples]]:
    """Four jobs, each against one statement and its rows as JSON."""
    year = ReportingYear.objects.get(year=2026)
    group = Report.objects.select_related("reporting_year__questionnaire", "company__organisation").get(pk=GROUP)
    parts = {
        "new_id": dialect().new_id,
        "year": year.pk if connection.vendor == "postgresql" else year.pk.hex,
        "at": stamp(AT),
        "day": DAY,
        "measured": MEASURED,
        "group": GROUP,
    }
    jobs: dict[str, dict[str, Callable[[], Any]]] = {
        "opening a year": {
            "floor": lambda: _write(_OPENING.format(**parts)),
            "register": lambda: obligations.insert_missing(year, on=DAY, at=AT),
        },
        "year list": {"floor": lambda: _read(_YEAR_LIST.format(**parts)), "register": _year_list},
        "roll-up": {
            "floor": lambda: _read(_ROLL_UP.format(**parts)),
            "register": lambda: to_json(shown_totals(group)),
        },
        "indicators": {"floor": lambda: _read(_INDICATORS.format(**parts)), "register": _indicators},
    }
    found = {}
    for title, variants in jobs.items():
        samples = {name: _sample(work) for name, work in variants.items()}
        for sample in samples.values():
            sample()
        found[title] = in_turn(samples, rounds)
    _require_same_sums(group, parts)
    return found


def _year_list() -> bytes:
    owed = ReportObligation.objects.visible_to(OFFICER).owed(DAY)
    rows = with_progress(owed, on=DAY).filter(reporting_year__year=MEASURED).order_by("due_on", "pk")[:100]
    plan = ReportObligationRow.plan(context=Context(scope=OFFICER, on=DAY))
    return to_json(plan.shaped(plan.raw(rows)))


def _indicators() -> bytes:
    table = table_of(MEASURED, scope=SECRETARIAT, by=("country", "category"), at=AT)
    return to_json([shown_indicator(one, MEASURED, opens=True) for one in table.indicators])


def _read(statement: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return to_json([[None if cell is None else str(cell) for cell in row] for row in cursor.fetchall()])


def _write(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _sample(work: Callable[[], Any]) -> Callable[[], float]:
    def sample() -> float:
        before = time.process_time_ns() + own_backend_cpu_ns()
        with transaction.atomic():
            work()
            transaction.set_rollback(True)
        return (time.process_time_ns() + own_backend_cpu_ns() - before) / 1e6

    return sample


def _require_same_sums(group: Report, parts: dict[str, Any]) -> None:
    """Both ways must add up to the same."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_UP.format(**parts))
        plain = sum(row[3] for row in cursor.fetchall())
        cursor.execute(_INDICATORS.format(**parts))
        indicators = sum(row[3] or 0 for row in cursor.fetchall())
    totals = sum(float(total["value"] or 0) for total in shown_totals(group))
    table = table_of(MEASURED, scope=SECRETARIAT, at=AT)
    read = sum(float(one.total.sums.value or 0) for one in table.indicators if one.total.sums)
    if (totals, read) != (float(plain), float(indicators)):
        raise RuntimeError(f"other sums: {totals} and {read}, plain {plain} and {indicators}")
