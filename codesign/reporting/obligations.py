"""SQL of obligations: opened and moved in sets, never row by row."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import (
    DateField,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from codesign.reporting.figures import owing
from codesign.reporting.models import Extension, ReportingYear, ReportObligation


class NewId(Func):
    """A random UUID made by the database, one for each row."""

    output_field = UUIDField()
    arity = 0

    def as_sqlite(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return "lower(hex(randomblob(16)))", []

    def as_postgresql(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return "gen_random_uuid()", []


def extended_due_on(year: ReportingYear) -> Coalesce:
    """Due day of `year` for the outer row's `company`, with the longest extension in force; it never shortens."""
    extensions = (
        Extension.objects.in_force()
        .filter(reporting_year=year, until__gt=year.due_on)
        .filter(
            Q(company=OuterRef("company"))
            | Q(country=OuterRef("company__organisation__country"))
            | Q(company=None, country=None)
        )
    )
    longest = Subquery(extensions.order_by("-until", "pk").values("until")[:1])
    return Coalesce(longest, Value(year.due_on), output_field=DateField())


def lapsing(due: Expression | F, year: ReportingYear) -> Cast:
    """First day on which what is due on `due` counts as lapsed."""
    moved = ExpressionWrapper(due + timedelta(days=year.lapse_days), output_field=DateField())
    return Cast(moved, DateField())


def insert_missing(year: ReportingYear, *, on: date, at: datetime) -> int:
    """One row for each membership that owes `year` and is not yet due; how many were new. One statement."""
    owed = owing(year=year.year, on=on).annotate(due=extended_due_on(year)).filter(due__gte=on)
    selected = owed.order_by().values_list(
        NewId(),
        "pk",
        "company_id",
        Value(year.pk, UUIDField()),
        "due",
        lapsing(F("due"), year),
        Value(at, DateTimeField()),
    )
    names = ("id", "membership", "company", "reporting_year", "due_on", "lapses_on", "created_at")
    known = {field.name: str(field.column) for field in ReportObligation._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(known[name]) for name in names)
    table = connection.ops.quote_name(ReportObligation._meta.db_table)
    sql, params = selected.query.sql_with_params()
    with connection.cursor() as cursor:
        # Unique by (membership, year): whoever runs this twice, or in two processes, adds nothing.
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        return cursor.rowcount


def refresh_due_dates(year: ReportingYear) -> int:
    """Read the extensions anew for every obligation of `year`; how many rows. One statement."""
    rows = ReportObligation.objects.filter(pk=OuterRef("pk")).annotate(due=extended_due_on(year))
    return ReportObligation.objects.filter(reporting_year=year).update(
        due_on=Subquery(rows.values("due")[:1]),
        lapses_on=Subquery(rows.annotate(lapse=lapsing(F("due"), year)).values("lapse")[:1]),
    )
