"""All completions of a company as a file, against COPY passed through, and against text built in SQL on SQLite."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from sys import stderr
from uuid import UUID

from django.db import connection, transaction

from codesign.api.training_views import CompletionViews
from codesign.companies.models import Company
from codesign.training.models import Completion
from members.scope import Hat, Role, Scope
from registry.kernel.api.copies import written
from registry.kernel.api.exports import gathered
from tests.bench.book import AT
from tests.bench.measuring import Growth, Samples, in_turn
from tests.bench.serving import own_backend_cpu_ns

_COLUMNS = (
    "c.id, c.staff_member_id, s.reference, c.course_id, k.names, c.completed_on, c.source, c.recorded_at, "
    "c.superseded_at, c.superseded_reason, c.corrects_id, (SELECT o.completed_on FROM codesign_completion o "
    "WHERE o.id = c.corrects_id)"
)
_FROM = """codesign_completion c JOIN codesign_staffmember s ON s.id = c.staff_member_id
JOIN codesign_course k ON k.id = c.course_id WHERE s.company_id IN ({keys})"""
# The book has completions and statuses of a million people, and people only where they are pushed to. All the others
# are those of one chain of so many companies.
CHAIN = 100
_PEOPLE = """
INSERT INTO codesign_staffmember (id, company_id, site_id, reference, reference_key, role, employment, language,
  hired_on, created_at, version)
SELECT t.staff_member_id, k.company_id, t.site_id, 'E' || t.n, 'e' || t.n, t.role, t.employment, '', '2020-01-01',
  '2020-01-01', 1
FROM (SELECT t.*, ROW_NUMBER() OVER (ORDER BY staff_member_id) AS n FROM codesign_statustile t
  WHERE NOT EXISTS (SELECT 1 FROM codesign_staffmember s WHERE s.id = t.staff_member_id)) t
JOIN (SELECT organisation_id AS company_id, ROW_NUMBER() OVER (ORDER BY organisation_id) AS n
  FROM codesign_company) k ON k.n = 1 + t.n %% {chain}
"""
PIECE = 64 * 1024


def measure(*, rounds: int) -> dict[str, Samples]:
    """CPU of the whole file, and by how much the process grows; it has as many lines as the floor's."""
    _people()
    counts: dict[str, int] = {}
    peaks: dict[str, list[float]] = {"floor": [], "register": []}

    def sample(name: str, pieces: Callable[[], Iterator[bytes]]) -> Callable[[], float]:
        def once() -> float:
            growth = Growth()
            before, lines = _used(), 0
            for piece in pieces():
                lines += piece.count(b"\n")
            counts[name] = lines
            peaks[name].append(growth.mib)
            return _used() - before

        return once

    found = in_turn({"floor": sample("floor", _floor), "register": sample("register", _register)}, rounds)
    if counts["register"] != counts["floor"] or not counts["floor"]:
        raise RuntimeError(f"other lines: {counts}")
    for name, samples in found.items():
        samples.peak_mib = round(max(peaks[name]), 1)
    firsts = sorted(first_byte_seconds() for _ in range(rounds))
    print(
        f"    export: {counts['register']} lines, first piece after {firsts[len(firsts) // 2] * 1000:.0f} ms",
        file=stderr,
    )
    return found


def _people() -> None:
    """Everybody who has completed something; an export finds people by their company."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(_PEOPLE.format(chain=CHAIN), ())
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute(_PEOPLE.format(chain=CHAIN), ())
        cursor.execute("ANALYZE codesign_staffmember")


def first_byte_seconds() -> float:
    """From the question to the first row."""
    started = time.perf_counter()
    pieces = _register()
    next(pieces)
    took = time.perf_counter() - started
    pieces.close()  # type: ignore[attr-defined]
    return took


def _register() -> Iterator[bytes]:
    hat = Hat(role=Role.COMPANY_EDITOR, organisation_ids=frozenset(_chain()))
    scope = Scope(hats=(hat,), day=AT.date())
    return gathered(written(Completion.objects.visible_to(scope), CompletionViews.copied, as_json=False))


def _chain() -> list[UUID]:
    return list(Company.objects.order_by("pk").values_list("pk", flat=True)[:CHAIN])


def _floor() -> Iterator[bytes]:
    is_postgres = connection.vendor == "postgresql"
    source = _FROM.format(keys=", ".join(f"'{key if is_postgres else key.hex}'" for key in _chain()))
    if is_postgres:
        with transaction.atomic(), connection.cursor() as cursor:
            # One process, whose CPU is the cost.
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL max_parallel_workers_per_gather = 0")
            with cursor.copy(f"COPY (SELECT {_COLUMNS} FROM {source}) TO STDOUT WITH (FORMAT csv)") as copy:
                held = bytearray()
                for piece in copy:
                    held += piece
                    if len(held) >= PIECE:
                        yield bytes(held)
                        held.clear()
                yield bytes(held)
        return
    line = " || ',' || ".join(f"COALESCE({column}, '')" for column in _COLUMNS.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {line} || char(10) FROM {source}")
        while rows := cursor.fetchmany(500):
            yield "".join([text for (text,) in rows]).encode()


def _used() -> float:
    return time.process_time() * 1000 + own_backend_cpu_ns() / 1e6
