"""Coverage of today from kept counts: what `tallies.live` would say, without counting a million people."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, Q, QuerySet, Sum, UUIDField

from codesign.companies.models import CompanyTouch
from codesign.training.models import CoverageCount, CoverageDay
from codesign.training.querysets import outside_rows
from codesign.training.tallies import COUNTS, Coverage, figure_of, population, sums_of
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.compiled import Among, Compiled, Slot
from registry.kernel.compiled import kept as compiled_once

_COLUMNS: dict[str | None, tuple[str, ...]] = {
    None: (),
    "company": ("company", "company__organisation__name"),
    "country": ("country", "country"),
}
# More, and counting everybody anew is no slower than counting these apart.
_MOST_TOUCHED = 500


def coverage(
    scope: Scope, *, on: date, by: str | None, company: Any = None, country: str | None = None
) -> list[Coverage] | None:
    """One figure, or one for each company or country; None where nothing is kept of the day. One query.

    Companies that something has touched since they were counted are counted live, person by person, in five.
    """
    width = len(_COLUMNS[by])
    rows = _sums(scope, by, company, country, _State.UNTOUCHED).rows(on=on)
    touched = None if rows else _touched(on, company)
    if not rows:
        if touched is None:
            return None
        rows = _sums(scope, by, company, country, _State.TOUCHED).rows(on=on, touched=touched)
    found: dict[tuple[Any, ...], tuple[int, ...]] = {
        row[:width]: tuple(number or 0 for number in row[width:]) for row in rows
    }
    if touched:
        tiles, heads = population(scope, company=company, country=country)
        fresh = sums_of(tiles.filter(company__in=touched), heads.filter(site__company__in=touched), on=on, by=by)
        for key, counts in fresh.items():
            found[key] = tuple(a + b for a, b in zip(found.get(key, (0,) * len(COUNTS)), counts, strict=True))
    if by is None:
        return [figure_of((None, ""), found.get((), (0,) * len(COUNTS)))]
    groups = sorted((key for key in found if any(found[key])), key=lambda key: (key[1], str(key[0])))
    return [figure_of(key, found[key]) for key in groups]


def _touched(on: date, company: Any) -> list[UUID] | None:
    """Companies whose counts of the day are not to be trusted; None when no count of it is. Two queries."""
    if not CoverageDay.objects.filter(day=on).exists():
        return None
    found = set(_touches(company).values_list("company_id", flat=True)[: 10 * _MOST_TOUCHED])
    return None if None in found or len(found) > _MOST_TOUCHED else sorted(found)


def _touches(company: Any) -> Any:
    """What was touched, of one company or of all."""
    rows: Any = CompanyTouch.objects.order_by()
    return rows if company is None else rows.filter(Q(company_id=company) | Q(company_id=None))


class _State(StrEnum):
    """What the statement itself makes sure of: that nothing is touched, or that those touched are left out."""

    UNTOUCHED = "untouched"
    TOUCHED = "touched"


def _sums(scope: Scope, by: str | None, company: Any, country: str | None, state: _State) -> Compiled:
    """The statement, made once for each shape of question and reach."""
    own = scope.organisations(*COMPANY_ROLES)
    sees_all = scope.wears(Role.SECRETARIAT, Role.EVALUATOR)
    key = ("coverage", by, company, country, state, own, scope.countries, sees_all)
    return compiled_once(key, lambda: Compiled(_rows(scope, by, company, country, state)))


def _rows(scope: Scope, by: str | None, company: Any, country: str | None, state: _State) -> QuerySet:
    day = Slot("on", DateField())
    rows = CoverageCount.objects.filter(counted_on=day)
    if not scope.wears(Role.SECRETARIAT, Role.EVALUATOR):
        seen = outside_rows(scope, country="country")
        if own := scope.organisations(*COMPANY_ROLES):
            seen |= type(seen)(company__in=own)
        rows = rows.filter(seen)
    if company is not None:
        rows = rows.filter(company=company)
    if country is not None:
        rows = rows.filter(country=country)
    if state == _State.TOUCHED:
        rows = rows.exclude(Among("company_id", Slot("touched", UUIDField())))
    else:
        rows = rows.filter(Exists(CoverageDay.objects.filter(day=day)), ~Exists(_touches(company)))
    totals = {f"sum_{name}": Sum(name) for name in COUNTS}
    columns = _COLUMNS[by]
    if not columns:
        return rows.order_by().values(day=F("counted_on")).annotate(**totals).values_list(*totals)
    return rows.order_by().values(*columns).annotate(**totals).values_list(*columns, *totals)
