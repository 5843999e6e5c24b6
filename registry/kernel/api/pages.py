"""Pages by key, not by offset: the last page costs what the first one does."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

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


@dataclass(frozen=True)
class Window:
    """Which rows of a list are asked for: so many, in an order, from a place on."""

    order: Order
    size: int
    cursor: Cursor | None = None

    @classmethod
    def asked(cls, order: Order, size: int, cursor_text: str | None) -> Window:
        """The window of a request; 400 for a cursor of another list or order."""
        return cls(order, size, Cursor.decode(cursor_text, order) if cursor_text else None)

    @property
    def backwards(self) -> bool:
        return self.cursor is not None and self.cursor.backwards

    @property
    def shape(self) -> tuple[Any, ...]:
        """What its SQL depends on: everything but the values at the cursor."""
        return self.order, self.size, self.cursor is not None, self.backwards

    def rows(self, queryset: QuerySet, value_at: Callable[[str, Field], Value]) -> QuerySet:
        """The rows of the window and one more. `value_at` gives the expression for a value of the cursor."""
        column, descending = self.order.column, self.order.descending != self.backwards
        sign = "-" if descending else ""
        if self.cursor is not None:
            fields = self.fields(queryset)
            key, more = value_at("key", fields["key"]), LessThan if descending else GreaterThan
            if column == "pk":
                queryset = queryset.filter(more(F("pk"), key))
            else:
                value = value_at("value", fields["value"])
                # The plain bound is what an index of the column's own table seeks to, wherever the key stands.
                bound = LessThanOrEqual if descending else GreaterThanOrEqual
                beyond = RowComparison(F(column), F("pk"), value, key, sign="<" if descending else ">")
                queryset = queryset.filter(bound(F(column), value), beyond)
        order = [f"{sign}pk"] if column == "pk" else [f"{sign}{column}", f"{sign}pk"]
        return queryset.order_by(*order)[: self.size + 1]

    def fields(self, queryset: QuerySet) -> dict[str, Field]:
        """The kinds of the values at the cursor."""
        key = queryset.model._meta.pk
        if self.order.column == "pk":
            return {"key": key}
        return {"key": key, "value": queryset.all().query.resolve_ref(self.order.column).output_field}

    def values(self, fields: dict[str, Field]) -> dict[str, Any]:
        """The values at the cursor in Python's types; 400 for those of a forged one."""
        if self.cursor is None:
            return {}
        given = {"key": self.cursor.key, "value": self.cursor.value}
        try:
            found = {name: field.to_python(given[name]) for name, field in fields.items()}
            for name, field in fields.items():
                field.get_prep_value(found[name])
        except Exception as error:  # whatever the field's type raises for a forged value
            raise _bad_cursor() from error
        return found

    def page(self, raw: list[tuple[Any, ...]], places: dict[str, int]) -> Page:
        """The page from the rows of the window; `places` says where the order's column and `pk` stand in them."""
        more, raw = len(raw) > self.size, raw[: self.size]
        if self.backwards:
            raw.reverse()
        column, key = places[self.order.column], places["pk"]

        def at(values: tuple[Any, ...], back: bool) -> str:
            return Cursor(_signature(self.order), values[column], str(values[key]), back).encode()

        has_next = bool(raw) and (more or self.backwards)
        has_previous = bool(raw) and (more if self.backwards else self.cursor is not None)
        return Page(raw, at(raw[-1], False) if has_next else None, at(raw[0], True) if has_previous else None)


def read(queryset: QuerySet, plan: Any, window: Window) -> Page:
    """One page by keyset, in one query."""
    given = window.values(window.fields(queryset)) if window.cursor else {}
    rows = window.rows(queryset, lambda name, field: Value(given[name], output_field=field))
    return window.page(plan.raw(rows), plan.places)


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
