"""Pages by key, not by offset: the last page costs what the first one does."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db.models import BooleanField, F, Func, QuerySet, Value

from registry.kernel.errors import Fault, Invalid

DEFAULT_SIZE = 100
MAX_SIZE = 1000


@dataclass(frozen=True)
class Order:
    """One public ordering: its name, column and direction. The key column is always the tail."""

    name: str
    column: str
    descending: bool = False

    @classmethod
    def choose(cls, given: str | None, allowed: dict[str, str]) -> Order:
        """The ordering asked for, or the first allowed one; 400 for anything else."""
        wanted = given or next(iter(allowed))
        name = wanted.removeprefix("-")
        if name not in allowed:
            choices = ", ".join(allowed)
            raise Invalid.at("?ordering", "unknown_ordering", f"Order by one of: {choices}; a leading - reverses.")
        return cls(name, allowed[name], wanted.startswith("-"))


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the order it belongs to, the values there, and which way it looks."""

    order: str
    value: Any
    key: str
    backwards: bool

    def encode(self) -> str:
        packed = orjson.dumps([self.order, _pack(self.value), self.key, self.backwards])
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, order: Order) -> Cursor:
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            name, value, key, backwards = orjson.loads(base64.urlsafe_b64decode(padded))
            cursor = cls(str(name), _unpack(value), str(key), bool(backwards))
        except (ValueError, TypeError, KeyError, binascii.Error, ArithmeticError) as error:
            raise _bad_cursor() from error
        if cursor.order != _signature(order):
            raise _bad_cursor()
        return cursor


def _signature(order: Order) -> str:
    return f"{'-' if order.descending else ''}{order.name}"


def _bad_cursor() -> Invalid:
    fault = Fault("?cursor", "bad_cursor", "The cursor is not one of this list in this order.")
    return Invalid(fault.message, faults=(fault,))


_PACKERS: dict[type, tuple[str, Any]] = {
    datetime: ("m", datetime.fromisoformat),
    date: ("d", date.fromisoformat),
    Decimal: ("n", Decimal),
    UUID: ("u", UUID),
}


def _pack(value: Any) -> Any:
    tag = _PACKERS.get(type(value))
    return [tag[0], value.isoformat() if hasattr(value, "isoformat") else str(value)] if tag else value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        tag, text = value
        return next(read for mark, read in _PACKERS.values() if mark == tag)(text)
    if isinstance(value, str) and "\0" in value:
        raise ValueError("NUL")
    return value


@dataclass(frozen=True)
class Page:
    """Column values of one page and the cursors to its neighbours (None at the ends)."""

    raw: list[tuple[Any, ...]]
    next: str | None
    previous: str | None


def read(queryset: QuerySet, plan: Any, *, order: Order, cursor_text: str | None, size: int) -> Page:
    """One page by keyset, in one query. `plan` must hold the order's column and `pk` among its columns."""
    cursor = Cursor.decode(cursor_text, order) if cursor_text else None
    backwards = cursor is not None and cursor.backwards
    descending = order.descending != backwards
    if cursor is not None:
        queryset = _beyond(queryset, order, cursor, descending)
    if order.column == "pk":
        queryset = queryset.order_by("-pk" if descending else "pk")
    else:
        sign = "-" if descending else ""
        queryset = queryset.order_by(f"{sign}{order.column}", f"{sign}pk")
    raw = plan.raw(queryset[: size + 1])
    more, raw = len(raw) > size, raw[:size]
    if backwards:
        raw.reverse()
    column, key = plan.places[order.column], plan.places["pk"]

    def at(values: tuple[Any, ...], back: bool) -> str:
        return Cursor(_signature(order), values[column], str(values[key]), back).encode()

    has_next = bool(raw) and (more if not backwards else True)
    has_previous = bool(raw) and (more if backwards else cursor is not None)
    return Page(raw, at(raw[-1], False) if has_next else None, at(raw[0], True) if has_previous else None)


def _beyond(queryset: QuerySet, order: Order, cursor: Cursor, descending: bool) -> QuerySet:
    key: Any = cursor.key
    field = queryset.model._meta.pk
    try:
        key = field.to_python(key)
    except Exception as error:  # whatever the field's type raises for a forged value
        raise _bad_cursor() from error
    if order.column == "pk":
        return queryset.filter(**{"pk__lt" if descending else "pk__gt": key})
    column = queryset.all().query.resolve_ref(order.column).output_field
    try:
        column.get_prep_value(column.to_python(cursor.value))
    except Exception as error:
        raise _bad_cursor() from error
    beyond = RowComparison(
        F(order.column),
        F("pk"),
        Value(cursor.value, output_field=column),
        Value(key, output_field=field),
        sign="<" if descending else ">",
    )
    return queryset.filter(beyond)


class RowComparison(Func):
    """`(a, b) > (c, d)`: one comparison that an index can seek to; an OR chain it has to scan."""

    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        (a, b, c, d), params = [sql for sql, _ in parts], [value for _, values in parts for value in values]
        return f"({a}, {b}) {self.extra['sign']} ({c}, {d})", params


def size_of(given: str | None) -> int:
    """The page size asked for, 1 to 1000; 100 when not said."""
    if given is None:
        return DEFAULT_SIZE
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= MAX_SIZE or len(given) > 4:
        raise Invalid.at("?page_size", "bad_page_size", f"A page has 1 to {MAX_SIZE} rows.")
    return int(given)
