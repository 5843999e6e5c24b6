"""What the book's makers and its readers share: its moment, its keys, its places. Needs no Django."""

from __future__ import annotations

from datetime import UTC, datetime

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = AT.date()
COUNTRIES = "AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IE IT LT LU NL PT".split()
PUSHED = 1_000  # items of one push
ORGANISATION, MEMBERSHIP, SITE, ACTION, REPORT, OBLIGATION, INVOICE, PERSON, OTHER = range(1, 10)


def key(kind: int, number: int) -> str:
    """A UUID as 32 digits: the same on every run, in order within a kind."""
    return f"{kind:08x}00007000800{number:013x}"


def stamp(moment: datetime) -> str:
    """A moment as both engines read it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def representative(country: str) -> str:
    """The Local Code Representative of a country."""
    return key(OTHER, COUNTRIES.index(country))


# A chain with a twentieth of all people.
LARGEST = key(ORGANISATION, 50)
# The register serves the first company's push, the floor the second's: the same people, the same days.
PUSHERS = {"register": key(ORGANISATION, 0), "floor": key(ORGANISATION, 1)}
