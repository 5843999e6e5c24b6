"""From a cell's text to a value, or a stable code for what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.db.models import TextChoices

from members.channels.rules import is_contact
from members.organisations.rules import IdentifierScheme, is_language, normalised
from registry.kernel.calendar import EARLIEST, LATEST, PartialDate
from registry.kernel.text import search_key

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What an export puts an apostrophe before, so that a spreadsheet doesn't run it.
_GUARDED = re.compile(r"'[=+\-@\t\r]")
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class BadCell(ValueError):
    """A cell that is no value of its column. The message does not repeat it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Codes:
    """The short lists that cells refer to: folded code or name → key."""

    countries: frozenset[str] = frozenset()
    regions: dict[str, str] = field(default_factory=dict)
    groups: dict[str, UUID] = field(default_factory=dict)


Read = Callable[[str, Codes], Any]


def plain(cell: str) -> str:
    """The text of a cell without an export's apostrophe. Raises BadCell for a formula or control characters."""
    if cell.startswith("="):
        raise BadCell("formula", "A cell is no formula; an apostrophe in front says that it is text.")
    if _CONTROL.search(cell):
        raise BadCell("control_character", "The cell holds a control character.")
    return cell[1:].strip() if _GUARDED.match(cell) else cell


def text(most: int) -> Read:
    """Text of at most so many characters."""

    def read(cell: str, codes: Codes) -> str:
        if len(cell) > most:
            raise BadCell("too_long", f"At most {most} characters.")
        return cell

    return read


def name(cell: str, codes: Codes) -> str:
    """A name that can be found again."""
    if not search_key(cell):
        raise BadCell("no_name", "A name has a letter or a digit.")
    return str(text(200)(cell, codes))


def choice(choices: type[TextChoices]) -> Read:
    """One of the values of a list."""

    def read(cell: str, codes: Codes) -> str:
        if cell not in choices.values:
            raise BadCell("unknown_choice", f"One of: {', '.join(choices.values)}.")
        return cell

    return read


def truth(cell: str, codes: Codes) -> bool:
    """`true` or `false`, `yes` or `no`, `1` or `0`."""
    if (found := TRUTHS.get(cell.lower())) is None:
        raise BadCell("no_truth", "Say true or false.")
    return found


def key(cell: str, codes: Codes) -> UUID:
    """An id of the register."""
    try:
        return UUID(cell)
    except ValueError as error:
        raise BadCell("invalid_id", "This is no id of the register.") from error


def country(cell: str, codes: Codes) -> str:
    """An ISO code."""
    if cell.upper() not in codes.countries:
        raise BadCell("unknown_country", "An ISO 3166-1 code of two letters.")
    return cell.upper()


def region(cell: str, codes: Codes) -> str:
    """The code of a region, or its name in any language."""
    if (found := codes.regions.get(search_key(cell))) is None:
        raise BadCell("unknown_region", f"One of: {', '.join(sorted(set(codes.regions.values())))}.")
    return found


def group(cell: str, codes: Codes) -> UUID:
    """The code, name or id of a group."""
    if (found := codes.groups.get(search_key(cell))) is None:
        raise BadCell("unknown_group", "There is no group of this code.")
    return found


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(cell: str, codes: Codes) -> str:
    """An IANA zone."""
    if cell not in _zones():
        raise BadCell("unknown_zone", "There is no such time zone.")
    return cell


def languages(cell: str, codes: Codes) -> list[str]:
    """BCP 47 tags with semicolons, commas or blanks between them."""
    tags = re.split(r"[;,\s]+", cell)
    if len(tags) > 50 or not all(len(tag) <= 20 and _TAG.fullmatch(tag) and is_language(tag) for tag in tags):
        raise BadCell("unknown_language", "BCP 47 tags such as fr; pcm; pt-BR.")
    return list(dict.fromkeys(tags))


def day(cell: str, codes: Codes) -> date:
    """YYYY-MM-DD between 1900 and 2200."""
    try:
        found = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None:
        raise BadCell("invalid_date", "A day is YYYY-MM-DD.")
    if not EARLIEST <= found <= LATEST:
        raise BadCell("date_out_of_range", "A day lies between 1900 and 2200.")
    return found


def partial_day(cell: str, codes: Codes) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    try:
        found = PartialDate.parse(cell).text if cell.isascii() else ""
    except ValueError as error:
        if "between" in str(error):
            raise BadCell("date_out_of_range", "A date lies between 1900 and 2200.") from error
        found = ""
    if not found:
        raise BadCell("invalid_date", "A date is YYYY, YYYY-MM or YYYY-MM-DD.")
    return found


def contact(cell: str, codes: Codes) -> str:
    """A web address or a telephone number."""
    if len(cell) > 300 or not is_contact(cell):
        raise BadCell("invalid_contact", "A web address, or a telephone number such as tel:112.")
    return cell


def identifiers(cell: str, codes: Codes) -> list[tuple[str, str]]:
    """`scheme:value` with semicolons between them, as the register keeps them."""
    found: list[tuple[str, str]] = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        scheme, _, value = part.partition(":")
        kept = normalised(scheme, value) if scheme in IdentifierScheme.values else None
        if kept is None or len(found) == 20:
            raise BadCell("bad_identifier", "scheme:value; a scheme is unknown, or a digit is wrong.")
        found.append((scheme, kept))
    return list(dict.fromkeys(found))
