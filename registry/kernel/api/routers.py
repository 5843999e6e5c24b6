"""From resources to URL patterns: one view per path, one declared method per HTTP method."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getattr_static
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from registry.kernel.api import expand
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.operations import Operation
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews

# Paths with a fixed word come before those with a key, or the word would be taken for a key.


class Router:
    """Collects resources; `urls` are their patterns, named `<resource>` and `<resource>-<path>`."""

    def __init__(self) -> None:
        self.resources: list[type[ResourceViews]] = []

    def add(self, views: type[ResourceViews]) -> None:
        if any(views.resource == known.resource for known in self.resources):
            raise ValueError(f"The resource {views.resource} is there already.")
        self.resources.append(views)
        if issubclass(views, ReadRow):
            expand.know(views)

    @property
    def urls(self) -> list[URLResolver]:
        # A prefix for each resource: an address is compared with those, not with every path of the API.
        return [path(f"{views.resource}{'/' * views.has_slash}", include(patterns(views))) for views in self.resources]


def operations(views: type[ResourceViews]) -> dict[str, Operation]:
    """The declared operations by method name."""
    found = {name: getattr(getattr_static(views, name), "operation", None) for name in dir(views)}
    return {name: operation for name, operation in found.items() if isinstance(operation, Operation)}


def patterns(views: type[ResourceViews]) -> list[URLPattern]:
    """URL patterns of one resource, below its own address."""
    converter = f"<{views.lookup_converter}:id>"
    paths: dict[str, dict[str, Any]] = {}
    if issubclass(views, ListRows):
        paths.setdefault("", {})["get"] = "list"
    if issubclass(views, ReadRow):
        paths.setdefault(f"{converter}/", {})["get"] = "read"
    if issubclass(views, ExportRows):
        paths.setdefault("export/", {})["get"] = "export"
    bound = _bind(views)
    for name, operation in operations(views).items():
        base = f"{converter}/" if operation.detail else ""
        tail = (
            f"{operation.segment}/"
            if operation.segment and not operation.segment.endswith(".ics")
            else operation.segment
        )
        methods = paths.setdefault(base + tail, {})
        if operation.http_method in methods:
            raise ValueError(f"{views.__name__}: two operations for {operation.http_method} {base + tail}")
        methods[operation.http_method] = name
    ordered = sorted(paths.items(), key=lambda item: (item[0].count("<"), item[0]))
    return [path(tail, bound.as_view(dict(methods)), name=_name(views, tail)) for tail, methods in ordered]


def _name(views: type[ResourceViews], tail: str) -> str:
    words = [word for word in tail.split("/") if word]
    return "-".join([views.resource.replace("/", "-"), *("row" if w.startswith("<") else w for w in words)])


def _bind(views: type[ResourceViews]) -> type[ResourceViews]:
    """A subclass whose methods take HTTP requests and hand `Call`s to the declared ones."""
    declared = operations(views)
    inner = {name: getattr(views, name) for name in declared}

    def serving(name: str, operation: Operation) -> Callable[..., Any]:
        serve = "serve_command" if operation.is_command else "serve_query"

        def method(self: Any, request: Any, **url: Any) -> Any:
            if isinstance(request, Call):
                return inner[name](self, request)
            return getattr(self, serve)(operation, request, **url)

        method.__name__ = name
        method.__doc__ = inner[name].__doc__
        method.operation = operation  # type: ignore[attr-defined]
        return method

    return type(
        views.__name__,
        (views,),
        {"__doc__": views.__doc__, "__module__": views.__module__}
        | {name: serving(name, operation) for name, operation in declared.items()},
    )
