"""Languages as BCP 47 tags, and what a partial date says. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import langcodes

from registry.kernel.calendar import PartialDate

_MONTH_DAY = re.compile(r"\d{2}-\d{2}")


def language_tag(text: str) -> str:
    """The tag as the registry of languages writes it; ValueError where it names no language.

    >>> language_tag("pt-br")
    'pt-BR'
    """
    # `und` says that nobody knows the language: leave it out instead.
    if len(text) > 35 or not langcodes.tag_is_valid(text) or langcodes.get(text).language in (None, "und"):
        raise ValueError("There is no such language.")
    return langcodes.standardize_tag(text)


@dataclass(frozen=True)
class Span:
    """The days on which something may have been, and certainly nothing before or after; None when not known."""

    earliest: date | None
    latest: date | None


def span(since: str, until: str = "") -> Span:
    """What two partial dates say. One alone stands for both: of an end nobody knows, only the start is proven.

    Raises ValueError: not a date, or an end before its start.
    """
    first, last = (PartialDate.parse(text) if text else None for text in (since, until))
    if first is None and last is None:
        return Span(None, None)
    if first and last and last.latest < first.earliest:
        raise ValueError("The end lies before the start.")
    start, end = first or last, last or first
    assert start is not None
    assert end is not None
    return Span(start.earliest, end.latest)


def month_day(text: str) -> str:
    """A day of every year as MM-DD; ValueError for anything else."""
    if not _MONTH_DAY.fullmatch(text):
        raise ValueError("A day of every year is MM-DD.")
    date.fromisoformat(f"2000-{text}")
    return text
