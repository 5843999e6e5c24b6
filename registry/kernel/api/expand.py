"""`expand=`: a reference with the whole row beside it, read as the caller would read it at its own address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.request import Request

from registry.kernel.api.rights import table
from registry.kernel.api.rows import Many, Ref, RowSerializer, context_of
from registry.kernel.errors import Invalid

MAX_NAMES = 5

# Resource → its view, filled by the routers: a reference knows its resource by name.
_views: dict[str, Any] = {}


def know(view: Any) -> None:
    """Let references to the rows of this view be expanded."""
    _views[view.resource] = view


def expandable(row: type[RowSerializer]) -> dict[str, Ref]:
    """The references of a row by name, those of its parts as `part.name`: two levels, no more."""
    found: dict[str, Ref] = {}
    for name, field in row._declared_fields.items():
        if isinstance(field, Ref):
            found[name] = field
        elif isinstance(field, Many):
            parts = field.row._declared_fields.items()
            found |= {f"{name}.{part}": ref for part, ref in parts if isinstance(ref, Ref)}
    return {name: ref for name, ref in found.items() if hasattr(_views.get(ref.resource), "one")}


def asked(request: Request, row: type[RowSerializer]) -> dict[str, Ref]:
    """The references that `expand` names. Raises Invalid."""
    names = [name for name in request.query_params.get("expand", "").split(",") if name]
    known = expandable(row) if names else {}
    if unknown := [name for name in names if name not in known]:
        choices = ", ".join(known) or _("none")
        raise Invalid.at(
            "?expand", "unknown_expansion", _("%s can't be expanded; there are: %s.") % (unknown[0][:100], choices)
        )
    if len(names) > MAX_NAMES:
        raise Invalid.at("?expand", "too_many_expansions", _("At most %d at once.") % MAX_NAMES)
    return {name: known[name] for name in names}


def expanded(rows: Sequence[Any], wanted: dict[str, Ref], *, call: Any) -> list[dict[str, Any]]:
    """The rows with `expanded` in each named reference; null where the caller may not read it. One reading a name."""
    # A kept row comes as text.
    shown = [orjson.loads(orjson.dumps(row)) if isinstance(row, orjson.Fragment) else row for row in rows]
    for name, ref in wanted.items():
        references = [found for row in shown for found in _references(row, name.split("."))]
        whole = _read(ref.resource, {found["id"] for found in references}, call)
        for found in references:
            found["expanded"] = whole.get(found["id"])
    return shown


def _references(row: dict[str, Any], path: list[str]) -> Iterable[dict[str, Any]]:
    value = row.get(path[0])  # may be left out by `fields`
    if len(path) == 1:
        return [value] if value else []
    return [part[path[1]] for part in value or () if part.get(path[1])]


def _read(resource: str, keys: set[str], call: Any) -> dict[str, dict[str, Any]]:
    """Rows of a resource by id, under the rights that reading it asks for."""
    operation = f"{resource}.read"
    whole = import_string(settings.API_SCOPE)(call.request)
    scope = whole.narrowed(table().get(operation, frozenset()))
    if not keys or not scope.hats or not import_string(settings.API_TOKEN_RULE)(scope, "GET", operation):
        return {}
    view = _views[resource]()
    view.scope, view.action, view.request, view.kwargs = scope, "read", call.request, {}
    plan = view.row.plan(context=context_of(scope, call.on), extra=("pk",))
    raw = plan.raw(view.rows(scope, on=call.on).filter(pk__in=keys))
    return {str(values[plan.places["pk"]]): row for values, row in zip(raw, plan.shaped(raw), strict=True)}
