"""The columns that a kind of import knows, and how a table's header is read against them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from members.imports import cells
from registry.kernel.errors import Fault, Invalid
from registry.kernel.files.limits import MAX_COLUMNS

# Written into the file of bad rows, and not read back.
OWN_PREFIX = "import_"


class Use(Enum):
    """What a value is for when the row is in the register already."""

    EDITABLE = "another value is an update"
    FIXED = "another value is a conflict"
    NEW = "it counts for new rows alone"


@dataclass(frozen=True)
class Column:
    """A column by its name; `attribute`: where the register keeps it; `also`: its name in an export."""

    name: str
    read: cells.Read
    use: Use = Use.EDITABLE
    attribute: str = ""
    is_required: bool = False
    also: str = ""

    @property
    def held_as(self) -> str:
        """The field of the register's row."""
        return self.attribute or self.name


@dataclass(frozen=True)
class Line:
    """A row's cells by column, as text. `more`: what a published list says beside its columns."""

    number: int
    cells: dict[str, str]
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """Where the columns of a kind stand in a table. `unread`: those that an import has no use for."""

    places: dict[str, int]
    unread: list[str]

    def line(self, number: int, row: Sequence[str]) -> Line:
        """One row by its columns."""
        return Line(number, {name: row[place] for name, place in self.places.items()})


def header_of(
    given: Sequence[str], known: Sequence[Column], *, shown: frozenset[str], needed: Iterable[tuple[str, ...]]
) -> Header:
    """The header read against the columns `known`; `shown` are those of an export that no import reads.

    `needed`: of each group one column at least. Raises Invalid with every unknown, missing or doubled one.
    """
    names = {column.name: column.name for column in known}
    aliases = {column.also: column.name for column in known if column.also}
    # An export has an id and, for people, a name beside it: the id is read.
    beside = {name for alias, name in aliases.items() if alias in given and name in given}
    places: dict[str, int] = {}
    unread, faults = [], []
    for place, name in enumerate(given[:MAX_COLUMNS]):
        if name in shown or name in beside or name.startswith(OWN_PREFIX):
            unread.append(name)
        elif found := names.get(name) or aliases.get(name):
            if found in places:
                faults.append(Fault(f"/columns/{place}", "duplicate_header", f"There are two columns for {found}."))
            places[found] = place
        else:
            faults.append(Fault(f"/columns/{place}", "unknown_header", f"There is no column {name[:100]}."))
    for group in needed:
        if not places.keys() & set(group):
            faults.append(Fault("/columns", "missing_header", f"A column is missing: {' or '.join(group)}."))
    if faults:
        raise Invalid("The header is not one of this kind of table.", code=faults[0].code, faults=tuple(faults))
    return Header(places, unread)


def read_line(line: Line, known: Sequence[Column], codes: cells.Codes) -> tuple[dict[str, Any], list[Fault]]:
    """The values of the cells that say something, and what is wrong with the others. An empty cell says nothing."""
    values: dict[str, Any] = {}
    faults = []
    for column in known:
        try:
            text = cells.plain(line.cells.get(column.name, ""))
            if text:
                values[column.name] = column.read(text, codes)
            elif column.is_required:
                faults.append(Fault(column.name, "required", "This column needs a value."))
        except cells.BadCell as error:
            faults.append(Fault(column.name, error.code, error.message))
    return values, faults
