"""The published lists in `members/data/`, row by row in the words of the importer.

A list of this make is told by its column `iso2`: the country's code, beside its name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from members.imports.columns import Header, Line
from members.imports.lifecycle import ImportKind
from registry.kernel.errors import Fault, Invalid

DATA = Path(__file__).resolve().parents[1] / "data"
MARK = "iso2"
SOURCED = ("source", "confidence", "note")
STOP_GROUP = "stop-group"
LCR_KINDS = {"ecpat_member": "ngo", "other_ngo": "ngo", "tourism_ngo": "ngo", "public_body": "public_body"}

# Kind → file, and the importer's column of each of the list's; None: not read.
LISTS: dict[str, tuple[str, dict[str, str | None]]] = {
    ImportKind.NETWORK_MEMBERSHIPS: (
        "member_groups",
        {
            "id": None,
            "name": "organisation",
            "country": None,
            "iso2": "country",
            "ecpat_region_2024": "region",
            "membership_kind": "kind",
            "year": "since",
            "year_basis": "since_basis",
            "website": "website",
            **{name: name for name in SOURCED},
        },
    ),
    ImportKind.MANDATES: (
        "lcrs",
        {
            "id": None,
            "country": None,
            "iso2": "country",
            "organisation": "organisation",
            "kind": "organisation_kind",
            "year": "since",
            "year_basis": "since_basis",
            "status_seen": "status_seen",
            **{name: name for name in SOURCED},
        },
    ),
    ImportKind.GROUP_PARTICIPATIONS: (
        "stop_partners",
        {
            "id": None,
            "name": "organisation",
            "role_in_group": "role",
            "kind": "organisation_kind",
            "iso2": "country",
            **{name: name for name in SOURCED},
        },
    ),
    ImportKind.REPORTING_CHANNELS: (
        "reporting_channels",
        {
            "name": "name",
            "iso2": "country",
            "kind": "kind",
            "about": "about",
            "url": "contact",
            "scope": "covers",
            "what_it_takes": "what_it_takes",
            "handling": "handling",
            "source": "source",
        },
    ),
}


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the data files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


@lru_cache(maxsize=1)
def same_as() -> dict[tuple[str, str, str], dict[str, str]]:
    """Names of the lists that mean a body of another name, by file, name and country."""
    return {(row["file"], row["name"], row["iso2"]): row for row in rows("same_as")}


@lru_cache(maxsize=1)
def links() -> dict[str, dict[str, str]]:
    """Who runs a channel of the list, and whether the STOP Group links to it, by the channel's name."""
    return {row["channel"]: row for row in rows("channel_links")}


def is_list(kind: str, columns: Sequence[str]) -> bool:
    """Whether a table with this header is a published list."""
    return kind in LISTS and MARK in columns


def header(kind: str, columns: Sequence[str]) -> Header:
    """Where a list's columns stand. Raises Invalid for one that it does not have."""
    _, known = LISTS[kind]
    faults = [
        Fault(f"/columns/{place}", "unknown_header", f"There is no column {name[:100]} in this list.")
        for place, name in enumerate(columns)
        if name not in known and not name.startswith("import_")
    ]
    first = next(iter(name for name, meant in known.items() if meant in {"organisation", "name"}))
    if first not in columns:
        faults.append(Fault("/columns", "missing_header", f"A column is missing: {first}."))
    if faults:
        raise Invalid("The header is not one of this list.", code=faults[0].code, faults=tuple(faults))
    read = {name: place for place, name in enumerate(columns) if known.get(name)}
    return Header(read, [name for name in columns if name not in read])


def line(kind: str, number: int, row: dict[str, str]) -> Line:
    """A row of the list in the importer's columns."""
    file, known = LISTS[kind]
    cells = {meant: row[name] for name, meant in known.items() if meant and name in row}
    more: dict[str, str] = {}
    if kind == ImportKind.REPORTING_CHANNELS:
        _complete_channel(cells, more, number)
    else:
        if kind == ImportKind.MANDATES:
            cells["organisation_kind"] = LCR_KINDS.get(cells["organisation_kind"], cells["organisation_kind"])
        if kind == ImportKind.GROUP_PARTICIPATIONS:
            cells["group"] = STOP_GROUP
            cells["role"] = "partner" if cells.get("role") == "member" else cells.get("role", "")
        _one_body(cells, more, file)
    return Line(number, cells, more)


def _one_body(cells: dict[str, str], more: dict[str, str], file: str) -> None:
    """Name the body as the register does, where the lists disagree."""
    if same := same_as().get((file, cells["organisation"], cells.get("country", ""))):
        cells["organisation"] = same["organisation"]
        if same["recorded_name"]:
            more |= {"further_name": same["recorded_name"], "further_kind": same["recorded_kind"]}


def _complete_channel(cells: dict[str, str], more: dict[str, str], number: int) -> None:
    """The European Union is no country; who runs a channel stands in a list of its own."""
    cells["position"] = str(number - 1)
    if cells.get("country") == "EU":
        cells |= {"country": "", "is_eu_wide": "true"}
    link = links().get(cells["name"], {})
    if link.get("stop_row"):
        cells["linked_group"] = STOP_GROUP
    if link.get("holder"):
        cells |= {
            "organisation": link["holder"],
            "organisation_country": link["iso2"],
            "organisation_kind": link["holder_kind"],
        }
        more |= {"organisation_source": link["source"], "organisation_confidence": "sourced"}
