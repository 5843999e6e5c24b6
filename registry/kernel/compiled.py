"""Queries that are asked often are built once: building one with figures costs many times what running it does.

`Compiled` is the SQL of a queryset; what differs from call to call stands in it as a `Slot`. `kept` keeps it under
a key that holds everything else that it depends on. The queryset stays the one definition.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import BooleanField, F, Func, QuerySet, Value

KEPT = 2_000
Row = tuple[Any, ...]
Made = TypeVar("Made")


class Slot(Value):
    """A value that each call gives by name; `field` says what kind of value it is."""

    def __init__(self, name: str, field: models.Field) -> None:
        super().__init__(name, output_field=field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def bind(self, values: dict[str, Any]) -> Any:
        """The database's form of this call's value."""
        value = values[self.value]
        if isinstance(value, list):
            return _listed([self.output_field.get_db_prep_value(one, connection) for one in value])
        return self.output_field.get_db_prep_value(value, connection)


def _listed(values: list[Any]) -> Any:
    return values if connection.vendor == "postgresql" else json.dumps(values)


class Among(Func):
    """Whether a column is one of the values that a slot takes as a list: the same SQL for any number."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, slot: Slot) -> None:
        super().__init__(F(column), slot)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        (column, first), (slot, second) = (compiler.compile(part) for part in self.get_source_expressions())
        if connection.vendor == "postgresql":
            return f"{column} = ANY({slot})", [*first, *second]
        return f"{column} IN (SELECT value FROM json_each({slot}))", [*first, *second]  # noqa: S608


class Compiled:
    """The SQL of a queryset of `values_list`, ready to run with the values of its slots."""

    def __init__(self, queryset: QuerySet) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, self.params = compiler.as_sql()
        except EmptyResultSet:
            # Nothing can be found whatever the slots hold: nobody has to ask the database.
            self.sql, self.params, self.converters, self.plain = "", (), [], []
            return
        expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self.converters = list(compiler.get_converters(expressions).items())
        self.plain = _plain_converters(expressions, self.converters)

    def rows(self, **values: Any) -> list[Row]:
        """The rows in Python's types, as the queryset itself would give them."""
        return [self._converted(row) for row in self._fetched(values)] if self.converters else self._fetched(values)

    def plain_rows(self, **values: Any) -> list[Row]:
        """The rows for JSON: identifiers and days as text, which spares making objects of them and text again."""
        found = self._fetched(values)
        if not found or not self.plain:
            return found
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for place, convert in self.plain:
            columns[place] = [convert(value) for value in columns[place]]
        return list(zip(*columns, strict=True))

    def bound(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters of `sql` with the values of the slots in their places."""
        return tuple(param.bind(values) if isinstance(param, Slot) else param for param in self.params)

    def _fetched(self, values: dict[str, Any]) -> list[Row]:
        if not self.sql:
            return []
        with _cursor() as cursor:
            cursor.execute(self.sql, self.bound(values))
            return cursor.fetchall()

    def _converted(self, row: Row) -> Row:
        changed = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                changed[place] = convert(changed[place], expression, connection)
        return tuple(changed)


def _cursor() -> Any:
    """A cursor that lets the server keep the plan of what it runs again and again, where there is one."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    # Django's own cursor writes the values into the text, so that every statement is a new one to the server.
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))  # type: ignore[attr-defined,call-arg]


def _dashed(text: str | None) -> str | None:
    return text and f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _flag(value: int | None) -> bool | None:
    return value if value is None else bool(value)


# SQLite keeps these as text and numbers; a day's text is JSON's already.
_PLAIN: dict[str, Callable[[Any], Any] | None] = {"UUIDField": _dashed, "BooleanField": _flag, "DateField": None}


def _plain_converters(
    expressions: list[Any], converters: list[tuple[int, tuple[list[Any], Any]]]
) -> list[tuple[int, Callable[[Any], Any]]]:
    """For each column that is not JSON's as it comes: how to make it so."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, (functions, expression) in converters:
        kind = _kind(expressions[place])
        if connection.vendor == "sqlite" and kind in _PLAIN:
            if (convert := _PLAIN[kind]) is not None:
                found.append((place, convert))
        else:
            found.append((place, _chained(functions, expression)))
    return found


def _kind(expression: Any) -> str:
    """The type of the key itself where a column is a foreign key."""
    field = expression.output_field
    while getattr(field, "target_field", field) is not field:
        field = field.target_field
    return str(field.get_internal_type())


def _chained(functions: list[Any], expression: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert


_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def kept(key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` made under this `key`, which holds everything it depends on; what rests longest is forgotten.

    Not kept when `make` asked the database: a search that looks up words, say.
    """
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    asked: list[str] = []

    def noting(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(noting):
        made = make()  # outside the lock: building takes as long as a slow request
    if asked:  # what it was told may be otherwise next time
        return made
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made
