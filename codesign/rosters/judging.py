"""Rows of a roster, checked one by one: each cell read once, each fault by a stable code. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from codesign.rosters.lifecycle import RosterLabel
from codesign.training.kinds import Employment, StaffRole
from codesign.training.references import MESSAGES as REFERENCE_MESSAGES
from codesign.training.references import fault_of, key_of
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.ids import new_digits
from registry.kernel.text import search_key

# Sentences only: nobody finds a refused value in an answer, a log or a mail.
MESSAGES: dict[str, str] = {
    **REFERENCE_MESSAGES,
    "required": "This is missing: somebody new needs site, role and first day; a training its course and day.",
    "formula": "The cell holds a formula; put its value in its place.",
    "unknown_site": "There is no site of this name or id for you in this company or group.",
    "ambiguous_site": "Several sites have this name; put the id of the one that is meant.",
    "unknown_role": "This is none of the roles: " + ", ".join(StaffRole.values) + ".",
    "unknown_employment": "This is none of: " + ", ".join(Employment.values) + ".",
    "unknown_course": "There is no course of this code for the company.",
    "bad_language": "A language is a short tag, such as en or pt-BR.",
    "invalid_date": "A day is written YYYY-MM-DD, the year first, such as 2026-03-31, and must exist.",
    "out_of_range": "A day lies between 1900 and 2200.",
    "out_of_order": "These days contradict each other or an earlier employment.",
    "in_future": "This day has not come yet; send it when it has.",
    "zeros_lost": "The company has this number with zeros in front. Format the column as text, and put them back.",
    "repeated": "The file has this person in an earlier row with other values; that one counts.",
    "person_refused": "The person's first row can't be taken.",
    "taken": "The company has this reference at a site that is not yours.",
    "changed_after": "Somebody has changed this person since the moment that the file tells of.",
    "changed_since_plan": "Somebody has changed this person since the plan was made.",
}
ROW_COLUMNS = (
    "id",
    "roster_id",
    "number",
    "reference",
    "reference_key",
    "company_id",
    "site_id",
    "role",
    "employment",
    "language",
    "hired_on",
    "left_on",
    "keeps_end",
    "since",
    "course_id",
    "completed_on",
    "label",
    "faults",
    "cells",
)
# Different texts of one column that are kept with what they mean; a file of names of one's own has no more.
_KEPT = 20_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Place:
    """A site: its key as hex digits, its present day, and its day at the moment that the file tells of.

    `company`: the key of its company, in a file for several.
    """

    id: str
    today: str
    told_on: str
    company: str | None = None


class Bad:
    """A cell that can't be taken; why."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        self.code = code


class _Kept(dict[str, Any]):
    """What each text of a column means, worked out once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__({"": None})
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) > _KEPT:
            self.clear()
            self[""] = None
        value = self[text] = Bad("formula") if text.startswith("=") else self._read(text)
        return value


def day(text: str) -> str | Bad:
    """The day as ISO has it."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return Bad("invalid_date")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return Bad("invalid_date")
    return text if EARLIEST <= found <= LATEST else Bad("out_of_range")


def _one_of(values: Sequence[str], code: str) -> Callable[[str], str | Bad]:
    known = frozenset(values)

    def read(text: str) -> str | Bad:
        plain = text.lower().replace(" ", "_").replace("-", "_")
        return plain if plain in known else Bad(code)

    return read


def _language(text: str) -> str | Bad:
    return text if len(text) <= 10 and _LANGUAGE.fullmatch(text) else Bad("bad_language")


class Judge:
    """Reads the rows of one file. `places` by id and by the search key of the name; `courses`: code → key.

    `needs_site`: a row that names no site is nobody's, as a reference is a company's own.
    """

    def __init__(
        self,
        columns: Sequence[str | None],
        *,
        roster: str,
        places: Mapping[str, Place | Bad],
        courses: Mapping[str, str],
        last_day: str,
        needs_site: bool = False,
    ) -> None:
        self._roster, self._last_day, self._needs_site = roster, last_day, needs_site
        self._at = {name: place for place, name in enumerate(columns) if name}
        self._says_end = "left_on" in self._at
        readers: dict[str, Callable[[str], Any]] = {
            "site": lambda text: places.get(text) or places.get(search_key(text)) or Bad("unknown_site"),
            "role": _one_of(StaffRole.values, "unknown_role"),
            "employment": _one_of(Employment.values, "unknown_employment"),
            "language": _language,
            "course": lambda text: courses.get(text) or Bad("unknown_course"),
        }
        days = _Kept(day)
        self._readers = [
            (name, place, _Kept(readers[name]) if name in readers else days)
            for name, place in self._at.items()
            if name != "reference"
        ]

    def row(self, number: int, cells: Sequence[str | None]) -> tuple[Any, ...]:
        """The row for the table, in the order of ROW_COLUMNS."""
        faults: list[tuple[str, str]] = []
        found: dict[str, Any] = {}
        for name, place, kept in self._readers:
            text = cells[place]
            if text:
                value = kept[text]
                if value.__class__ is Bad:
                    faults.append((name, value.code))
                else:
                    found[name] = value
        reference = cells[self._at["reference"]] or ""
        get = found.get
        site, hired_on, left_on, completed_on = get("site"), get("hired_on"), get("left_on"), get("completed_on")
        code = self._fault_of_reference(reference)
        if code:
            faults.append(("reference", code))
        if self._needs_site and site is None and not any(name == "site" for name, _ in faults):
            faults.append(("site", "required"))
        if left_on and hired_on and left_on < hired_on:
            faults.append(("left_on", "out_of_order"))
        today = site.today if site else self._last_day
        if completed_on and completed_on > today:
            faults.append(("completed_on", "in_future"))
        since = get("since")
        if since and since > max(today, hired_on or ""):
            faults.append(("since", "in_future"))
        if ("course" in found) != ("completed_on" in found) and not faults:
            faults.append(("course" if completed_on else "completed_on", "required"))
        return (
            new_digits(),
            self._roster,
            number,
            "" if code else reference,
            None if code else key_of(reference),
            site and site.company,
            site and site.id,
            get("role"),
            get("employment"),
            get("language"),
            hired_on,
            left_on,
            not self._says_end or cells[self._at["left_on"]] is None,
            since or (site and site.told_on),
            get("course"),
            completed_on,
            RosterLabel.ERROR.value if faults else RosterLabel.CREATE.value,
            orjson.dumps(faults).decode() if faults else None,
            orjson.dumps(list(cells)).decode() if faults else None,
        )

    @staticmethod
    def _fault_of_reference(text: str) -> str | None:
        if not text:
            return "required"
        return "formula" if text[0] == "=" else fault_of(text)
