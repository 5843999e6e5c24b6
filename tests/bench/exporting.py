"""All completions of a company as a file, against COPY passed through, and against text built in SQL on SQLite."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import connection, transaction

from codesign.api.training_views import CompletionViews
from codesign.training.models import Completion
from members.scope import Hat, Role, Scope
from registry.kernel.api.copies import written
from tests.bench.book import AT
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import own_backend_cpu_ns

_COLUMNS = "c.id, c.staff_member_id, s.reference, c.course_id, k.names, c.completed_on, c.source, c.recorded_at"
_FROM = """codesign_completion c JOIN codesign_staffmember s ON s.id = c.staff_member_id
JOIN codesign_course k ON k.id = c.course_id WHERE s.company_id IN (SELECT organisation_id FROM codesign_company)"""
PIECE = 64 * 1024


def measure(*, rounds: int) -> dict[str, Samples]:
    """CPU of the whole file; it has as many lines as the floor's."""
    counts: dict[str, int] = {}

    def sample(name: str, pieces: Callable[[], Iterator[bytes]]) -> Callable[[], float]:
        def once() -> float:
            before, lines = _used(), 0
            for piece in pieces():
                lines += piece.count(b"\n")
            counts[name] = lines
            return _used() - before

        return once

    found = in_turn({"floor": sample("floor", _floor), "register": sample("register", _register)}, rounds)
    if counts["register"] != counts["floor"] or not counts["floor"]:
        raise RuntimeError(f"other lines: {counts}")
    return found


def first_byte_seconds() -> float:
    """From the question to the first row."""
    started = time.perf_counter()
    pieces = _register()
    next(pieces)
    took = time.perf_counter() - started
    pieces.close()  # type: ignore[attr-defined]
    return took


def _register() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id FROM codesign_company")
        keys = frozenset(key if isinstance(key, UUID) else UUID(key) for (key,) in cursor.fetchall())
    hat = Hat(role=Role.COMPANY_EDITOR, organisation_ids=keys)
    scope = Scope(hats=(hat,), day=AT.date())
    return written(Completion.objects.visible_to(scope), CompletionViews.copied, as_json=False)


def _floor() -> Iterator[bytes]:
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            with cursor.copy(f"COPY (SELECT {_COLUMNS} FROM {_FROM}) TO STDOUT WITH (FORMAT csv)") as copy:
                held = bytearray()
                for piece in copy:
                    held += piece
                    if len(held) >= PIECE:
                        yield bytes(held)
                        held.clear()
                yield bytes(held)
        return
    line = " || ',' || ".join(_COLUMNS.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {line} || char(10) FROM {_FROM}")
        while rows := cursor.fetchmany(500):
            yield "".join([text for (text,) in rows]).encode()


def _used() -> float:
    return time.process_time() * 1000 + own_backend_cpu_ns() / 1e6
