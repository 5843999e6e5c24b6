"""The columns of a roster, and how a file's header is read against them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

COLUMNS = (
    "reference",
    "site",
    "role",
    "employment",
    "language",
    "hired_on",
    "left_on",
    "since",
    "course",
    "completed_on",
)
# As officers call them.
ALSO = {
    "employee": "reference",
    "employee_reference": "reference",
    "hired": "hired_on",
    "left": "left_on",
    "completed": "completed_on",
}
# Written into the file of bad rows, and not read back.
OWN_COLUMNS = ("roster_row", "roster_errors")
# What a line of JSON may have.
JSON_COLUMNS = COLUMNS + OWN_COLUMNS


class HeaderRefused(Exception):
    """The header is not a roster's; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_header(names: Sequence[str]) -> list[str | None]:
    """What each column of a file is, by its place; None for one that is not read. Raises HeaderRefused."""
    found: list[str | None] = []
    for place, name in enumerate(names, start=1):
        plain = name.replace(" ", "_").replace("-", "_")
        if plain in OWN_COLUMNS:
            found.append(None)
            continue
        column = ALSO.get(plain, plain)
        if column not in COLUMNS:
            # The name is not repeated: whoever forgot the header row has a person's data there.
            known = ", ".join(COLUMNS)
            told = f"Row 1 names the columns; its cell {place} is none of {known}. Rename it or take the column out."
            raise HeaderRefused("unknown_column", told)
        if column in found:
            raise HeaderRefused("duplicate_header", f"Column {place} says the same as an earlier one.")
        found.append(column)
    if "reference" not in found:
        raise HeaderRefused("missing_column", "A roster has a column “reference”: the company's own employee numbers.")
    return found
