"""Lists that are read all day: every row is kept as the JSON that it is shown as, and read by statements built once.

A kept row counts only while it is fresh; any other is worked out by `rows`, the one definition. So an answer is
right at any moment, and only its price differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet

from registry.kernel.api import pages
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import apply
from registry.kernel.api.renderers import to_json
from registry.kernel.api.rows import Context, Plan, RowSerializer
from registry.kernel.compiled import Among, Compiled, Slot, kept

# What of a request its statement does not depend on, or what the key holds otherwise.
_ELSEWHERE = {"cursor", "count", "fields", "omit", "page_size", "ordering", "valid_on"}
_KEPT = ("pk", "is_fresh", "shown")


class Shape:
    """How rows are kept: the columns to read, each row as JSON text, and a mark that changes with the declaration."""

    def __init__(self, row: type[RowSerializer]) -> None:
        self.plan: Plan = row.plan(context=Context(), extra=("pk",))
        names = ",".join(name for name, _ in self.plan.shapes)
        self.mark = hashlib.sha256(f"{names} {self.plan.columns}".encode()).hexdigest()[:16]

    def texts(self, raw: list[tuple[Any, ...]]) -> list[str]:
        """The JSON of each row."""
        return [to_json(row).decode() for row in self.plan.shaped(raw)]


class _Statement:
    """A page's SQL, and the kinds of the values at its cursor."""

    def __init__(self, rows: QuerySet, window: pages.Window) -> None:
        self.fields = window.fields(rows) if window.cursor else {}
        self.compiled = Compiled(window.rows(rows, Slot).values_list(*_KEPT, window.order.column))


class HotRows:
    """Reads lists and rows as they are kept; put it before `ListRows`. The row must not depend on caller or language.

    Its `Computed` fields get identifiers and days as text. `kept_filters` name what needs `rows` to filter by.
    """

    kept_filters: ClassVar[frozenset[str]] = frozenset()

    def kept_rows(self, scope: Any, *, on: date) -> QuerySet:
        """What the caller may see, with `shown` and `is_fresh`."""
        raise NotImplementedError

    def filtered_rows(self, scope: Any, *, on: date) -> QuerySet:
        """The same, with what the filters `kept_filters` read."""
        raise NotImplementedError

    def worked_out(self, *, on: date) -> QuerySet:
        """As `rows`, of a caller who sees everything: asked only for keys that were seen."""
        raise NotImplementedError

    def page_of(self: Any, call: Call, names: list[str] | None, window: pages.Window) -> tuple[pages.Page, list[Any]]:
        """One page and its rows; a second query only where a row is not fresh."""
        if not self._is_hot():
            return super().page_of(call, names, window)  # type: ignore[misc]
        params = call.request.query_params
        shape = tuple(sorted((name, tuple(params.getlist(name))) for name in params if name not in _ELSEWHERE))

        def build() -> _Statement:
            wider = not self.kept_filters.isdisjoint(params)
            rows = (self.filtered_rows if wider else self.kept_rows)(call.scope, on=call.on)
            return _Statement(apply(self.filters, params, rows, call.request), window)

        statement = kept((*self._key(call.scope, call.on), shape, window.shape), build)
        raw = statement.compiled.plain_rows(**window.values(statement.fields))
        page = window.page(raw, {window.order.column: len(_KEPT), "pk": 0})
        return page, self._shown(call, names, page.raw)

    def one(self: Any, scope: Any, call: Call, key: Any, names: list[str] | None) -> tuple[int, Any] | None:
        """Version and content of one visible row; None without it."""
        if not self._is_hot():
            return super().one(scope, call, key, names)  # type: ignore[misc]
        version = self.version_column or "pk"

        def build() -> Compiled:
            return Compiled(_with_keys(self.kept_rows(scope, on=call.on)).values_list(*_KEPT, version))

        statement = kept((*self._key(scope, call.on), "one"), build)
        raw = statement.plain_rows(keys=[key])
        return (raw[0][len(_KEPT)], self._shown(call, names, raw)[0]) if raw else None

    def _key(self: Any, scope: Any, on: date) -> tuple[Hashable, ...]:
        """What the visible rows depend on."""
        return self.resource, scope.user_id, scope.hats, on

    def _is_hot(self: Any) -> bool:
        """Whether the view shows its own rows; a mixin may have put others in their place."""
        return self.row is type(self).row

    def _shown(self: Any, call: Call, names: list[str] | None, raw: Iterable[tuple[Any, ...]]) -> list[Any]:
        """Each row as JSON; cut to the fields `names` when they are asked for."""
        texts = [(key, text if is_fresh else None) for key, is_fresh, text, *_ in raw]
        stale = [key for key, text in texts if text is None]
        found = self._worked_out(call, stale) if stale else {}
        rows = [text or found[key] for key, text in texts if text or key in found]
        if names is None:
            return [orjson.Fragment(row) for row in rows]
        return [{name: row[name] for name in names} for row in map(orjson.loads, rows)]

    def _worked_out(self: Any, call: Call, keys: list[Any]) -> dict[Any, str]:
        shape = shape_of(self.row)

        def build() -> Compiled:
            return Compiled(_with_keys(self.worked_out(on=call.on)).values_list(*shape.plan.columns))

        raw = kept((self.resource, "worked out", call.on), build).plain_rows(keys=keys)
        place = shape.plan.places["pk"]
        return {values[place]: text for values, text in zip(raw, shape.texts(raw), strict=True)}


def shape_of(row: type[RowSerializer]) -> Shape:
    """How rows of this declaration are kept."""
    key: Hashable = ("shape", row)
    return kept(key, lambda: Shape(row))


def _with_keys(rows: QuerySet) -> QuerySet:
    return rows.filter(Among("pk", Slot("keys", rows.model._meta.pk))).order_by()
