"""The list page of 100 companies and the read of one, against the floor and the peers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction

from tests.bench.book import COUNTRIES
from tests.bench.floor import COLUMNS, flattened, table
from tests.bench.measuring import Samples, in_turn
from tests.bench.serving import Server, authorized, database_cpu_ns

LIST = "/api/v1/companies/"
STANDINGS = ("report_lapsed", "fee_overdue", "training_below_target", "good")
PAGES_EACH = 2  # of every country


def servers(stack: ExitStack, *, peers: bool) -> dict[str, Server]:
    """The floor, the register and the peers, started and warm."""
    started = {
        "floor": Server("floor", "tests.bench.floor:application"),
        "register": Server("register", "registry.wsgi:application"),
    }
    if peers:
        django = {"DJANGO_SETTINGS_MODULE": "tests.bench.peers.settings"}
        started |= {
            "drf": Server("drf", "tests.bench.peers.wsgi:application", **django),
            "ninja": Server("ninja", "tests.bench.peers.wsgi:application", **django),
            "fastapi": Server("fastapi", "tests.bench.peers.fast:application", asynchronous=True),
        }
    for server in started.values():
        stack.enter_context(server)
    return started


def first_pages(name: str) -> list[str]:
    """Where each variant has the page of every country."""
    prefix = {"floor": "/companies/", "register": LIST, "fastapi": "/companies/"}.get(name, f"/{name}/companies/")
    return [f"{prefix}?country={country}&state=active" for country in COUNTRIES]


def all_pages(server: Server, headers: dict[str, Any]) -> dict[str, list[Any]]:
    """Every page to be measured with its rows, by URL; following `next`."""
    found: dict[str, list[Any]] = {}
    for url in first_pages(server.name):
        following: str | None = url
        for _ in range(PAGES_EACH):
            if following is None:
                break
            answer = json.loads(server.send("GET", following, headers=headers))
            found[following] = answer["results"]
            following = answer["next"]
    return found


def fill_flat_table(register: Server, headers: dict[str, Any]) -> int:
    """The floor's table from the register's own answers; the count of companies."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in table(connection.vendor):
            cursor.execute(statement)
        _make_figures(cursor)
        count = 0
        marks = ", ".join(["%s"] * len(COLUMNS))
        for rows in _every_company(register, headers):
            cursor.executemany(f"INSERT INTO bench_flat VALUES ({marks})", [flattened(row) for row in rows])
            cursor.executemany(f"INSERT INTO bench_figures VALUES ({', '.join(['%s'] * 7)})", map(_figures, rows))
            count += len(rows)
        cursor.execute("ANALYZE bench_flat")
        cursor.execute("ANALYZE bench_figures")
    return count


def _make_figures(cursor: Any) -> None:
    """Stored counters for the peers."""
    key = "uuid" if connection.vendor == "postgresql" else "char(32)"
    cursor.execute("DROP TABLE IF EXISTS bench_figures")
    cursor.execute(
        f"CREATE TABLE bench_figures (company_id {key} PRIMARY KEY, standing text, trained integer, "
        "staff_in_scope integer, site_count integer, staff_count integer, counted_site_count integer)"
    )


def _figures(row: dict[str, Any]) -> tuple[Any, ...]:
    training = row["training"]
    counts = row["site_count"], row["staff_count"], row["counted_site_count"]
    return row["id"].replace("-", ""), row["standing"], training["numerator"], training["denominator"], *counts


def _every_company(register: Server, headers: dict[str, Any]) -> Iterator[list[Any]]:
    following: str | None = f"{LIST}?page_size=1000"
    while following:
        answer = json.loads(register.send("GET", following, headers=headers))
        yield answer["results"]
        following = answer["next"]


def cost(server: Server, urls: list[str], headers: dict[str, Any], requests: int) -> Callable[[], float]:
    """A sample: CPU milliseconds of application and database for one request."""

    def sample() -> float:
        before = server.used()["cpu_ns"] + database_cpu_ns()
        for number in range(requests):
            server.send("GET", urls[number % len(urls)], headers=headers)
        after = server.used()["cpu_ns"] + database_cpu_ns()
        return (after - before) / requests / 1e6

    return sample


def measure_list(started: dict[str, Server], token: str, *, rounds: int, requests: int) -> dict[str, Samples]:
    """The list page; every variant must answer the floor's rows first."""
    headers = authorized(token)
    pages = {name: all_pages(server, headers) for name, server in started.items()}
    expected = list(pages["floor"].values())
    for name, answered in pages.items():
        _require_same(name, list(answered.values()), expected)
    variants = {name: cost(server, list(pages[name]), headers, requests) for name, server in started.items()}
    return _with_peaks(in_turn(_warm(variants), rounds), started)


def measure_standing(started: dict[str, Server], token: str, *, rounds: int, requests: int) -> dict[str, Samples]:
    """The first page of the companies of one standing, over all of them."""
    headers = authorized(token)
    variants: dict[str, Callable[[], float]] = {}
    expected = None
    for name, prefix in (("floor", "/companies/"), ("register", LIST)):
        urls = [f"{prefix}?standing={standing}&state=active" for standing in STANDINGS]
        answers = [json.loads(started[name].send("GET", url, headers=headers))["results"] for url in urls]
        expected = answers if expected is None else expected
        _require_same(name, answers, expected)
        variants[name] = cost(started[name], urls, headers, requests)
    return _with_peaks(in_turn(_warm(variants), rounds), started)


def measure_read(started: dict[str, Server], token: str, *, rounds: int, requests: int) -> dict[str, Samples]:
    """One company by its id, 200 of them in turn."""
    headers = authorized(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_flat WHERE state = 'active' ORDER BY id LIMIT 200")
        keys = [row[0] for row in cursor.fetchall()]
    variants: dict[str, Callable[[], float]] = {}
    expected = None
    for name, prefix in (("floor", "/companies/"), ("register", LIST)):
        urls = [f"{prefix}{key}/" for key in keys]
        answers = [json.loads(started[name].send("GET", url, headers=headers)) for url in urls]
        expected = answers if expected is None else expected
        _require_same(name, answers, expected)
        variants[name] = cost(started[name], urls, headers, requests)
    return _with_peaks(in_turn(_warm(variants), rounds), started)


def _warm(variants: dict[str, Callable[[], float]]) -> dict[str, Callable[[], float]]:
    for sample in variants.values():
        sample()
    return variants


def _with_peaks(found: dict[str, Samples], started: dict[str, Server]) -> dict[str, Samples]:
    for name, samples in found.items():
        samples.peak_mib = round(started[name].used()["peak_kib"] / 1024, 1)
    return found


def _require_same(name: str, answered: list[Any], expected: list[Any]) -> None:
    if len(answered) != len(expected):
        raise RuntimeError(f"{name} answered {len(answered)} pages, the floor {len(expected)}")
    for one, other in zip(answered, expected, strict=True):
        if one != other:
            row, wanted = next(
                (pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), (len(one), len(other))
            )
            raise RuntimeError(f"{name} answers otherwise:\n{row}\n{wanted}")
