"""Which figures there are, and how a reader gets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from codesign.companies.models import CompanyCategory
from codesign.figures import measures
from codesign.figures.rules import ROLLED, Counts, Key, Table, hidden, rolled
from codesign.training.rules import cut_share
from members.agreements.figures import BY_STATE_DEFINITION, EXPIRING_DEFINITION
from members.network.figures import DEFINITION as MEMBERS_DEFINITION
from members.network.figures import UNCERTAIN_DEFINITION
from members.network.models import PublishedSize
from members.scope import Role, Scope
from registry.kernel.calendar import add_months
from registry.kernel.errors import Invalid, NotFound

Query = dict[str, Any]
MAX_POINTS = 60


class Unit(StrEnum):
    """What a value is."""

    COUNT = "count"
    SHARE = "share"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: its definition, its dimensions, how it is counted and where its rows are listed.

    `rows`: path and fixed filters of the list whose rows are counted; for a share those of the denominator,
    and `numerator_rows` those of the numerator. `filters`: dimension → filter, where the names differ.
    `is_as_of`: whether that list can be asked about another day. `published_scheme`: whose published sizes
    stand beside it. `listed`: how many of what is counted the caller may list, where some are never listed: a
    count has no rows then, a share says how many it has beyond them. `over`: both on many days at once, in order;
    None for a caller whom it does not serve.
    """

    code: str
    name: str
    definition: str
    unit: Unit = Unit.COUNT
    dimensions: tuple[str, ...]
    source: str
    measure: Callable[[Scope, date], Table]
    rows: tuple[str, Query]
    numerator_rows: Query | None = None
    is_as_of: bool = True
    is_public: bool = False
    published_scheme: str | None = None
    listed: Callable[[Scope, date], Table] | None = None
    over: Callable[[Scope, Sequence[date]], list[tuple[Table, Table]] | None] | None = None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of a figure. A hidden one holds no number.

    `unlisted`: how many of what is counted the rows do not show; None without rows.
    """

    by: dict[str, Any]
    value: Decimal | int | None
    numerator: int | None
    denominator: int | None
    suppressed: bool = False
    rows: str | None = None
    numerator_rows: str | None = None
    unlisted: int | None = None
    numerator_unlisted: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A figure as read on a day: its cells in key order and the cell for everything."""

    figure: Figure
    as_of: date
    by: tuple[str, ...]
    cells: list[Cell] = field(default_factory=list)
    total: Cell


_IN_FORCE = {"status": ["member", "suspended"]}
_COMPANIES = [category.value for category in CompanyCategory if category != CompanyCategory.ASSOCIATION]

CATALOGUE: dict[str, Figure] = {
    figure.code: figure
    for figure in (
        Figure(
            code="network-members",
            name="Members of the network",
            definition=MEMBERS_DEFINITION,
            dimensions=("region", "country", "kind"),
            source="Register of network memberships; each row names its source.",
            measure=measures.network_members,
            rows=("network-memberships", {}),
            is_public=True,
            published_scheme="ECPAT",
            listed=measures.listed_network_members,
        ),
        Figure(
            code="network-members-uncertain",
            name="Uncertain members of the network",
            definition=UNCERTAIN_DEFINITION,
            dimensions=("region", "country", "kind"),
            source="Register of network memberships; each row names its source.",
            measure=measures.uncertain_network_members,
            rows=("network-memberships", {"uncertain": "only"}),
            is_public=True,
            listed=measures.listed_uncertain_network_members,
        ),
        Figure(
            code="represented-countries",
            name="Countries with and without a Local Code Representative",
            definition=(
                "Countries and territories of ISO 3166-1 (and Kosovo) by whether a confirmed mandate of a Local Code "
                "Representative covers them on the day. Mandates that are only recorded do not count."
            ),
            dimensions=("region", "represented"),
            source="Confirmed mandates.",
            measure=measures.represented_countries,
            rows=("countries", {}),
            is_public=True,
        ),
        Figure(
            code="code-members",
            name="Member companies of The Code",
            definition=(
                "Companies whose membership was in force on the day, suspended ones included; paid and signed. "
                "Associations, applicants and recorded signatories are not counted."
            ),
            dimensions=("country", "category"),
            source="Decisions on memberships.",
            measure=measures.code_members,
            rows=("members", {**_IN_FORCE, "category": _COMPANIES}),
            is_public=True,
            published_scheme="The Code",
        ),
        Figure(
            code="supporting-associations",
            name="Associations that signed The Code",
            definition="Associations whose membership was in force on the day; never added to the member companies.",
            dimensions=("country",),
            source="Decisions on memberships.",
            measure=measures.supporting_associations,
            rows=("members", {**_IN_FORCE, "category": ["association"]}),
            is_public=True,
        ),
        Figure(
            code="training-coverage",
            name="Staff with valid training",
            definition=(
                "Staff in scope on the day who hold a valid completion ÷ staff in scope that day. People in grace and "
                "untrained stand in neither number; people whom no roster names stand in the denominator."
            ),
            unit=Unit.SHARE,
            dimensions=("country",),
            source="Rosters, completions and head counts; the training rules in force on the day.",
            measure=measures.training_coverage,
            rows=("staff", {"status": [status.value for status in measures.COUNTED]}),
            numerator_rows={"status": ["valid"]},
            listed=measures.listed_staff,
            over=measures.training_coverage_over,
        ),
        Figure(
            code="reports-by-state",
            name="Annual reports by state",
            definition="Reports begun by the day, in the state that they had on it. A report not begun is not counted.",
            dimensions=("year", "state", "country"),
            source="Moves of reports.",
            measure=measures.reports_by_state,
            rows=("reports", {}),
            is_as_of=False,
        ),
        Figure(
            code="memberships-by-state",
            name="Memberships of The Code by state",
            definition="Memberships begun by the day, in the state that they had on it, from draft to ended.",
            dimensions=("state", "country"),
            source="Decisions on memberships.",
            measure=measures.memberships_by_state,
            rows=("code-memberships", {}),
            is_as_of=False,
        ),
        Figure(
            code="applications",
            name="From application to active membership",
            definition=(
                "Memberships begun by the day that were then on the way from draft to active, by stage and by how long "
                "they had been in it: under 30 days, 30 to 90, over 90. Ended and recorded ones are not counted."
            ),
            dimensions=("state", "waiting", "country"),
            source="Decisions on memberships.",
            measure=measures.applications,
            rows=("code-memberships", {"state": list(measures.FUNNEL)}),
            is_as_of=False,
        ),
        Figure(
            code="criteria-progress",
            name="Planned actions done",
            definition=(
                "Actions of the plans that are done or verified ÷ all planned actions, by the criterion that they "
                "serve; as they stand now. A company without a plan stands in neither number."
            ),
            unit=Unit.SHARE,
            dimensions=("criterion_number", "country"),
            source="Plans of the companies.",
            measure=measures.criteria_progress,
            rows=("plan-actions", {}),
            numerator_rows={"state": ["done", "verified"]},
            is_as_of=False,
        ),
        Figure(
            code="agreements-by-state",
            name="Agreements by state",
            definition=BY_STATE_DEFINITION,
            dimensions=("state",),
            source="Register of agreements.",
            measure=measures.agreements_by_state,
            rows=("agreements", {}),
            is_as_of=False,
        ),
        Figure(
            code="agreements-expiring",
            name="Agreements that end within ninety days",
            definition=EXPIRING_DEFINITION,
            dimensions=("kind",),
            source="Register of agreements.",
            measure=measures.agreements_expiring,
            rows=("agreements", {"expiring_within": measures.EXPIRING_DAYS}),
        ),
    )
}


def readable(scope: Scope) -> list[Figure]:
    """The figures that the caller may read: those of public facts for everybody."""
    may_all = scope.wears(Role.SECRETARIAT, Role.LCR, Role.EVALUATOR)
    return [figure for figure in CATALOGUE.values() if figure.is_public or may_all]


def is_reader_of_totals(scope: Scope) -> bool:
    """Whether the caller sees totals alone: small cells are hidden from them, and rows."""
    return scope.wears(Role.EVALUATOR) and not scope.wears(Role.SECRETARIAT, Role.LCR)


def read(code: str, *, scope: Scope, by: Sequence[str], on: date, today: date) -> Reading:
    """The figure `code` on `on`, cut by the dimensions `by`. Raises NotFound, Invalid."""
    figure = _readable(code, scope, by)
    return _reading(figure, _tables(figure, scope, on), scope=scope, by=by, on=on, today=today)


def series(code: str, *, scope: Scope, by: Sequence[str], days: Sequence[date], today: date) -> list[Reading]:
    """The same on each of `days`, which are in order."""
    figure = _readable(code, scope, by)
    over = figure.over and figure.over(_counting(scope), days)
    tables: Any = over or (_tables(figure, scope, on) for on in days)
    return [
        _reading(figure, found, scope=scope, by=by, on=on, today=today) for on, found in zip(days, tables, strict=True)
    ]


def _readable(code: str, scope: Scope, by: Sequence[str]) -> Figure:
    figure = CATALOGUE.get(code)
    if figure is None or figure not in readable(scope):
        raise NotFound("There is no such figure.")
    if unknown := [name for name in by if name not in figure.dimensions]:
        choices = ", ".join(figure.dimensions)
        raise Invalid.at("?by", "unknown_dimension", f"{unknown[0]} is no dimension of it; there are: {choices}.")
    return figure


def _counting(scope: Scope) -> Scope:
    """Whoever also sees rows is shown what they see, so that the rows add up to the figure."""
    return scope if is_reader_of_totals(scope) else scope.narrowed(scope.roles - {Role.EVALUATOR})


def _tables(figure: Figure, scope: Scope, on: date) -> tuple[Table, Table | None]:
    """What is counted on the day, and what of it may be listed; None where everything is."""
    listed = figure.listed and not is_reader_of_totals(scope)
    return figure.measure(_counting(scope), on), figure.listed(scope, on) if figure.listed and listed else None


def _reading(
    figure: Figure, tables: tuple[Table, Table | None], *, scope: Scope, by: Sequence[str], on: date, today: date
) -> Reading:
    finest, listed = tables
    totals_only = is_reader_of_totals(scope)
    width = 2 if figure.unit is Unit.SHARE else 1
    out = hidden(finest, len(figure.dimensions), width) if totals_only else set()
    keep = {figure.dimensions.index(name) for name in by}
    rows_day = None if totals_only or (on != today and not figure.is_as_of) else on
    everything = (ROLLED,) * len(figure.dimensions)
    may_list = (
        None if listed is None or rows_day is None else {**rolled(listed, keep, width), **rolled(listed, set(), width)}
    )

    def cell(key: Key, counts: Counts) -> Cell:
        shown = counts if may_list is None else may_list.get(key, (0,) * width)
        # Rows that are fewer than the count would contradict it: then there is no list to open.
        has_rows = shown == counts or figure.unit is Unit.SHARE
        return _cell(figure, key, counts, shown, is_hidden=key in out, rows_day=rows_day if has_rows else None)

    cut = rolled(finest, keep, width)
    whole = rolled(finest, set(), width).get(everything, (0,) * width)
    return Reading(
        figure=figure,
        as_of=on,
        by=tuple(name for name in figure.dimensions if name in by),
        cells=[cell(key, cut[key]) for key in sorted(cut, key=_place)] if by else [],
        total=cell(everything, whole) if finest else _cell(figure, everything, whole, whole, totals_only, rows_day),
    )


def published(figure: Figure) -> list[dict[str, Any]]:
    """What others published about the same thing: they contradict each other, and none is a figure of ours."""
    if figure.published_scheme is None:
        return []
    columns = ("date_text", "members", "countries", "basis", "source")
    return list(PublishedSize.objects.filter(scheme=figure.published_scheme).order_by("position").values(*columns))


def days_of(start: date, end: date, *, months: int) -> list[date]:
    """The days of a series: `start`, then every so many months, none after `end`."""
    count = (end.year - start.year) * 12 + end.month - start.month
    if end < start or count // months >= MAX_POINTS:
        raise Invalid.at("?to", "out_of_range", f"A series ends after it starts and has at most {MAX_POINTS} points.")
    days = [add_months(start, months * number) for number in range(count // months + 1)]
    return [day for day in days if day <= end]


def _place(key: Key) -> tuple[tuple[bool, str], ...]:
    """Order of cells: by text, those without a value last."""
    return tuple((part is None, str(part)) for part in key)


def _cell(figure: Figure, key: Key, counts: Counts, shown: Counts, is_hidden: bool, rows_day: date | None) -> Cell:
    by = {name: part for name, part in zip(figure.dimensions, key, strict=True) if part is not ROLLED}
    if is_hidden:
        return Cell(by=by, value=None, numerator=None, denominator=None, suppressed=True)
    path, fixed = figure.rows
    numerator, denominator = counts if figure.unit is Unit.SHARE else (counts[0], None)
    rows = _url(figure, path, fixed, by, rows_day)
    has_halves = rows is not None and figure.numerator_rows is not None
    return Cell(
        by=by,
        value=numerator if denominator is None else cut_share(numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        rows=rows,
        unlisted=None if rows is None else counts[-1] - shown[-1],
        numerator_unlisted=counts[0] - shown[0] if has_halves else None,
        numerator_rows=(
            _url(figure, path, {**fixed, **figure.numerator_rows}, by, rows_day) if figure.numerator_rows else None
        ),
    )


def _url(figure: Figure, path: str, fixed: Query, by: dict[str, Any], day: date | None) -> str | None:
    """The list that holds exactly the rows counted; None for who sees none, or where no filter finds them."""
    if day is None or None in by.values():
        return None
    filters = {**fixed, **by, **({"valid_on": day} if figure.is_as_of else {})}
    query = urlencode(filters, doseq=True)
    return f"/api/v1/{path}/" + (f"?{query}" if query else "")
