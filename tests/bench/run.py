"""One database at one scale: make the book, then measure every entry; called in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ENTRIES = (
    "network",
    "list",
    "standing",
    "read",
    "planning",
    "mails",
    "coverage",
    "push",
    "reporting",
    "roster",
    "export",
    "worklist",
)


def main() -> None:
    """`python -m tests.bench.run --url … --out …`"""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=ENTRIES, action="append")
    parser.add_argument("--ci", action="store_true")
    options = parser.parse_args()
    os.environ["DATABASE_URL"] = options.url
    import django

    django.setup()
    options.out.write_text(json.dumps(_measured(options)))


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    from tests.bench import (
        covering,
        exporting,
        mailing,
        pages,
        planning,
        pushing,
        reporting,
        reporting_book,
        rostering,
        working,
    )
    from tests.bench.measuring import ratios
    from tests.bench.seeding import Size

    wanted = options.only or ENTRIES
    found: dict[str, Any] = {}
    few = options.ci
    if "network" in wanted:
        found |= _network(options)
    if set(wanted) == {"network"}:
        return found
    _prepare(options)
    if "planning" in wanted:
        with _timed("planning"):
            for name, samples in planning.measure(rounds=options.rounds).items():
                found[name] = ratios(samples, floor="floor")
    if {"list", "standing", "read", "push"} & set(wanted):
        token = _token()
        with ExitStack() as stack:
            started = pages.servers(stack, peers="list" in wanted and options.scale <= 1)
            with _timed("flat table"):
                pages.fill_flat_table(started["register"], {"Authorization": f"Bearer {token}"})
            if "list" in wanted:
                with _timed("list"):
                    counts = {"rounds": options.rounds, "requests": 4 if few else 80}
                    found["list"] = ratios(pages.measure_list(started, token, **counts), floor="floor")
            if "standing" in wanted:
                with _timed("standing"):
                    counts = {"rounds": options.rounds, "requests": 4 if few else 80}
                    found["standing"] = ratios(pages.measure_standing(started, token, **counts), floor="floor")
            if "read" in wanted:
                with _timed("read"):
                    counts = {"rounds": options.rounds, "requests": 20 if few else 600}
                    found["read"] = ratios(pages.measure_read(started, token, **counts), floor="floor")
            if "push" in wanted:
                with _timed("push"):
                    found["push"] = ratios(pushing.measure(started, rounds=options.rounds), floor="floor")
    if "worklist" in wanted:  # after the pages: it moves the mandates that their token rests on
        with _timed("worklist"):
            measured = working.measure(rounds=options.rounds, requests=4 if few else 40)
            found["worklist"] = ratios(measured, floor="floor")
    # These write into the book: what the pages show is measured before.
    if "mails" in wanted:
        with _timed("mails"):
            mails = max(200, round(mailing.MAILS * min(1.0, options.scale)))
            found["mails"] = ratios(mailing.measure(rounds=min(options.rounds, 3), mails=mails), floor="floor")
    if "coverage" in wanted:
        with _timed("coverage"):
            for name, samples in covering.measure(rounds=options.rounds).items():
                found[name] = ratios(samples, floor="floor")
    if "reporting" in wanted:
        with _timed("seed reporting"):
            reporting_book.seed_reporting(Size.of(options.scale, ci=options.ci).companies)
        with _timed("reporting"):
            for name, samples in reporting.measure(rounds=options.rounds).items():
                found[name] = ratios(samples, floor="floor")
    if "roster" in wanted:
        with _timed("roster"):
            people = max(2_000, int(rostering.PEOPLE * min(1.0, options.scale)))
            for name, measured in rostering.measure(rounds=options.rounds, people=people).items():
                found[name] = ratios(measured, floor="floor")
    if "export" in wanted:
        with _timed("export"):
            found["export"] = ratios(exporting.measure(rounds=options.rounds), floor="floor")
    return found


def _network(options: argparse.Namespace) -> dict[str, Any]:
    """The entries of the network, in a book of its own."""
    from django.core.management import call_command

    from tests.bench import network
    from tests.bench.measuring import ratios

    with _timed("migrate"):
        call_command("migrate", verbosity=0)
    with _timed("network"):
        counts = {"rounds": options.rounds, "requests": 4 if options.ci else 80}
        measured = network.measure(options.scale, **counts)
    return {name: ratios(samples, floor="floor") for name, samples in measured.items()}


def _prepare(options: argparse.Namespace) -> None:
    """A migrated database with the book in it."""
    from django.core.management import call_command

    from codesign.tasks import count_overviews
    from tests.bench.seeding import Size, seed

    with _timed("migrate"):
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
    with _timed("seed"):
        seed(Size.of(options.scale, ci=options.ci))
    with _timed("figures"):
        count_overviews()


def _token() -> str:
    """The bearer token of the officer who sees all twenty countries."""
    from io import StringIO

    from django.core.management import call_command

    from tests.bench.book import representative

    out = StringIO()
    call_command("issue_token", role="lcr", organisation=representative("BE"), stdout=out)
    return out.getvalue().strip()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"    {what}: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
