"""Lists whose SQL is built once: building a scoped, filtered page costs several times what running it does.

The queryset stays the one definition. Its statement is kept under everything that it depends on: the caller's hats,
the day, the filters as they were given and the shape of the page. One that asks the database while it is built, such
as a search, is built each time.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from registry.kernel.api import pages
from registry.kernel.api.calls import Call
from registry.kernel.api.rows import Plan, context_of
from registry.kernel.compiled import Among, Compiled, Slot, kept

# What of a request the statement does not depend on, or what its key holds otherwise.
ELSEWHERE = frozenset({"cursor", "count", "fields", "omit", "page_size", "ordering"})


class _Statement:
    """A page's SQL, and the kinds of the values at its cursor."""

    def __init__(self, rows: Any, plan: Plan, window: pages.Window) -> None:
        self.fields = window.fields(rows) if window.cursor else {}
        self.compiled = Compiled(window.rows(rows, Slot).values_list(*plan.columns))


class KeptStatements:
    """Put it before `ListRows`. `Computed` fields of its row get identifiers and days as text."""

    def page_of(
        self: Any, call: Call, names: Sequence[str] | None, window: pages.Window
    ) -> tuple[pages.Page, list[dict[str, Any]]]:
        """One page of the filtered rows, and its rows as they are shown."""
        if "changed_after" in call.request.query_params:  # another moment each time
            return super().page_of(call, names, window)  # type: ignore[misc]
        depends = self._depends_on(call.scope, call.on)
        context = replace(context_of(call.scope, call.on), kept_as=depends)
        plan = self.row.plan(context=context, names=names, extra=("pk", window.order.column))
        params = call.request.query_params
        asked = tuple(sorted((name, tuple(params.getlist(name))) for name in params if name not in ELSEWHERE))

        def build() -> _Statement:
            return _Statement(self.filtered(call), plan, window)

        statement = kept(("page", depends, asked, plan.columns, window.shape), build)
        raw = statement.compiled.plain_rows(**window.values(statement.fields))
        page = window.page(raw, plan.places)
        return page, plan.shaped(page.raw)

    def one(self: Any, scope: Any, call: Call, key: Any, names: list[str] | None) -> tuple[int, Any] | None:
        """Version and content of one visible row; None without it."""
        depends, column = self._depends_on(scope, call.on), self.version_column or "pk"
        context = replace(context_of(scope, call.on), kept_as=depends)
        plan = self.row.plan(context=context, names=names, extra=("pk", column))

        def build() -> Compiled:
            rows = self.rows(scope, on=call.on)
            return Compiled(rows.filter(Among("pk", Slot("keys", rows.model._meta.pk))).values_list(*plan.columns))

        raw = kept(("one", depends, plan.columns), build).plain_rows(keys=[key])
        return (raw[0][plan.places[column]], plan.shaped(raw)[0]) if raw else None

    def _depends_on(self: Any, scope: Any, on: date) -> Hashable:
        """Whatever decides which rows there are, besides the filters."""
        return self.resource, self.action, scope.user_id, scope.hats, scope.day, on
