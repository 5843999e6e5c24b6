"""Lists that are read all day: kept figures, statements built once, values as JSON takes them."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet

from registry.kernel.api import pages
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import apply
from registry.kernel.api.rows import Plan
from registry.kernel.compiled import Among, Compiled, Slot, kept

# What of a request its statement does not depend on.
_ELSEWHERE = {"cursor", "count", "fields", "omit", "page_size", "ordering", "valid_on"}


class _Statement:
    """A page's SQL, and the kinds of the values at its cursor."""

    def __init__(self, rows: QuerySet, plan: Plan, window: pages.Window) -> None:
        self.fields = window.fields(rows) if window.cursor else {}
        self.compiled = Compiled(window.rows(rows, Slot).values_list(*plan.columns))


class HotRows:
    """Reads a list and a row from `kept_rows`, by statements built once for each caller's scope and filters.

    `rows` stays the definition: what is not fresh is read again as it says, and so is a list that is filtered by
    a figure (`figure_filters`). Put it before `ListRows`. `Computed` fields get identifiers and days as text.
    """

    figure_filters: ClassVar[frozenset[str]] = frozenset()

    def kept_rows(self, scope: Any, *, on: date) -> QuerySet:
        """As `rows`, with the figures as they are kept, and `is_fresh`."""
        raise NotImplementedError

    def worked_out(self, *, on: date) -> QuerySet:
        """As `rows` of a caller who sees everything: asked only for keys that were seen."""
        raise NotImplementedError

    def page_of(self: Any, call: Call, plan: Plan, window: pages.Window) -> pages.Page:
        """One page; a second query only where a figure is not fresh."""
        if not self._is_hot():
            return super().page_of(call, plan, window)  # type: ignore[misc]
        params = call.request.query_params
        by_figure = not self.figure_filters.isdisjoint(params)
        if not by_figure:
            plan = plan.with_columns("is_fresh")
        shape = tuple(sorted((name, tuple(params.getlist(name))) for name in params if name not in _ELSEWHERE))

        def build() -> _Statement:
            rows = (self.rows if by_figure else self.kept_rows)(call.scope, on=call.on)
            return _Statement(apply(self.filters, params, rows, call.request), plan, window)

        statement = kept((self._key(call, plan), shape, window.shape), build)
        raw = statement.compiled.plain_rows(**window.values(statement.fields))
        return window.page(raw if by_figure else self._made_fresh(call, plan, raw), plan)

    def raw_of(self: Any, call: Call, key: Any, plan: Plan) -> list[tuple[Any, ...]]:
        """The column values of one visible row, or none."""
        if not self._is_hot():
            return super().raw_of(call, key, plan)  # type: ignore[misc]
        plan = plan.with_columns("is_fresh")
        return self._made_fresh(call, plan, self._by_keys(call, plan, [key]))

    def _is_hot(self: Any) -> bool:
        """Whether the view shows its own rows; a subclass may have put others in their place."""
        return self.row is type(self).row

    def _key(self: Any, call: Call, plan: Plan) -> Hashable:
        return self.resource, call.scope.hats, call.on, plan.columns

    def _by_keys(self: Any, call: Call, plan: Plan, keys: list[Any]) -> list[tuple[Any, ...]]:
        def build() -> Compiled:
            rows = self.kept_rows(call.scope, on=call.on)
            return Compiled(_with_keys(rows).values_list(*plan.columns))

        return kept((self._key(call, plan), "read"), build).plain_rows(keys=keys)

    def _made_fresh(self: Any, call: Call, plan: Plan, raw: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows with those worked out anew whose figures are not fresh."""
        fresh, key = plan.places["is_fresh"], plan.places["pk"]
        stale = [values[key] for values in raw if not values[fresh]]
        if not stale:
            return raw
        columns = tuple("pk" if column == "is_fresh" else column for column in plan.columns)

        def build() -> Compiled:
            return Compiled(_with_keys(self.worked_out(on=call.on)).values_list(*columns))

        found = kept((self.resource, "worked out", call.on, columns), build).plain_rows(keys=stale)
        by_key = {values[key]: values for values in found}
        return [by_key.get(values[key], values) for values in raw]


def _with_keys(rows: QuerySet) -> QuerySet:
    return rows.filter(Among("pk", Slot("keys", rows.model._meta.pk))).order_by()
