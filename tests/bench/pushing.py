"""A push of 1,000 completions over HTTP: references checked, rows written once, statuses derived, audited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from uuid import UUID

import orjson
from django.core.management import call_command
from django.db import connection

from tests.bench.book import PUSHED, PUSHERS
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import Server, authorized, database_cpu_ns

_URLS = {"register": "/api/v1/completions/", "floor": "/completions/"}
_CHECK = """
SELECT s.reference, t.status, t.first_day, t.last_day FROM codesign_statustile t
JOIN codesign_staffmember s ON s.id = t.staff_member_id WHERE s.company_id = %s ORDER BY 1, 3
"""


def measure(started: dict[str, Server], *, rounds: int) -> dict[str, Samples]:
    """CPU of one push; a new day each time, so that every row is new and every status moves."""
    headers = {"Content-Type": "application/json", **authorized(_token())}
    variants = {name: _sample(started[name], headers) for name in ("floor", "register")}
    for sample in variants.values():
        sample()
    found = in_turn(variants, rounds)
    _require_same()
    for name, samples in found.items():
        samples.peak_mib = round(started[name].used()["peak_kib"] / 1024, 1)
    return found


def _token() -> str:
    from io import StringIO

    out = StringIO()
    organisation = str(UUID(PUSHERS["register"]))
    call_command("issue_token", role="company_system", organisation=organisation, stdout=out)
    return out.getvalue().strip()


def _sample(server: Server, headers: dict[str, str]) -> Callable[[], float]:
    numbers = count()

    def sample() -> float:
        day = (date(2026, 1, 5) + timedelta(days=next(numbers))).isoformat()
        items = [{"reference": f"P{n:05}", "course": "the-code-basics", "completed_on": day} for n in range(PUSHED)]
        body = orjson.dumps(items)
        before = server.used()["cpu_ns"] + database_cpu_ns()
        answer = orjson.loads(server.send("POST", _URLS[server.name], body, headers))
        cost = server.used()["cpu_ns"] + database_cpu_ns() - before
        statuses = [item["status"] for item in answer]
        if statuses != ["created"] * PUSHED:
            raise RuntimeError(f"{server.name} did not create every row: {answer[:3]}")
        return cost / 1e6

    return sample


def _require_same() -> None:
    """Both companies have the same statuses now, and as many completions."""
    found = {}
    with connection.cursor() as cursor:
        for name, company in PUSHERS.items():
            cursor.execute(_CHECK, [company])
            found[name] = cursor.fetchall()
    if found["register"] != found["floor"] or len(found["floor"]) < 4 * PUSHED:
        raise RuntimeError(f"other statuses: {found['register'][:5]} {found['floor'][:5]}")
