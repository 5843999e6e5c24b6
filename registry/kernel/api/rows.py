"""Reading: a row's fields are declared once; the query, the answer and the contract share the declaration.

Rows are read as plain values and shaped by small functions: no model instance, no nested serializer.
(An instance and a nested serializer per row measured 20 times the cost of plain values.)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.kernel.compiled import Among, Compiled, Slot, kept

API_PREFIX = "/api/v1/"
Shape = Callable[[tuple[Any, ...]], Any]


@dataclass(frozen=True)
class Context:
    """What shaping may depend on besides the row. `kept_as`: what its SQL depends on, where that is kept."""

    scope: Any = None
    on: Any = None
    language: str = "en"
    kept_as: Hashable = None


def in_language(names: dict[str, str] | None, language: str) -> str | None:
    """The text in `language`, else in English, else in any; None without any."""
    if not names:
        return None
    return names.get(language) or names.get("en") or next(iter(names.values()))


class Column(serializers.Field):
    """Base of fields that read one or more columns and shape them."""

    columns: tuple[str, ...] = ()

    def shape(self, context: Context) -> Callable[..., Any]:
        """A function of the column values, in their order."""
        raise NotImplementedError

    def to_representation(self, value: Any) -> Any:  # pragma: no cover - rows never pass through DRF
        raise NotImplementedError


class ReferenceSerializer(serializers.Serializer):
    """A small reference to another row."""

    id = serializers.CharField()
    url = serializers.CharField(help_text="Where to read the row.")
    display = serializers.CharField(help_text="Name for people.")
    expanded = serializers.DictField(
        required=False,
        allow_null=True,
        help_text="The row itself, where `expand` names the reference; null where the caller may not read it.",
    )

    class Meta:
        ref_name = "Reference"


@extend_schema_field(ReferenceSerializer)
class Ref(Column):
    """Reference `{id, url, display}` to a row of `resource`; null when the id is null."""

    def __init__(self, resource: str, id_column: str, display_column: str, **options: Any) -> None:
        self.resource, self.columns = resource, (id_column, display_column)
        super().__init__(read_only=True, **options)

    def shape(self, context: Context) -> Callable[..., Any]:
        prefix, language = f"{API_PREFIX}{self.resource}/", context.language

        def reference(key: Any, display: Any) -> Any:
            if key is None:
                return None
            if isinstance(display, dict):
                display = in_language(display, language)
            return {"id": str(key), "url": f"{prefix}{key}/", "display": display}

        return reference


@extend_schema_field({"type": "string", "nullable": True})
class Translated(Column):
    """One text of a column that holds several languages, by Accept-Language."""

    def __init__(self, column: str, **options: Any) -> None:
        self.columns = (column,)
        super().__init__(read_only=True, **options)

    def shape(self, context: Context) -> Callable[..., Any]:
        language = context.language
        return lambda names: in_language(names, language)


class Computed(Column):
    """A value worked out from columns of the same row; `field` declares its type for the contract."""

    def __init__(
        self, columns: Sequence[str], function: Callable[[tuple[Any, ...]], Any], field: Any, **options: Any
    ) -> None:
        self.columns, self.function, self.field = tuple(columns), function, field
        super().__init__(read_only=True, **options)

    def shape(self, context: Context) -> Callable[..., Any]:
        function = self.function
        return lambda *values: function(values)


class Many(Column):
    """Rows of another kind that belong to this one: one more query for a whole page.

    `rows(scope, on)` gives them, `by` is their column that holds this row's key; they come in `order`.
    """

    # Whether one cell of a table can hold them.
    is_flat = False

    def __init__(
        self,
        row: type[RowSerializer],
        rows: Callable[[Any, Any], QuerySet],
        *,
        by: str,
        order: tuple[str, ...] = ("pk",),
        **options: Any,
    ) -> None:
        self.row, self.rows, self.by, self.order = row, rows, by, order
        self.field = row(many=True)
        self.columns = ("pk",)
        super().__init__(read_only=True, **options)

    def collect(self, keys: list[Any], context: Context) -> dict[Any, list[dict[str, Any]]]:
        """Rows by the key that they belong to."""
        found: dict[Any, list[dict[str, Any]]] = {}
        if not keys:
            return found
        plan = self.row.plan(context=context, extra=(self.by,))
        if context.kept_as is None:
            queryset = self.rows(context.scope, context.on).filter(**{f"{self.by}__in": keys})
            raw = plan.raw(queryset.order_by(*self.order))
        else:
            raw = kept((self, context.kept_as), lambda: self._compiled(plan, context)).plain_rows(keys=keys)
        place = plan.places[self.by]
        for values, row in zip(raw, plan.shaped(raw), strict=True):
            found.setdefault(values[place], []).append(row)
        return found

    def _compiled(self, plan: Plan, context: Context) -> Compiled:
        queryset = self.rows(context.scope, context.on)
        key = queryset.model._meta.get_field(self.by.removesuffix("_id"))
        among = Among(self.by, Slot("keys", getattr(key, "target_field", key)))
        return Compiled(queryset.filter(among).order_by(*self.order).values_list(*plan.columns))


class RowSerializer(serializers.Serializer):
    """Base of read rows. A plain DRF field reads the column of its `source`; a `Column` shapes several."""

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        return tuple(cls._declared_fields)

    @classmethod
    def plan(cls, *, context: Context, names: Iterable[str] | None = None, extra: Iterable[str] = ()) -> Plan:
        """How to read the fields `names` (all when None), with `extra` columns for the caller's own use."""
        columns: dict[str, int] = {}
        for column in extra:
            columns.setdefault(column, len(columns))
        shapes: list[tuple[str, Shape]] = []
        later: list[tuple[str, Many]] = []
        for name in cls.field_names() if names is None else names:
            field = cls._declared_fields[name]
            if isinstance(field, Many):
                columns.setdefault("pk", len(columns))
                later.append((name, field))
            elif isinstance(field, Column):
                places = [columns.setdefault(column, len(columns)) for column in field.columns]
                shapes.append((name, _shaped(field.shape(context), places)))
            else:
                column = (getattr(field, "_kwargs", {}).get("source") or name).replace(".", "__")
                shapes.append((name, itemgetter(columns.setdefault(column, len(columns)))))
        return Plan(tuple(columns), tuple(shapes), tuple(later), columns, context)


def _shaped(function: Callable[..., Any], places: list[int]) -> Shape:
    if len(places) == 1:
        (place,) = places
        return lambda row: function(row[place])
    if len(places) == 2:
        first, second = places
        return lambda row: function(row[first], row[second])
    pick = itemgetter(*places)
    return lambda row: function(*pick(row))


@dataclass(frozen=True)
class Plan:
    """The columns of one reading and how each row is shaped from them."""

    columns: tuple[str, ...]
    shapes: tuple[tuple[str, Shape], ...]
    later: tuple[tuple[str, Many], ...]
    places: dict[str, int]
    context: Context

    def raw(self, queryset: QuerySet) -> list[tuple[Any, ...]]:
        """The column values, one query."""
        return list(queryset.values_list(*self.columns))

    def shaped(self, raw: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Rows as they are answered; one further query for each `Many`."""
        shapes = self.shapes
        rows = [{name: shape(values) for name, shape in shapes} for values in raw]
        for name, field in self.later:
            place = self.places["pk"]
            found = field.collect([values[place] for values in raw], self.context)
            for values, row in zip(raw, rows, strict=True):
                row[name] = found.get(values[place], [])
        return rows


def context_of(scope: Any, on: Any) -> Context:
    """The context of the present request: its language comes from Accept-Language."""
    return Context(scope=scope, on=on, language=(get_language() or "en").split("-")[0])
