"""Indicators of a year, cut by country and category, with small companies hidden so that no subtraction shows one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from codesign.figures.rules import ROLLED, Key, hidden
from codesign.reporting.editions import DIMENSIONS, frozen_cells, live_cells
from codesign.reporting.models import Contribution, IndicatorEdition, ReportingYear
from codesign.reporting.rules import cut_share
from members.scope import Role, Scope
from registry.kernel.errors import Invalid, NotFound

DEFINITION = (
    "Of the reports of the year that were accepted: the sum of what was answered, with how many companies and sites "
    "stand behind it. Missing is unknown and in no sum. A share is taken over those who answered both numbers."
)
_SUMS = (
    "value_sum", "part_sum", "whole_sum", "scope_sum", "answering_sum",
    "weights", "answering_weights", "companies", "companies_answering",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What stands in a cell; None is unknown."""

    value: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    sites_in_scope: int = 0
    sites_answering: int = 0
    weight: Decimal = Decimal(0)
    answering_weight: Decimal = Decimal(0)
    companies: int = 0
    companies_answering: int = 0

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(
            value=_plus(self.value, other.value),
            part=_plus(self.part, other.part),
            whole=_plus(self.whole, other.whole),
            sites_in_scope=self.sites_in_scope + other.sites_in_scope,
            sites_answering=self.sites_answering + other.sites_answering,
            weight=self.weight + other.weight,
            answering_weight=self.answering_weight + other.answering_weight,
            companies=self.companies + other.companies,
            companies_answering=self.companies_answering + other.companies_answering,
        )

    @property
    def share(self) -> Decimal | None:
        """Part ÷ whole, cut; None where it is no share."""
        return None if self.part is None or not self.whole else cut_share(self.part, self.whole)


@dataclass(frozen=True, kw_only=True)
class IndicatorCellRead:
    """One cell as it is shown; a hidden one holds no number."""

    by: dict[str, Any]
    sums: Sums | None
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class IndicatorRead:
    """One indicator of a year: its cells and the one for everything."""

    code: str
    criterion_number: int
    is_passed_on: bool
    cells: list[IndicatorCellRead] = field(default_factory=list)
    total: IndicatorCellRead


@dataclass(frozen=True, kw_only=True)
class Table:
    """All indicators of a year, as published or as they stand."""

    year: int
    edition: IndicatorEdition | None
    as_of: datetime
    indicators: list[IndicatorRead]


def is_reader_of_totals(scope: Scope) -> bool:
    """Whether the caller sees totals alone, and those of a published edition only."""
    return not scope.wears(Role.SECRETARIAT, Role.LCR)


def table_of(
    year: int,
    *,
    scope: Scope,
    by: Sequence[str] = (),
    criterion: int | None = None,
    codes: Iterable[str] = (),
    edition: int | None = None,
    at: datetime,
) -> Table:
    """The indicator table. `edition` None: the newest published one for readers of totals, else the live one.

    A fixed number of queries. Raises NotFound, Invalid.
    """
    if unknown := [name for name in by if name not in DIMENSIONS]:
        message = f"{unknown[0]} is no dimension; there are: {', '.join(DIMENSIONS)}."
        raise Invalid.at("?by", "unknown_dimension", message)
    row = ReportingYear.objects.filter(year=year).first()
    if row is None:
        raise NotFound("There is no such reporting year.")
    totals_only = is_reader_of_totals(scope)
    found = _edition(row, edition, totals_only)
    if found is None:
        cells = live_cells(Contribution.objects.visible_to(scope).filter(reporting_year=row))
    else:
        cells = frozen_cells(found.pk)
        if not totals_only and not scope.wears(Role.SECRETARIAT):
            cells = cells.filter(country__in=scope.countries)
    if criterion is not None:
        cells = cells.filter(criterion_number=criterion)
    if wanted := list(codes):
        cells = cells.filter(indicator_code__in=wanted)
    columns = ("indicator_code", "criterion_number", "is_passed_on", "country_id", "category", *_SUMS)
    finest: dict[tuple[str, int, bool], dict[Key, Sums]] = {}
    for code, number, passed_on, country, category, *sums in cells.values_list(*columns):
        finest.setdefault((code, number, passed_on), {})[country, category] = Sums(
            value=sums[0],
            part=sums[1],
            whole=sums[2],
            sites_in_scope=sums[3],
            sites_answering=sums[4],
            weight=sums[5],
            answering_weight=sums[6],
            companies=sums[7],
            companies_answering=sums[8],
        )
    keep = {DIMENSIONS.index(name) for name in by}
    indicators = [
        _read(code, number, finest[code, number, passed_on], keep, totals_only, passed_on)
        for code, number, passed_on in sorted(finest, key=lambda key: (key[1], key[0]))
    ]
    return Table(year=year, edition=found, as_of=found.published_at if found else at, indicators=indicators)


def _edition(row: ReportingYear, number: int | None, totals_only: bool) -> IndicatorEdition | None:
    editions = row.editions.order_by("-number")
    if number is not None:
        found = editions.filter(number=number).first()
    else:
        found = editions.first() if totals_only else None
        if found is None and not totals_only:
            return None
    if found is None:
        raise NotFound("The indicators of this year are not published.")
    return found


def _read(
    code: str, criterion: int, finest: dict[Key, Sums], keep: set[int], totals_only: bool, is_passed_on: bool
) -> IndicatorRead:
    out: set[Key] = set()
    if totals_only or is_passed_on:
        # Hidden by who answered: a cell of few, and as many others as subtraction would need. A company in three
        # countries is a third of one in each: what several cells hold together is never more than who is behind it.
        answering: Any = {key: (sums.answering_weight,) for key, sums in finest.items()}
        out = hidden(answering, len(DIMENSIONS))
    cut = _rolled(finest, keep)
    everything = (ROLLED,) * len(DIMENSIONS)
    whole = _rolled(finest, set()).get(everything, Sums())

    def cell(key: Key, sums: Sums) -> IndicatorCellRead:
        by = {name: part for name, part in zip(DIMENSIONS, key, strict=True) if part is not ROLLED}
        return IndicatorCellRead(by=by, sums=None if key in out else sums, suppressed=key in out)

    return IndicatorRead(
        code=code,
        criterion_number=criterion,
        is_passed_on=is_passed_on,
        cells=[cell(key, cut[key]) for key in sorted(cut, key=str)] if keep else [],
        total=cell(everything, whole),
    )


def _rolled(finest: dict[Key, Sums], keep: set[int]) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    for key, sums in finest.items():
        short = tuple(part if place in keep else ROLLED for place, part in enumerate(key))
        found[short] = found[short].plus(sums) if short in found else sums
    if 0 in keep:
        return found
    # Over countries a company is one, however many it reports on.
    return {
        key: replace(sums, companies=round(sums.weight), companies_answering=round(sums.answering_weight))
        for key, sums in found.items()
    }


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other
