"""The network at size: a page of 100, search under a misspelt name, the match at the door, the count of a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from django.core.management import call_command

from tests.bench.book import COUNTRIES
from tests.bench.measuring import Samples, in_turn
from tests.bench.network_book import country_of, misspelt, names_of, seed
from tests.bench.serving import Server, authorized, database_cpu_ns

ORGANISATIONS = 20_000
ASKED = 100
PAGES_EACH = 2  # of every country
Call = tuple[str, str, bytes | None]
_LIST = {"floor": "/organisations/", "register": "/api/v1/organisations/"}
_MATCH = {"floor": "/match/", "register": "/api/v1/organisations/match/"}
_COUNTS = {"floor": "/counts/", "register": "/api/v1/network-memberships/counts/"}
Entry = Callable[[Server, int], list[Call]]


def measure(scale: float, *, rounds: int, requests: int) -> dict[str, dict[str, Samples]]:
    """Seed a database of its own and measure each entry; every answer of the register is the floor's."""
    size = max(400, round(ORGANISATIONS * scale))
    seed(size)
    headers = _headers()
    with ExitStack() as stack:
        started = {
            "floor": stack.enter_context(Server("floor", "tests.bench.network_floor:application")),
            "register": stack.enter_context(Server("register", "registry.wsgi:application")),
        }
        return {name: _measured(started, entry, size, headers, rounds, requests) for name, entry in ENTRIES.items()}


def _headers() -> dict[str, str]:
    from io import StringIO

    out = StringIO()
    call_command("issue_token", role="secretariat", stdout=out)
    return {"Content-Type": "application/json", **authorized(out.getvalue().strip())}


def _pages(server: Server, size: int) -> list[Call]:
    """Pages of 100 of every country, as a visitor without a login gets them."""
    found: list[Call] = []
    for country in COUNTRIES:
        url: str | None = f"{_LIST[server.name]}?country={country}"
        for _ in range(PAGES_EACH):
            if url is not None:
                found.append(("GET", url, None))
                url = json.loads(server.send("GET", url))["next"]
    return found


def _searches(server: Server, size: int) -> list[Call]:
    """Names as people remember them, without a login."""
    return [("GET", f"{_LIST[server.name]}?q={quote(misspelt(names_of(n)[0]))}", None) for n in _asked(size)]


def _matches(server: Server, size: int) -> list[Call]:
    """The same names and their countries at the door, where the secretariat asks."""
    bodies = [{"name": misspelt(names_of(n)[0]), "country": country_of(n)} for n in _asked(size)]
    return [("POST", _MATCH[server.name], json.dumps(body).encode()) for body in bodies]


def _counts(server: Server, size: int) -> list[Call]:
    """Certain and uncertain members by region on a day of each of twenty years."""
    return [("GET", f"{_COUNTS[server.name]}?valid_on={2004 + year}-12-02", None) for year in range(20)]


ENTRIES: dict[str, Entry] = {
    "network page": _pages,
    "network search": _searches,
    "network match": _matches,
    "network count": _counts,
}


def _asked(size: int) -> range:
    return range(0, size, max(1, size // ASKED))


def _measured(
    started: dict[str, Server], entry: Entry, size: int, headers: dict[str, str], rounds: int, requests: int
) -> dict[str, Samples]:
    calls = {name: entry(server, size) for name, server in started.items()}
    sent = headers if entry is _matches else {}
    answers = {name: [_answer(started[name], call, sent) for call in each] for name, each in calls.items()}
    for place, (ours, floors) in enumerate(zip(answers["register"], answers["floor"], strict=True)):
        if ours != floors:
            raise RuntimeError(f"the register answers otherwise to {calls['register'][place]}:\n{ours}\n{floors}")
    return in_turn({name: _sample(started[name], calls[name], sent, requests) for name in started}, rounds)


def _answer(server: Server, call: Call, headers: dict[str, str]) -> Any:
    """What both have to agree on."""
    answer = json.loads(server.send(*call, headers))
    if "/counts/" in call[1] and isinstance(answer, dict):
        return [
            {"code": cell["code"], "certain": cell["certain"]["value"], "uncertain": cell["uncertain"]["value"]}
            for cell in answer["results"]
        ]
    return answer["results"] if isinstance(answer, dict) and "results" in answer else answer


def _sample(server: Server, calls: Sequence[Call], headers: dict[str, str], requests: int) -> Callable[[], float]:
    """CPU milliseconds of application and database for one request."""

    def sample() -> float:
        before = server.used()["cpu_ns"] + database_cpu_ns()
        for number in range(requests):
            server.send(*calls[number % len(calls)], headers)
        return (server.used()["cpu_ns"] + database_cpu_ns() - before) / requests / 1e6

    return sample
