"""What a story of the demo book is made of: places, and a diary of entries in its usual rhythms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happens on a day: a verb of `playing` with what it needs."""

    day: date
    verb: str
    given: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site: the company's code for it, how many people the roster names, how many it says work there."""

    name: str
    code: str
    staff: int = 0
    head_count: int = 0
    kind: str = "hotel"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One company with its places and its diary. `language` is that of its reporting officer."""

    name: str
    domain: str
    category: str
    band: str
    language: str
    places: tuple[Place, ...] = ()
    diary: tuple[Entry, ...] = ()

    def copy(self, number: int) -> Story:
        """The same story of another company."""
        return replace(self, name=self.name.replace("(DEMO)", f"{number} (DEMO)"), domain=f"n{number}.{self.domain}")


def on(day: str, verb: str, **given: Any) -> Entry:
    """An entry of a diary."""
    return Entry(day=date.fromisoformat(day), verb=verb, given=given)


def applies(day: str, *, until: str = "approve") -> tuple[Entry, ...]:
    """An application in its usual rhythm, as far as `until`."""
    start = date.fromisoformat(day)
    steps = {"open": 0, "submit": 1, "submit_plan": 22, "endorse": 38, "approve": 43}
    entries = [Entry(day=start + timedelta(days=after), verb=verb, given={}) for verb, after in steps.items()]
    return tuple(entries[: [*steps].index(until) + 1])


def joins(day: str) -> tuple[Entry, ...]:
    """From the first step to membership in two months."""
    start = date.fromisoformat(day)
    last = (("pay", 55), ("sign", 61))
    return (*applies(day), *(Entry(day=start + timedelta(days=after), verb=verb, given={}) for verb, after in last))


def pays(*years: int) -> tuple[Entry, ...]:
    """The yearly fee: asked for in January, paid in February."""
    return tuple(entry for year in years for entry in (on(f"{year}-01-15", "invoice"), on(f"{year}-02-09", "pay")))


def trains(share: float, *days: date) -> tuple[Entry, ...]:
    """A roster and trainings of that share of the staff."""
    first = Entry(day=min(days) - timedelta(days=30), verb="roster", given={})
    return (first, *(Entry(day=day, verb="train", given={"share": share}) for day in days))


def reports(year: int, day: str, *moves: tuple[str, str]) -> tuple[Entry, ...]:
    """A report handed in on `day`, and what the reviewer did with it."""
    reviewed = (on(moved, "review", year=year, move=move) for move, moved in moves)
    return (on(day, "report", year=year), *reviewed)
