"""The first step: every row of the file is checked and laid down beside the register, in chunks that stay."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from codesign.companies.models import Site
from codesign.rosters.actions.leasing import enter, hold
from codesign.rosters.actions.reaching import companies_of
from codesign.rosters.columns import JSON_COLUMNS, HeaderRefused, read_header
from codesign.rosters.judging import ROW_COLUMNS, Bad, Judge, Place
from codesign.rosters.lifecycle import RosterStep
from codesign.rosters.models import Roster, RosterRow
from codesign.training.models import Course
from registry.kernel.files import streams
from registry.kernel.files.tables import refusal
from registry.kernel.loading import load

CHUNK = 5000
_KEY = ROW_COLUMNS.index("reference_key")


def read(roster: Roster, *, at: datetime, real_now: Callable[[], datetime]) -> None:
    """Lay down the rows that are not laid down yet. Raises FileRefused, LeaseLost."""
    with spooled(roster) as content:
        columns, batches = streams.columns_and_batches(content, JSON_COLUMNS)
        try:
            judge = _judge(roster, columns, at=at)
            if not roster.columns:
                hold(roster, now=real_now(), columns=columns, step_started_at=real_now())
            for rows in _chunks(batches, skip=roster.row_count):
                _lay_down(roster, [judge.row(number, cells) for number, cells in rows], now=real_now())
        finally:
            batches.close()  # type: ignore[attr-defined]
    enter(roster, RosterStep.COMPARE, now=real_now())


def spooled(roster: Roster) -> IO[bytes]:
    """The file, put together again, on disk and under no name."""
    folder = settings.DATA_DIR / "files"
    folder.mkdir(mode=0o700, exist_ok=True)
    content: Any = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the caller closes it
    for packed in roster.pieces.order_by("number").values_list("packed", flat=True).iterator(chunk_size=16):
        content.write(zlib.decompress(packed))
    content.flush()
    return content


def _judge(roster: Roster, columns: list[str], *, at: datetime) -> Judge:
    try:
        meant = read_header(columns)
    except HeaderRefused as error:
        raise refusal(error.code, error.message, "/file") from error
    places, last_day = _places(roster, at=at)
    courses = Course.objects.filter(company=None) | Course.objects.filter(company=roster.company_id)
    # The company's own course goes before everyone's of the same code.
    keys = dict(courses.order_by("company").values_list("code", "pk"))
    own = dict(courses.exclude(company=None).values_list("code", "pk"))
    return Judge(
        meant,
        roster=roster.pk.hex,
        places=places,
        courses={code: key.hex for code, key in {**keys, **own}.items()},
        last_day=last_day,
        needs_site=roster.company_ids is not None,
    )


def _places(roster: Roster, *, at: datetime) -> tuple[dict[str, Place | Bad], str]:
    """Sites that a row may name, by id and by name; and the latest legal day of any.

    A name that two open sites have means neither; one that is closed gives way to one that is open.
    """
    sites = Site.objects.filter(company__in=companies_of(roster))
    if roster.site_ids is not None:
        sites = sites.filter(pk__in=[UUID(key) for key in roster.site_ids])
    is_group = roster.company_ids is not None
    found: dict[str, Place | Bad] = {}
    open_names: set[str] = set()
    last_day = at.date().isoformat()
    columns = ("pk", "company_id", "search_key", "zone", "closed_on")
    for key, company, name, zone, closed_on in sites.order_by("pk").values_list(*columns):
        today, told_on = day_in(zone, at), day_in(zone, roster.as_of)
        place = Place(id=key.hex, today=today, told_on=told_on, company=company.hex if is_group else None)
        found[str(key)] = place
        last_day = max(last_day, today)
        if closed_on is None:
            found[name] = Bad("ambiguous_site") if name in open_names else place
            open_names.add(name)
        else:
            found.setdefault(name, place)
    return found, last_day


def day_in(zone: str, moment: datetime) -> str:
    """The legal day at a site, as ISO has it."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def _chunks(batches: Iterator[streams.Batch], *, skip: int) -> Iterator[streams.Batch]:
    """Rows by chunk, without the first `skip`."""
    gathered: streams.Batch = []
    for batch in batches:
        if skip >= len(batch):
            skip -= len(batch)
            continue
        gathered += batch[skip:]
        skip = 0
        if len(gathered) >= CHUNK:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


@transaction.atomic
def _lay_down(roster: Roster, rows: list[tuple[Any, ...]], *, now: datetime) -> None:
    count = roster.row_count + len(rows)
    unnamed = roster.unnamed_count + sum(row[_KEY] is None for row in rows)
    hold(roster, now=now, row_count=count, done_count=count, unnamed_count=unnamed)
    load(RosterRow._meta.db_table, ROW_COLUMNS, rows)
