"""What partial dates say about the period of an agreement. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.kernel.calendar import EARLIEST, LATEST, PartialDate
from registry.kernel.errors import Fault, Invalid


@dataclass(frozen=True)
class Period:
    """First and last day, each between an earliest and a latest; one that nobody knows may be any day."""

    starts_earliest: date
    starts_latest: date
    ends_earliest: date
    ends_latest: date

    def columns(self) -> dict[str, Any]:
        """As the columns of a row."""
        return dict(vars(self))


def partial(text: str, pointer: str) -> PartialDate | None:
    """The date that a text names, None for an empty one. Raises Invalid at `pointer`."""
    if not text:
        return None
    try:
        return PartialDate.parse_loose(text)
    except ValueError as error:
        raise Invalid.at(pointer, "invalid_date", str(error)) from error


def period(*, starts_on: str, ends_on: str, is_open_ended: bool) -> Period:
    """The bounds of a period. Raises Invalid with every fault found.

    >>> period(starts_on="--01-22", ends_on="", is_open_ended=False).starts_earliest
    datetime.date(1900, 1, 22)
    """
    faults: list[Fault] = []
    found: dict[str, PartialDate | None] = {}
    for name, text in (("starts_on", starts_on), ("ends_on", ends_on)):
        try:
            found[name] = partial(text, f"/{name}")
        except Invalid as error:
            faults += error.faults
    if ends_on.startswith("--"):
        faults.append(Fault("/ends_on", "year_missing", "An end has a year."))
    if ends_on and is_open_ended:
        faults.append(Fault("/is_open_ended", "has_end", "What has an end is not open-ended."))
    if faults:
        raise Invalid("The period has faults; each is listed.", faults=tuple(faults))
    start, end = found["starts_on"], found["ends_on"]
    bounds = Period(
        start.earliest if start else EARLIEST,
        start.latest if start else LATEST,
        end.earliest if end else LATEST if is_open_ended else EARLIEST,
        end.latest if end else LATEST,
    )
    if bounds.ends_latest < bounds.starts_earliest:
        raise Invalid.at("/ends_on", "before_start", "The end lies before the start.")
    return bounds


def notice_due_on(*, ends_on: str, ends_earliest: date, renewal_notice_days: int | None) -> date | None:
    """Last day to say whether it shall be renewed; None without an end or without such a term."""
    if not ends_on or renewal_notice_days is None:
        return None
    return ends_earliest - timedelta(days=renewal_notice_days)
