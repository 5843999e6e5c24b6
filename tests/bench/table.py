"""`python -m tests.bench.table`: the README's table from build/bench.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "build" / "bench.json"
TITLES = {
    "network page": "Page of 100 organisations, no login",
    "network search": "Search under a misspelt name",
    "network match": "Match at the door",
    "network count": "Members of a day, by region",
    "list": "List page, 100 companies",
    "standing": "Standing as a filter over all companies",
    "read": "One company by id, token",
    "worklist": "Worklist of a representative",
    "planning": "Planning reminders",
    "planning, a million facts": "Planning from a million training facts",
    "planning, one night": "Planning one night's window",
    "planning and outbox": "Planning reminders with their messages",
    "mails": "Mails through a local sink, by the clock",
    "push": "Push of 1,000 completions",
    "coverage by country": "Coverage today, all companies by country",
    "coverage of the largest": "Coverage today of the largest company",
    "coverage of a past day": "Coverage of a past day, by country",
    "past day of the largest": "Coverage of a past day, the largest company",
    "write with counts": "Write of 1,000 completions with counts kept",
    "opening a year": "Opening a reporting year",
    "year list": "Page of 100 owed reports",
    "roll-up": "Roll-up of a group of 500 sites",
    "indicators": "Indicators of a year, by country and category",
    "roster": "Roster of 50,000 new people",
    "same roster": "The same roster again",
    "export": "Export of all completions",
}
GROWING = ("network page", "network search", "network match", "network count", "list", "standing", "read")
BY_CLOCK = frozenset({"mails"})  # two processes and a sink share the work
NAMES = {
    "register": "the register",
    "workbook": "the register, from a workbook",
    "drf": "stock ModelSerializer",
    "ninja": "django-ninja",
    "fastapi": "FastAPI + SQLAlchemy",
}


def show(entries: dict[str, Any]) -> None:
    """The ratios of one run, as text."""
    for entry, variants in entries.items():
        unit = "ms by the clock" if entry in BY_CLOCK else "ms CPU"
        print(f"  {TITLES[entry]}")
        for name, one in variants.items():
            low, middle, high = one["ratio"]
            peak = f"  peak {one['peak_mib']:.0f} MiB" if one["peak_mib"] else ""
            print(f"    {name:10s} {middle:7.2f} ×  [{low:.2f}–{high:.2f}]  {one['cpu_ms']:10.3f} {unit}{peak}")


def growth(results: dict[str, Any]) -> dict[str, float]:
    """What ten times the data costs, where both were measured."""
    found = {}
    for label, entries in results.items():
        engine, _, scale = label.partition(" × ")
        bigger = results.get(f"{engine} × {float(scale) * 10:g}")
        for entry in GROWING if bigger else ():
            if bigger and entry in entries and entry in bigger:
                ratio = bigger[entry]["register"]["cpu_ms"] / entries[entry]["register"]["cpu_ms"]
                found[f"{engine}: {TITLES[entry]}"] = round(ratio, 2)
    return found


def show_growth(found: dict[str, float]) -> None:
    """Ten times the data, as text."""
    for title, ratio in found.items():
        print(f"  10 × the data, {title}: {ratio:.2f} ×")


def rows(measured: dict[str, Any]) -> list[str]:
    """Lines of Markdown."""
    lines = ["| Job | Data | Variant | × the floor (min–median–max) | CPU (mails: clock) |", "|---|---|---|---|---|"]
    for label, entries in measured["runs"].items():
        for entry, variants in entries.items():
            for name, one in variants.items():
                if name == "floor":
                    continue
                low, middle, high = one["ratio"]
                spread = f"{low:.2f}–**{middle:.2f}**–{high:.2f}"
                lines.append(f"| {TITLES[entry]} | {label} | {NAMES[name]} | {spread} | {one['cpu_ms']:.2f} ms |")
    for title, ratio in measured["growth"].items():
        lines.append(f"| 10 × the data | {title} | {NAMES['register']} | {ratio:.2f} × of 1 × | |")
    return lines


if __name__ == "__main__":
    print("\n".join(rows(json.loads(SOURCE.read_text()))))
