"""A list of a site's people by number, to tick off by hand: for a hotel whose register is a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from codesign.companies import printing

Line = tuple[str, str, date | None]


def tick_list_pdf(people: Iterable[Line], *, site: str, course: str, on: date, language: str, at: datetime) -> bytes:
    """Reference, role and last valid day of each; a blank for the name, which the register never learns."""
    words = printing.words("tick-list")[language]
    rows = [[reference, words[role], printing.day(until, language)] for reference, role, until in people]
    data = {"site": site, "course": course, "day": printing.day(on, language), "people": rows}
    return printing.printed("tick-list", data, language=language, at=at)
