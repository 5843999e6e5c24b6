"""The base of every resource: right, scope, validate, one domain call, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, QueryDict
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from registry.kernel import clock
from registry.kernel.api import commands, expand, pages, tags
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import RowFilters, apply, refuse_unknown
from registry.kernel.api.operations import Operation, command, query
from registry.kernel.api.problems import PreconditionRequired, flatten
from registry.kernel.api.redirects import moved_to
from registry.kernel.api.renderers import to_json
from registry.kernel.api.rows import API_PREFIX, RowSerializer, context_of
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.errors import Fault, Invalid, Stale, TooLarge

READING = {"valid_on", "fields", "omit", "expand"}
PAGING = {"page_size", "cursor", "ordering", "count"}


class ResourceViews(viewsets.ViewSet):
    """One resource. Subclasses declare it and give `rows`; operations are marked by `command` and `query`.

    `resource`: URL segment and key of the rights table. `row`: what is answered. `orderings`: public
    name → column that is never null; the first is the default. `dated`: whether `valid_on` has a meaning.
    `has_slash`: False where a standard says the address without a slash at its end. `takes_basic`: whether a token
    may come as key and secret by HTTP Basic.
    """

    resource: ClassVar[str]
    tag: ClassVar[str]
    row: ClassVar[type[RowSerializer]]
    filters: ClassVar[type[RowFilters]] = RowFilters
    orderings: ClassVar[dict[str, str]] = {"id": "pk"}
    dated: ClassVar[bool] = True
    version_column: ClassVar[str | None] = "version"
    lookup_converter: ClassVar[str] = "uuid"
    redirects: ClassVar[bool] = False
    has_slash: ClassVar[bool] = True
    takes_basic: ClassVar[bool] = False
    metadata_class = None
    scope: Any = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        """What the caller may see, with the figures that `row` reads, as of `on`."""
        raise NotImplementedError

    def visible(self, scope: Any, *, on: date) -> QuerySet:
        """What the caller may act on; the plain rows where `rows` is heavy."""
        return self.rows(scope, on=on)

    def moved(self, call: Call) -> tuple[Any, int] | None:
        """Where a row of `redirects` resources went: the key of the one that it lives on in, and its own version."""
        return None

    # ── dispatch ──────────────────────────────────────────────────────────────────────────────

    def serve_query(self, operation: Operation, request: Request, **url: Any) -> HttpResponseBase:
        """Answer a declared safe operation."""
        known = set(operation.params._declared_fields) if operation.params else set()
        refuse_unknown(request.query_params, known | ({"valid_on"} if operation.detail else set()))
        call = self._call(request, url)
        if operation.detail:
            self._require_row(call)
        if operation.params:
            call.data = self._validated(operation.params, request.query_params, pointer="?")
        answer = getattr(self, operation.name)(call)
        response = answer if isinstance(answer, HttpResponseBase) else self._tagged(request, answer)
        if operation.public_seconds:
            patch_cache_control(response, public=True, max_age=operation.public_seconds)
        return response

    def serve_command(self, operation: Operation, request: Request, **url: Any) -> Response:
        """Carry out a declared unsafe operation in one transaction; answer a question without one."""
        known = set(operation.params._declared_fields) if operation.params else set()
        refuse_unknown(request.query_params, known | ({"dry_run"} if operation.changes else set()))
        commands.read_in(request)
        call = self._call(request, url)
        if operation.params:
            asked = {name: value for name, value in request.query_params.items() if name in known}
            call.url |= self._validated(operation.params, QueryDict(urlencode(asked)), pointer="?")
        self._read_body(operation, call)
        call.version = tags.version_in(request.headers.get("If-Match"))
        if operation.if_match == "required" and "If-Match" not in request.headers:
            raise PreconditionRequired()

        def work() -> Response:
            try:
                if operation.detail:
                    self._require_row(call)
                return self._answer(operation, call, getattr(self, operation.name)(call))
            except Stale as error:
                if call.id is not None:  # also where a natural key has led to the row
                    error.tag = self._current_tag(call)
                raise

        if not operation.changes:
            return work()
        return commands.run(request, self.scope, work, keep_answer=operation.keep_answer)

    # ── parts ─────────────────────────────────────────────────────────────────────────────────

    def _call(self, request: Request, url: dict[str, Any]) -> Call:
        at = clock.now()
        key = url.pop("id", None)
        return Call(request=request, scope=self.scope, at=at, on=self._day(request), id=key, url=url)

    def _day(self, request: Request) -> date:
        """The day of `valid_on`, else today."""
        text = request.query_params.get("valid_on")
        if text is None:
            return clock.today()
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or len(text) != 10 or not EARLIEST <= day <= LATEST:
            raise Invalid.at("?valid_on", "invalid", _("A day is YYYY-MM-DD, between 1900 and 2200."))
        return day

    def _read_body(self, operation: Operation, call: Call) -> None:
        if operation.body is None:
            if call.request._request.body and call.request.data:
                raise Invalid(_("This operation takes no body."), code="unexpected_body")
            return
        data = call.request.data
        if operation.many and isinstance(data, list):
            self._read_items(operation, call, data)
        else:
            call.data = self._validated(operation.body, {} if data is None else data)
            if operation.many:
                call.data, call.indexes = [call.data], [0]

    def _read_items(self, operation: Operation, call: Call, items: list[Any]) -> None:
        """Validate each item by itself: bad ones become `item_faults`, good ones `data` with `indexes`."""
        if len(items) > operation.max_items:
            raise TooLarge(_("Send at most %d items at once.") % operation.max_items, code="too_many_items")
        assert operation.body is not None
        call.data, call.indexes = [], []
        serializer = operation.body(context=self._serializer_context())
        for index, item in enumerate(items):
            try:
                call.data.append(serializer.run_validation(item))
                call.indexes.append(index)
            except serializers.ValidationError as error:
                call.item_faults[index] = list(flatten(error.detail, f"/{index}"))

    def _serializer_context(self) -> dict[str, Any]:
        return {"scope": self.scope, "request": self.request}

    def _validated(self, kind: type[serializers.Serializer], data: Any, *, pointer: str = "") -> dict[str, Any]:
        serializer = kind(data=data, context=self._serializer_context())
        if pointer:
            _refuse_repeated(serializer, data)
        if not serializer.is_valid():
            faults = tuple(flatten(serializer.errors))
            if pointer:
                faults = tuple(type(f)(f"?{f.pointer.lstrip('/')}", f.code, f.message) for f in faults)
            raise Invalid(_("What was sent has faults; each is listed."), faults=faults)
        return dict(serializer.validated_data)

    def _require_row(self, call: Call) -> None:
        """404 for a row that is absent or not the caller's; 412 for another version than If-Match says."""
        columns = ["pk"] + ([self.version_column] if call.version is not None and self.version_column else [])
        found = self.visible(call.scope, on=call.on).filter(pk=call.id).values_list(*columns).first()
        if found is None:
            raise Http404
        if len(found) == 2 and found[1] != call.version:
            raise Stale(_("The row has changed since you read it."), details={"version": found[1]})

    def _current_tag(self, call: Call) -> str:
        """The tag of the row as it stands, for a caller whose If-Match named another version."""
        found = self.one(call.scope, call, call.id, None)
        if found is None and (moved := self.moved(call)) is not None:
            return moved_to(call, resource=self.resource, key=moved[0], version=moved[1])["ETag"]
        return self._read_one(call, call.id).get("ETag", "")

    def _answer(self, operation: Operation, call: Call, result: Any) -> Response:
        if result is None:
            return Response(status=204)
        if operation.answer is not None:
            return Response(result, status=operation.status)
        key = result.pk if isinstance(result, models.Model) else result
        response = self._read_one(call, key, status=operation.status)
        if operation.status in {201, 202}:
            response["Location"] = f"{API_PREFIX}{self.resource}/{key}/"
        return response

    def _read_one(self, call: Call, key: Any, *, status: int = 200, names: list[str] | None = None) -> Response:
        """One row as it is shown, with its tag."""
        found = self.one(call.scope, call, key, names)
        if found is None and call.request.method != "GET":
            # The change itself may have brought the row into the caller's sight, or taken it out.
            wider = import_string(settings.API_SCOPE)(call.request, fresh=True).narrowed(call.scope.roles)
            found = self.one(wider, call, key, names)
            if found is None:
                return Response({"id": str(key)}, status=status)
        if found is None:
            raise Http404
        version, data = found
        if call.request.method == "GET" and (wanted := expand.asked(call.request, self.row)):
            (data,) = expand.expanded([data], wanted, call=call)
        response = Response(data, status=status)
        response["ETag"] = tags.tag_of(version if self.version_column else 0, to_json(data))
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        return response

    def one(self, scope: Any, call: Call, key: Any, names: list[str] | None) -> tuple[int, Any] | None:
        """Version (0 without versions) and content of one row that `scope` sees; None without it."""
        column = self.version_column or "pk"
        plan = self.row.plan(context=context_of(scope, call.on), names=names, extra=("pk", column))
        raw = plan.raw(self.rows(scope, on=call.on).filter(pk=key)[:1])
        return (raw[0][plan.places[column]], plan.shaped(raw)[0]) if raw else None

    def _tagged(self, request: Request, data: Any, *, version: int = 0) -> Response:
        """A safe answer with its tag; 304 when the caller has it already."""
        body = to_json(data)
        tag = tags.tag_of(version, body)
        response = Response(status=304) if request.headers.get("If-None-Match") == tag else Response(body)
        response["ETag"] = tag
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        return response

    def _field_names(self, request: Request) -> list[str] | None:
        """The names that `fields=` keeps or `omit=` leaves; None for all."""
        known = self.row.field_names()
        chosen: list[str] | None = None
        for parameter in ("fields", "omit"):
            text = request.query_params.get(parameter)
            if text is None:
                continue
            given = [name for name in text.split(",") if name]
            if unknown := [name for name in given if name not in known]:
                raise Invalid.at(f"?{parameter}", "unknown_field", _("No such field: %s.") % ", ".join(unknown)[:200])
            base = chosen if chosen is not None else list(known)
            chosen = [name for name in base if (name in given) == (parameter == "fields")]
        return chosen

    def reading_parameters(self) -> set[str]:
        return READING if self.dated else READING - {"valid_on"}


def _refuse_repeated(serializer: serializers.Serializer, data: Any) -> None:
    """400 for a parameter that came twice where one value is meant: dropping one would answer another question."""
    once = {name for name, field in serializer.fields.items() if not isinstance(field, serializers.ListField)}
    message = _("Say it once.")
    faults = tuple(
        Fault(f"?{name}", "repeated", message) for name in data if name in once and len(data.getlist(name)) > 1
    )
    if faults:
        raise Invalid(message, faults=faults)


class ListRows:
    """Adds `list`: filtered, ordered, by pages."""

    tracks_changes = False

    def list(self: Any, request: Request) -> Response:
        known = self.reading_parameters() | PAGING | set(self.filters.base_filters)
        refuse_unknown(request.query_params, known | ({"changed_after"} if self.tracks_changes else set()))
        params = request.query_params
        wanted = expand.asked(request, self.row)
        call = self._call(request, {})
        order = pages.Order.choose(params.get("ordering"), self.orderings)
        size = pages.size_of(params.get("page_size"))
        count = params.get("count")
        if count not in {None, "exact"}:
            raise Invalid.at("?count", "invalid", _("Say exact, or leave it out."))
        names = self._field_names(request)
        page, rows = self.page_of(call, names, pages.Window.asked(order, size, params.get("cursor")))
        answer: dict[str, Any] = {"results": expand.expanded(rows, wanted, call=call) if wanted else rows}
        for name, cursor in (("next", page.next), ("previous", page.previous)):
            answer[name] = self._page_url(request, cursor)
        if count:
            answer["count"] = self.filtered(call).count()
        answer |= self.beside(call)
        response = Response(to_json(answer))
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        return response

    def beside(self, call: Call) -> dict[str, Any]:
        """What a page says besides its rows."""
        return {}

    def filtered(self: Any, call: Call) -> QuerySet:
        """The visible rows that the filters of the request let through."""
        rows = self.rows(call.scope, on=call.on)
        return apply(self.filters, call.request.query_params, rows, call.request)

    def page_of(self: Any, call: Call, names: Sequence[str] | None, window: pages.Window) -> tuple[pages.Page, Any]:
        """One page of them, and its rows as they are shown."""
        extra = ("pk", window.order.column)
        plan = self.row.plan(context=context_of(call.scope, call.on), names=names, extra=extra)
        page = pages.read(self.filtered(call), plan, window)
        return page, plan.shaped(page.raw)

    @staticmethod
    def _page_url(request: Request, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        asked = [(name, values) for name, values in request.query_params.lists() if name != "cursor"]
        return f"{request.path}?{urlencode([*asked, ('cursor', cursor)], doseq=True)}"


class ReadRow:
    """Adds `read`: one row with its tag."""

    def read(self: Any, request: Request, id: Any) -> Response:
        refuse_unknown(request.query_params, self.reading_parameters())
        call = self._call(request, {"id": id})
        try:
            response = self._read_one(call, id, names=self._field_names(request))
        except Http404:
            if (moved := self.moved(call)) is None:
                raise
            return moved_to(call, resource=self.resource, key=moved[0], version=moved[1])
        if request.headers.get("If-None-Match") == response["ETag"]:
            tag = response["ETag"]
            response = Response(status=304)
            response["ETag"] = tag
        return response


__all__ = ["ListRows", "ReadRow", "ResourceViews", "command", "exceptions", "query"]
