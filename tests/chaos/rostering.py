"""Work on rosters in processes that are killed at random chunks, and without: print how both companies stand.

Usage: `python -m tests.chaos.rostering PEOPLE KILLS SEED REACH`; prints one JSON object. With `group` each site is a
company of its own below the one that sends. Every process is forked from this one, which never opens a connection.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

SITES = ("Hotel Fictif Royal", "Hotel Fictif Central")
HEADER = "reference,site,role,hired_on,left_on,course,completed_on\r\n"


REACH = "company"


def main(people: int, kills: int, seed: int) -> None:
    """Both companies go through the same moves; only the first is shaken."""
    rng = random.Random(seed)
    in_child(make_companies)
    left = run("shaken", lambda: first(people), kills // 3, rng) + kills - kills // 3
    rounds = 0
    while left or not rounds:
        left = run("shaken", lambda: second(people), left, rng)
        left = run("shaken", None, left, rng)
        rounds += 1
    run("steady", lambda: first(people), 0, rng)
    for _ in range(rounds):
        run("steady", lambda: second(people), 0, rng)
        run("steady", None, 0, rng)
    in_child(lambda: sys.stdout.write(json.dumps({"kills": kills - left, "rounds": rounds, **report()})))


def first(people: int) -> bytes:
    """Everybody is new; every second one is trained."""
    return lines(range(people), lambda n: (SITES[n % 2], "sales", "2025-01-01", "", *trained(n, "2026-01-01")))


def second(people: int) -> bytes:
    """A third moves, a third is trained again, a third is absent; and some are new."""
    here = [n for n in range(people + people // 10) if n % 3]
    return lines(
        here, lambda n: (SITES[0 if n % 3 == 1 else n % 2], "sales", "2025-01-01", "", *trained(n, "2026-06-01"))
    )


def trained(number: int, day: str) -> tuple[str, str]:
    return ("basics", day) if number % 2 else ("", "")


def lines(numbers: Any, cells: Callable[[int], tuple[str, ...]]) -> bytes:
    """A file."""
    return (HEADER + "".join(f"E{n:05},{','.join(cells(n))}\r\n" for n in numbers)).encode()


def run(name: str, content: Callable[[], bytes] | None, kills: int, rng: random.Random) -> int:
    """Send a file and write it, or take the last one back, while workers are killed; how many kills are left."""
    if content is None:
        in_child(lambda: decide(name, "undo"))
        return work(kills, rng)
    in_child(lambda: send(name, content()))
    left = work(kills // 2, rng) + kills - kills // 2
    in_child(lambda: decide(name, "confirm"))
    return work(left, rng)


def work(kills: int, rng: random.Random) -> int:
    """Workers until nothing is left to do."""
    while True:
        worker = forked(work_on)
        if kills:
            time.sleep(rng.uniform(0.05, 0.5))
            os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        if os.WIFSIGNALED(status):
            kills -= 1
        elif status == 0:
            return kills
        else:
            raise RuntimeError(f"a worker failed: {status}")


def work_on() -> None:
    """One worker, in small chunks and with a short lease."""
    from codesign.rosters import actions
    from codesign.rosters.actions import leasing, ranges, reading
    from codesign.rosters.models import Roster
    from registry.kernel import clock, doorbell

    doorbell.ring = lambda setting: None
    leasing.LEASE, leasing.MOST_ATTEMPTS, reading.CHUNK = timedelta(seconds=0.2), 100, 100
    ranges.next_range.__kwdefaults__ = {"size": 50}
    while Roster.objects.working().exists():
        actions.work(now=clock.now, real_now=clock.real_now, seconds=5)
        time.sleep(0.02)


def make_companies() -> None:
    """Two companies alike."""
    from members.countries.actions import load_countries
    from tests.factories import organisations, training

    load_countries()
    training.load_default_requirements()
    training.make_course(code="basics")
    for name in ("shaken", "steady"):
        company = training.make_hotel_company(name=name)
        for site in SITES:
            owner = training.make_hotel_company() if REACH == "group" else company
            if owner != company:
                organisations.make_parentage(child=owner.organisation, parent=company.organisation)
            training.make_workplace(company=owner, name=site)


def send(name: str, content: bytes) -> None:
    """Send a complete file."""
    from registry.kernel import clock, doorbell
    from tests.factories import rosters

    doorbell.ring = lambda setting: None
    company = company_of(name)
    actor = rosters.group_editor_of(company)
    rosters.send(company, content, actor=actor, mode="complete", reach=REACH, at=clock.now())


def decide(name: str, move: str) -> None:
    """Confirm or take back the last roster of a company."""
    from codesign.rosters import actions
    from registry.kernel import clock, doorbell
    from tests.factories.rosters import group_editor_of

    doorbell.ring = lambda setting: None
    company = company_of(name)
    roster = company.rosters.latest("created_at")
    told = {"accept_ends": True} if move == "confirm" else {}
    getattr(actions, move)(roster_id=roster.pk, actor=group_editor_of(company), at=clock.now(), **told)


def company_of(name: str) -> Any:
    """The company of that name."""
    from codesign.companies.models import Company

    return Company.objects.get(organisation__name=name)


def report() -> dict[str, Any]:
    """How both companies stand, by names instead of keys."""
    from codesign.companies.models import Company, Site
    from members.organisations.models import Organisation
    from tests.factories import rosters
    from tests.factories.training import AT

    names = {str(key): name for key, name in Site.objects.values_list("pk", "name")}
    found = {}
    for name in ("shaken", "steady"):
        company = company_of(name)
        state: dict[str, list[list[str]]] = {}
        for key in sorted(Organisation.objects.tree_of({company.pk}, AT.date())):
            for part, rows in rosters.state_of(Company(pk=key)).items():
                state.setdefault(part, []).extend([names.get(str(v), str(v)) for v in row] for row in rows)
        found[name] = {part: sorted(rows) for part, rows in state.items()}
        found[f"{name} written"] = list(
            company.rosters.order_by("created_at").values_list("state", "applied", "undone")
        )
    return found


def in_child(do: Callable[[], object]) -> None:
    """Do something to its end in a process of its own."""
    _, status = os.waitpid(forked(do), 0)
    if status:
        raise RuntimeError(f"{do}: {status}")


def forked(do: Callable[[], object]) -> int:
    """The process that does it."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        do()
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    django.setup()
    REACH = sys.argv[4]
    main(*(int(text) for text in sys.argv[1:4]))
