"""Rosters are worked through in the order of employee references: a chunk is a range of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from codesign.rosters.models import Roster, RosterRow
from registry.kernel.dialect import Statement

# Two thousand people are written in about a third of a second: so long others wait for the lock.
CHUNK = 2000
# In the order of the index, beyond the roster's own rows if need be. Asked for one roster's rows in order, PostgreSQL
# takes them for a few where no statistics know the roster yet, and sorts all that are left for each range.
_BOUND = """
SELECT r.roster_id, r.reference_key FROM codesign_rosterrow r WHERE (r.roster_id, r.reference_key) > ({roster}, {after})
ORDER BY r.roster_id, r.reference_key LIMIT 1 OFFSET {skip}
"""


@dataclass(frozen=True)
class Range:
    """The references after `after` up to `upto`, both as keys."""

    after: str
    upto: str

    def of(self, statement: Statement, column: str) -> str:
        """The condition that `column` lies within."""
        return f"{column} > {statement.text(self.after)} AND {column} <= {statement.text(self.upto)}"


def next_range(roster: Roster, *, size: int = CHUNK) -> Range | None:
    """The rows after the roster's position; None when none is left. One statement, or two where few are left."""
    statement, key = statement_of(roster.pk)
    found = statement.fetch(_BOUND, roster=key, after=statement.text(roster.position), skip=statement.number(size - 1))
    if found and _is(roster.pk, found[0][0]):
        return Range(roster.position, found[0][1])
    rows = RosterRow.objects.filter(roster=roster.pk, reference_key__gt=roster.position)
    last = rows.aggregate(last=Max("reference_key"))["last"]
    return Range(roster.position, last) if last else None


def range_among(rows: QuerySet, after: str, *, size: int) -> Range | None:
    """The next `size` of `rows` after a reference, or those that are left; None without any."""
    keys = rows.filter(reference_key__gt=after).order_by("reference_key").values_list("reference_key", flat=True)
    upto = next(iter(keys[size - 1 : size]), None)
    if upto is None:
        upto = keys.reverse().first()
    return Range(after, upto) if upto else None


def rows_in(roster: Roster, span: Range) -> QuerySet[RosterRow]:
    """The rows of a range."""
    return RosterRow.objects.filter(roster=roster.pk, reference_key__gt=span.after, reference_key__lte=span.upto)


def statement_of(roster_id: UUID) -> tuple[Statement, str]:
    """A statement about one roster's rows, and the placeholder of its key."""
    statement = Statement()
    return statement, statement.uuid(roster_id)


def _is(key: UUID, stored: Any) -> bool:
    """Whether a key as the engine gives it is this one."""
    return UUID(str(stored)) == key
