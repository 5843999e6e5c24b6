"""Small subquery builders for figures: each figure its own subquery, never two joined aggregates."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, DateField, Exists, Func, IntegerField, JSONField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce


def count_of(rows: QuerySet, *, by: str, of: str = "pk") -> Coalesce:
    """How many `rows` point at the outer row through `by`; 0 without any.

    >>> companies.annotate(sites=count_of(Site.objects.all(), by="company"))
    """
    counted = rows.order_by().filter(**{by: OuterRef(of)}).values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def sum_of(rows: QuerySet, column: str, *, by: str, of: str = "pk") -> Subquery:
    """Sum of `column` over `rows` that point at the outer row; None without any row (never 0)."""
    return Subquery(rows.order_by().filter(**{by: OuterRef(of)}).values(by).annotate(n=Sum(column)).values("n"))


def latest_of(rows: QuerySet, column: str, *, by: str, order: tuple[str, ...], of: str = "pk") -> Subquery:
    """`column` of the first of `rows` in `order` that points at the outer row; None without any."""
    return Subquery(rows.filter(**{by: OuterRef(of)}).order_by(*order).values(column)[:1])


def exists_of(rows: QuerySet, *, by: str, of: str = "pk") -> Exists:
    """Whether any of `rows` points at the outer row."""
    return Exists(rows.order_by().filter(**{by: OuterRef(of)}))


def points_at(rows: QuerySet, column: str) -> Exists:
    """Whether `column` of the outer row points at one of `rows`: looked up by key.

    `column__in=rows` says the same, but SQLite lists all of them first, even for a single outer row.
    """
    return Exists(rows.order_by().filter(pk=OuterRef(column)))


class DayBefore(Func):
    """The day before a day; Django's own difference of a day and a span is a moment on SQLite."""

    output_field = DateField()
    template = "date(%(expressions)s, '-1 day')"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Dates take whole numbers there."""
        return self.as_sql(compiler, connection, template="(%(expressions)s - 1)", **context)


class _AsJson(Subquery):
    """The rows of a subquery as one JSON list of lists; null without any row on PostgreSQL, empty on SQLite."""

    _SAYS = {
        "sqlite": ("json_group_array", "json_array"),
        "postgresql": ("jsonb_agg", "jsonb_build_array"),
    }
    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any, template: Any = None, **extra: Any) -> tuple[str, Any]:  # type: ignore[override]
        many, one = self._SAYS[connection.vendor]
        names = ", ".join(f"c{place}" for place, _ in enumerate(self.query.values_select))
        wrapped = f"(WITH found({names}) AS (%(subquery)s) SELECT {many}({one}({names})) FROM found)"  # noqa: S608
        return super().as_sql(compiler, connection, template=wrapped, **extra)


def rows_of(rows: QuerySet, *columns: str, by: str, of: str = "pk") -> _AsJson:
    """`columns` of every one of `rows` that points at the outer row, as JSON: a list of lists, in no order."""
    return _AsJson(rows.order_by().filter(**{by: OuterRef(of)}).values_list(*columns))
