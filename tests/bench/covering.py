"""Coverage of today and of a past day, and what keeping its counts costs the write of a completion."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from codesign.companies.models import CompanyTouch
from codesign.overview import constraints
from codesign.tasks import count_overviews
from codesign.training import figures
from codesign.training.actions import completions, counting, tiles
from codesign.training.models import Completion, StaffMember
from members.scope import Hat, Role, Scope
from tests.bench.book import AT, DAY, LARGEST, PUSHED, PUSHERS
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import own_backend_cpu_ns

_CALLS = 20
_PAST = DAY - timedelta(days=400)
_TABLE = """
CREATE TABLE bench_counter AS SELECT company_id, country, in_scope, in_grace, valid, lapsed, never_trained, unknown
FROM codesign_coveragecount WHERE counted_on = '{day}'
"""
_SUMS = (
    "SELECT country, SUM(in_scope), SUM(in_grace), SUM(valid), SUM(lapsed), SUM(never_trained), SUM(unknown) "
    "FROM bench_counter {where} GROUP BY country ORDER BY country"
)
_PEOPLE = """
SELECT s.country_id, COUNT(*), SUM(CASE WHEN t.status = 'in_grace' THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.status = 'valid' THEN 1 ELSE 0 END), SUM(CASE WHEN t.status = 'lapsed' THEN 1 ELSE 0 END),
    SUM(CASE WHEN t.status = 'never_trained' THEN 1 ELSE 0 END)
FROM codesign_statustile t JOIN codesign_site s ON s.id = t.site_id
WHERE t.first_day <= '{day}' AND t.last_day >= '{day}' {where} GROUP BY s.country_id ORDER BY s.country_id
"""
_BEYOND = """
SELECT s.country_id, SUM(CASE WHEN h.staff_count > COALESCE(n.people, 0) THEN h.staff_count - COALESCE(n.people, 0)
    ELSE 0 END)
FROM codesign_headcount h JOIN codesign_site s ON s.id = h.site_id
LEFT JOIN (SELECT site_id, COUNT(*) AS people FROM codesign_statustile
    WHERE first_day <= '{day}' AND last_day >= '{day}' GROUP BY site_id) n ON n.site_id = h.site_id
WHERE h.superseded_at IS NULL AND h.valid_from <= '{day}' AND (h.valid_until IS NULL OR h.valid_until >= '{day}')
    AND (s.closed_on IS NULL OR s.closed_on >= '{day}') AND (s.opened_on IS NULL OR s.opened_on <= '{day}') {where}
GROUP BY s.country_id ORDER BY s.country_id
"""


def measure(*, rounds: int) -> dict[str, dict[str, Samples]]:
    """Each against its floor; the last two are the same push with and without what keeps counts."""
    _prepare()
    everybody = Scope(hats=(Hat(role=Role.SECRETARIAT),), day=DAY)
    largest = UUID(LARGEST)
    own = Scope(hats=(Hat(role=Role.COMPANY_EDITOR, organisation_ids=frozenset({largest})),), day=DAY)
    one = f"WHERE company_id = '{_stored(LARGEST)}'"
    mine = f"AND t.company_id = '{_stored(LARGEST)}'"
    theirs = f"AND s.company_id = '{_stored(LARGEST)}'"
    found = {
        "coverage by country": _compared(
            lambda: _floor(_SUMS.format(where="")), lambda: _asked(everybody, DAY, None), rounds, _CALLS
        ),
        "coverage of the largest": _compared(
            lambda: _floor(_SUMS.format(where=one)), lambda: _asked(own, DAY, largest), rounds, 10 * _CALLS
        ),
        "coverage of a past day": _compared(
            lambda: _joined(_PEOPLE.format(day=_PAST, where=""), _BEYOND.format(day=_PAST, where="")),
            lambda: _asked(everybody, _PAST, None),
            rounds,
            1,
        ),
        "past day of the largest": _compared(
            lambda: _joined(_PEOPLE.format(day=_PAST, where=mine), _BEYOND.format(day=_PAST, where=theirs)),
            lambda: _asked(own, _PAST, largest),
            rounds,
            1,
        ),
        "write with counts": _writes(rounds),
    }
    count_overviews()
    if wrong := counting.differing(on=DAY):
        raise RuntimeError(f"{wrong} companies have other counts than their people say")
    return found


def _prepare() -> None:
    """The floor's own counter table, a row for each company, made of the same counts."""
    count_overviews()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_counter")
        cursor.execute(_TABLE.format(day=DAY))
        cursor.execute("CREATE INDEX bench_counter_by_company ON bench_counter (company_id)")
        cursor.execute("ANALYZE bench_counter")


def _stored(key: str) -> str:
    return str(UUID(key)) if connection.vendor == "postgresql" else key


def _compared(floor: Callable[[], Any], register: Callable[[], Any], rounds: int, calls: int) -> dict[str, Samples]:
    if floor() != register():
        raise RuntimeError(f"other figures: {floor()[:3]} {register()[:3]}")
    return in_turn({"floor": _sample(floor, calls), "register": _sample(register, calls)}, rounds)


def _sample(work: Callable[[], Any], calls: int) -> Callable[[], float]:
    def sample() -> float:
        before = time.process_time_ns() + own_backend_cpu_ns()
        for _ in range(calls):
            work()
        return (time.process_time_ns() + own_backend_cpu_ns() - before) / 1e6 / calls

    return sample


def _floor(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [tuple(row[:1]) + tuple(map(int, row[1:])) for row in cursor.fetchall() if any(row[1:])]


def _joined(people: str, beyond: str) -> list[tuple[Any, ...]]:
    unknown = dict(_floor(beyond))
    return [(*row, unknown.get(row[0], 0)) for row in _floor(people)]


def _asked(scope: Scope, on: date, company: UUID | None) -> list[tuple[Any, ...]]:
    groups = figures.coverage(scope, on=on, by="country", company=company)
    return [(group.key, *(getattr(group, name) for name in figures.COUNTS)) for group in groups]


def _writes(rounds: int) -> dict[str, Samples]:
    def without() -> float:
        with _no_triggers():
            return _pushed()

    _pushed()
    return in_turn({"floor": without, "register": _pushed}, rounds)


def _pushed() -> float:
    """CPU of one push of completions that change every status, of a company that is counted and nobody has touched.

    What it wrote is taken away again: people with one more training each time would make each push dearer than
    the one before, by more than what is measured.
    """
    company = UUID(PUSHERS["register"])
    CompanyTouch.objects.filter(company_id=company).delete()
    actor = Scope(hats=(Hat(role=Role.COMPANY_SYSTEM, organisation_ids=frozenset({company})),), day=DAY)
    day = date(2025, 1, 6)
    items = {n: {"reference": f"P{n:05}", "course": "the-code-basics", "completed_on": day} for n in range(PUSHED)}
    gc.collect()  # falls due in every second push, and costs as much as half of one
    before = time.process_time_ns() + own_backend_cpu_ns()
    with transaction.atomic():
        results = completions.push(items=items, actor=actor, at=AT)
    cost = (time.process_time_ns() + own_backend_cpu_ns() - before) / 1e6
    if {result.status for result in results} != {"created"}:
        raise RuntimeError("not every completion was new")
    with transaction.atomic():
        Completion.objects.filter(pk__in=[result.id for result in results]).delete()
        people = StaffMember.objects.filter(company=company).values_list("pk", flat=True)
        tiles.rebuild(dict.fromkeys(people, company))
        CompanyTouch.objects.create(company_id=company)
    return cost


@contextmanager
def _no_triggers() -> Iterator[None]:
    """The table of statuses without what notes that a count has changed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE codesign_statustile DISABLE TRIGGER USER")
            yield
            cursor.execute("ALTER TABLE codesign_statustile ENABLE TRIGGER USER")
            return
        for event in ("insert", "update", "delete"):
            cursor.execute(f"DROP TRIGGER statustile_touches_company_on_{event}")
        yield
        for statement in constraints.SQLITE:
            cursor.execute(statement)
