"""Queries that are asked often are built once: building one with figures costs many times what running it does.

`Compiled` is the SQL of a queryset; what differs from call to call stands in it as a `Slot`. `kept` keeps it under
a key that holds everything else that it depends on. The queryset stays the one definition.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
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

    def bind(self, values: dict[str, Any], database: Any) -> Any:
        """The database's form of this call's value."""
        value, field = values[self.value], self.output_field
        if isinstance(value, list):
            listed = [field.get_db_prep_value(one, database) for one in value]
            return listed if database.vendor == "postgresql" else json.dumps(listed)
        return field.get_db_prep_value(value, database)


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
    """The SQL of a queryset of `values_list`, ready to run with the values of its slots.

    Its parameters have names, so that a slot that stands in several places is bound once.
    """

    def __init__(self, queryset: QuerySet) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, self.constants, self.slots = _named(*compiler.as_sql())
        except EmptyResultSet:
            # Nothing can be found whatever the slots hold: nobody has to ask the database.
            self.sql, self.constants, self.slots, self.converters, self.plain = "", {}, [], [], []
            return
        expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
        converters = list(compiler.get_converters(expressions).items())
        self.converters = [(place, _chained(*one)) for place, one in converters]
        self.plain = _plain_converters(expressions, converters)

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

    def _fetched(self, values: dict[str, Any]) -> list[Row]:
        if not self.sql:
            return []
        # The thread's own, asked for once: the proxy looks it up for every attribute.
        database = connections[DEFAULT_DB_ALIAS]
        bound = {**self.constants, **{slot.value: slot.bind(values, database) for slot in self.slots}}
        with _cursor(database) as cursor:
            cursor.execute(self.sql, bound)
            return cursor.fetchall()

    def _converted(self, row: Row) -> Row:
        changed = list(row)
        for place, convert in self.converters:
            changed[place] = convert(changed[place])
        return tuple(changed)


def _named(sql: str, params: Iterable[Any]) -> tuple[str, dict[str, Any], list[Slot]]:
    """The statement with a name for each parameter, what stands for them in every call, and the slots."""
    constants: dict[str, Any] = {}
    slots: dict[str, Slot] = {}
    given = iter(params)

    def name(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        param = next(given)
        if isinstance(param, Slot):
            return f"%({slots.setdefault(param.value, param).value})s"
        constants[place := f"_{len(constants)}"] = param
        return f"%({place})s"

    return re.sub("%[%s]", name, sql), constants, list(slots.values())


def _cursor(database: Any) -> Any:
    """A cursor that lets the server keep the plan of what it runs again and again, where there is one."""
    if database.vendor != "postgresql":
        return database.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    # Django's own cursor writes the values into the text, so that every statement is a new one to the server.
    database.ensure_connection()
    return database._prepare_cursor(ServerBindingCursor(database.connection))  # type: ignore[call-arg]


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
    if len(functions) == 1:
        return partial(functions[0], expression=expression, connection=connection)

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
