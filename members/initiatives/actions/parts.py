"""What changes of initiatives and of trainings have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Manager, Model

from members.initiatives.rules import Span, span
from registry.kernel.errors import Invalid, NotFound, Stale


def days(since: str, until: str = "", *, first: str, last: str = "") -> Span:
    """The span of two partial dates; `first` and `last` are the fields that a fault points at."""
    for pointer, text in ((first, since), (last, until)):
        try:
            span(text)
        except ValueError as error:
            raise Invalid.at(f"/{pointer}", "bad_date", str(error)) from error
    try:
        return span(since, until)
    except ValueError as error:
        raise Invalid.at(f"/{last}", "before_start", str(error)) from error


def expected(rows: Manager, key: Any, version: int | None, noun: str) -> Any:
    """The row in the version that the caller means."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFound(f"There is no such {noun}.")
    if version is not None and row.version != version:
        raise Stale(f"The {noun} has changed since you read it.")
    return row


def write(row: Any, fields: dict[str, Any]) -> None:
    """Compare and set: the row as it was read, or Stale."""
    rows = type(row).objects.filter(pk=row.pk, version=row.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The row has changed since you read it.")
    row.refresh_from_db()


def said(manager: Any, *columns: str) -> list[Any]:
    """What the parts of a row say, in a fixed order: a list of values, or of dicts for several columns."""
    rows = manager.order_by(*columns, "pk")
    return list(rows.values_list(columns[0], flat=True) if len(columns) == 1 else rows.values(*columns))


def replace(manager: Any, rows: Iterable[Model]) -> None:
    """Let these be all the parts of their row."""
    manager.all().delete()
    manager.model.objects.bulk_create(rows)
