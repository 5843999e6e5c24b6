"""Coverage of today from kept counts: what `tallies.live` would say, without counting a million people."""

from __future__ import annotations

from datetime import date
from operator import add
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, Q, QuerySet, Sum, UUIDField

from codesign.companies.models import CompanyTouch
from codesign.training.models import CoverageCount, CoverageDay
from codesign.training.querysets import outside_rows
from codesign.training.tallies import COUNTS, Coverage, figure_of, population, sums_of
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.compiled import Among, Compiled, Row, Slot
from registry.kernel.compiled import kept as compiled_once

_COLUMNS: dict[str | None, tuple[str, ...]] = {
    None: (),
    "company": ("company", "company__organisation__name"),
    "country": ("country", "country"),
}
_DAYS = CoverageDay.objects.filter(day=Slot("on", DateField()))
# Own companies and countries; None where neither limits the answer.
_Reach = tuple[frozenset[UUID], frozenset[str]] | None
# More, and counting everybody anew is no slower than counting these apart.
_MOST_TOUCHED = 500


def coverage(
    scope: Scope, *, on: date, by: str | None, company: Any = None, country: str | None = None
) -> list[Coverage] | None:
    """One figure, or one for each company or country; None where nothing is kept of the day. One query.

    Companies that something has touched since they were counted are counted live, person by person, in five.
    """
    width = len(_COLUMNS[by])
    given = {"on": on, "company": company}
    rows = _counts(scope, by, company, country).rows(**given)
    touched = None if rows else _touched(on, company)
    if not rows:
        if touched is None:
            return None
        rows = _counts(scope, by, company, country, is_split=True).rows(**given, touched=touched)
    if touched:
        tiles, heads = population(scope, company=company, country=country)
        fresh = sums_of(tiles.filter(company__in=touched), heads.filter(site__company__in=touched), on=on, by=by)
        rows += [(*key, *counts) for key, counts in fresh.items()]
    if touched or (company is not None and by != "country"):
        rows = _added_up(rows, width)
    if by is None:
        return [figure_of((None, ""), rows[0] if rows else (0,) * len(COUNTS))]
    groups = [row for row in rows if any(row[width:])]
    return [figure_of(row[:width], row[width:]) for row in sorted(groups, key=_by_name)]


def _added_up(rows: list[Row], width: int) -> list[Row]:
    """One row for each group, which the first `width` columns name."""
    found: dict[Row, tuple[int, ...]] = {}
    for row in rows:
        before = found.get(row[:width], (0,) * len(COUNTS))
        found[row[:width]] = tuple(map(add, before, row[width:]))
    return [key + counts for key, counts in found.items()]


def _by_name(row: Row) -> tuple[str, str]:
    return row[1], str(row[0])


def _touched(on: date, company: Any) -> list[UUID] | None:
    """Companies whose counts of the day are not to be trusted; None when no count of it is. Two queries."""
    if not compiled_once("counted day", lambda: Compiled(_DAYS.values_list("day"))).rows(on=on):
        return None
    found = set(_touches(company).values_list("company_id", flat=True)[: 10 * _MOST_TOUCHED])
    return None if None in found or len(found) > _MOST_TOUCHED else sorted(found)


def _touches(company: Any) -> Any:
    """What was touched, of one company or of all."""
    rows: Any = CompanyTouch.objects.order_by()
    return rows if company is None else rows.filter(Q(company_id=company) | Q(company_id=None))


def _counts(scope: Scope, by: str | None, company: Any, country: str | None, *, is_split: bool = False) -> Compiled:
    """The statement, made once for each shape of question and reach; which company is asked for is a slot.

    It finds nothing when anything is touched, or, `is_split`, leaves out what its slot `touched` names.
    """
    own = scope.organisations(*COMPANY_ROLES)
    # Whoever asks for one of the own companies sees all of it.
    sees_all = company in own or scope.wears(Role.SECRETARIAT, Role.EVALUATOR)
    reach = None if sees_all else (own, scope.countries)
    key = ("coverage", by, company is None, country, is_split, reach)
    return compiled_once(key, lambda: Compiled(_rows(scope, by, company is not None, country, is_split, reach)))


def _rows(scope: Scope, by: str | None, is_one: bool, country: str | None, is_split: bool, reach: _Reach) -> QuerySet:
    day, company = Slot("on", DateField()), Slot("company", UUIDField()) if is_one else None
    rows: Any = CoverageCount.objects.all()
    if reach is not None:
        own, seen = reach[0], outside_rows(scope, country="country")
        rows = rows.filter(seen | Q(company__in=own) if own else seen)
    if company is not None:
        rows = rows.filter(company_id=company)
    if country is not None:
        rows = rows.filter(country=country)
    # As a range where companies are named: of two equal days SQLite without statistics takes the index by
    # country, which covers the columns, and reads all companies.
    is_few = is_one or (reach is not None and not reach[1])
    rows = rows.filter(counted_on__range=(day, day)) if is_few else rows.filter(counted_on=day)
    if is_split:
        rows = rows.exclude(Among("company_id", Slot("touched", UUIDField())))
    else:
        # Whether all are counted need not be asked for one: its own row of the day says that it is.
        rows = rows if is_one else rows.filter(Exists(_DAYS))
        rows = rows.filter(~Exists(_touches(company)))
    columns = _COLUMNS[by]
    rows = rows.order_by()
    if is_one:  # one row for each of its countries: summing up so few costs more here than there
        return rows.values_list(*columns, *COUNTS)
    totals = {f"sum_{name}": Sum(name) for name in COUNTS}
    grouped = rows.values(*columns) if columns else rows.values(day=F("counted_on"))
    return grouped.annotate(**totals).values_list(*columns, *totals)
