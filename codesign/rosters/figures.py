"""What is told of a roster while it is worked on, and the file of its bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from codesign.companies.models import Site
from codesign.rosters.columns import JSON_COLUMNS, OWN_COLUMNS, read_header
from codesign.rosters.judging import MESSAGES
from codesign.rosters.lifecycle import BAD, WORKING, RosterStep
from codesign.rosters.models import Roster
from codesign.training.models import Course

_COUNTED = (RosterStep.COMPARE, RosterStep.APPLY, RosterStep.UNDO)


def progress(
    state: str,
    step: str,
    done: int,
    started_at: datetime | None,
    *,
    lines: int,
    rows: int,
    unnamed: int,
    ends: int,
    now: datetime,
) -> dict[str, Any] | None:
    """How far a worker has come with the present step; None when nobody works. `now` is real time.

    `total` is None where nobody knows it, `seconds_left` and `rows_per_second` while nothing is done.
    """
    if state not in WORKING:
        return None
    total: int | None = None
    if step == RosterStep.READ:
        total = max(lines - 1, done) if lines else None
    elif step in _COUNTED:
        total = max(rows - unnamed + (0 if step == RosterStep.COMPARE else ends), done)
    seconds = (now - started_at).total_seconds() if started_at else 0.0
    speed = done / seconds if done and seconds > 0 else None
    left = None if speed is None or total is None else (total - done) / speed
    return {
        "step": step,
        "done": done,
        "total": total,
        "rows_per_second": None if speed is None else round(speed),
        "seconds_left": None if left is None else round(left),
    }


def file_format(roster: Roster) -> str:
    """What kind of file it was."""
    if roster.line_count == 0:
        return "xlsx"
    return "jsonl" if tuple(roster.columns) == JSON_COLUMNS else "csv"


def fix_columns(roster: Roster) -> list[str]:
    """The columns of the file of bad rows: as they came, and two that are not read back."""
    return [name for name in roster.columns if name not in OWN_COLUMNS] + list(OWN_COLUMNS)


def bad_rows(roster: Roster) -> Iterator[dict[str, Any]]:
    """The bad rows of the file with what is wrong, to put right and send again. A formula's cell is left empty."""
    meant = read_header(roster.columns)
    # Of a group the id: a name may be that of several.
    sites: dict[Any, str] = {}
    if roster.company_ids is None:
        sites = dict(Site.objects.filter(company=roster.company_id).values_list("pk", "name"))
    courses = dict(Course.objects.values_list("pk", "code"))
    rows = roster.rows.filter(label__in=BAD).exclude(number=None).order_by("number")
    for row in rows.iterator(chunk_size=1000):
        cells = row.cells or [_cell(row, name, sites, courses) for name in meant]
        faults = row.faults or []
        wrong = dict(faults)
        found = {
            name: "" if column in wrong and wrong[column] == "formula" else cell
            for name, column, cell in zip(roster.columns, meant, cells, strict=True)
            if column is not None and cell is not None
        }
        told = " ".join(f"{column}: {code}. {MESSAGES[code]}" for column, code in faults)
        yield {**found, "roster_row": row.number, "roster_errors": told}


def _cell(row: Any, column: str | None, sites: dict[Any, str], courses: dict[Any, str]) -> str | None:
    """A cell of a row that was well-formed by itself: its text is not kept, what it means is."""
    if column is None:
        return None
    if column == "site":
        return sites.get(row.site_id) or (row.site_id and str(row.site_id))
    if column == "course":
        return courses.get(row.course_id)
    value = getattr(row, column)
    return value if value is None or isinstance(value, str) else value.isoformat()
