"""The contract: OpenAPI 3.1 from the declarations that the frame itself runs on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from django import forms
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.plumbing import append_meta, is_list_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from registry.kernel.api import rights
from registry.kernel.api.expand import MAX_NAMES, expandable
from registry.kernel.api.exports import FORMATS
from registry.kernel.api.filters import AnyOf
from registry.kernel.api.operations import Operation
from registry.kernel.api.pages import DEFAULT_SIZE, MAX_SIZE
from registry.kernel.api.problems import MEDIA_TYPE, TITLES, ProblemSerializer
from registry.kernel.api.rows import Computed, Many
from registry.kernel.api.sync import RemovedSerializer

PUBLIC = "public"
Direction = Literal["request", "response"]
QUERY: Literal["query"] = "query"
HEADER: Literal["header"] = "header"

VALID_ON = OpenApiParameter("valid_on", OpenApiTypes.DATE, QUERY, description="As of this day; today when left out.")
FIELDS = OpenApiParameter("fields", str, QUERY, description="Comma-separated names of the fields wanted.")
OMIT = OpenApiParameter("omit", str, QUERY, description="Comma-separated names of the fields not wanted.")
DRY_RUN = OpenApiParameter(
    "dry_run", bool, QUERY,
    description="Validate and answer the result, then roll back. `Dry-Run-Effects` lists what it would set off.",
)  # fmt: skip
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, HEADER,
    description="1 to 255 printable ASCII characters. The same key and request get the first answer again, for 24 h.",
)  # fmt: skip


CHANGED_AFTER = OpenApiParameter(
    "changed_after", OpenApiTypes.DATETIME, QUERY,
    description="Only what changed since: take `changed_until` of the last answer. The first page tells what is gone.",
)  # fmt: skip


@lru_cache(maxsize=512)
def _page_of(row: type[serializers.Serializer], *, tracks_changes: bool) -> type[serializers.Serializer]:
    stem = _stem(row.__name__)
    changes = {
        "removed": RemovedSerializer(many=True, required=False, help_text="With `changed_after`, on the first page."),
        "changed_until": serializers.DateTimeField(required=False, help_text="For the next `changed_after`."),
    }
    return type(
        f"{stem}PageSerializer",
        (serializers.Serializer,),
        {
            "__doc__": f"One page of {stem} rows.",
            "results": row(many=True),
            "next": serializers.CharField(allow_null=True, help_text="URL of the next page; null on the last."),
            "previous": serializers.CharField(allow_null=True, help_text="URL of the page before; null on the first."),
            "count": serializers.IntegerField(required=False, help_text="Exact count; with `count=exact` alone."),
            **(changes if tracks_changes else {}),
        },
    )


def _stem(name: str) -> str:
    for suffix in ("Serializer", "Row", "Body"):
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    return name


class AutoSchema(SpectacularSchema):
    """Reads `Operation`s, rows and filters instead of guessing from querysets."""

    @property
    def operation(self) -> Operation | None:
        return getattr(getattr(self.view, self.view.action, None), "operation", None)

    @property
    def is_export(self) -> bool:
        return self.view.action == "export" and self.operation is None

    @property
    def is_list(self) -> bool:
        return self.view.action == "list" and self.operation is None

    def get_operation_id(self) -> str:
        return f"{self.view.resource}_{self.view.action}".replace("-", "_").replace("/", "_")

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        if self.operation:
            return self.operation.summary.rstrip(".")
        noun = self.view.resource.split("/")[-1].replace("-", " ")
        if self.is_export:
            return f"Download {noun} as a file"
        return f"List {noun}" if self.is_list else f"Read one of the {noun}"

    def get_description(self) -> str:
        method = getattr(self.view, self.view.action, None)
        own = (method.__doc__ or "") if self.operation else ""
        text = own or (self.view.__doc__ or "")
        roles = sorted(rights.table().get(rights.operation_of(self.view), ()))
        return (
            "\n".join(line.strip() for line in text.strip().splitlines()) + f"\n\nFor: {', '.join(roles) or 'nobody'}."
        )

    def get_auth(self) -> list[dict[str, list[str]]]:
        admitted = rights.table().get(rights.operation_of(self.view), frozenset())
        basic: list[dict[str, list[str]]] = [{"key": []}] if self.view.takes_basic else []
        ways: list[dict[str, list[str]]] = [{"token": []}, *basic, {"session": []}]
        return [*ways, {}] if PUBLIC in admitted else ways

    def get_override_parameters(self) -> list[Any]:
        operation = self.operation
        if operation is None:
            reading = [VALID_ON, FIELDS, OMIT] if self.view.dated else [FIELDS, OMIT]
            if self.is_export:
                return [*reading, self._format_parameter(), *self._filter_parameters()]
            return reading + self._expand_parameter() + (self._list_parameters() if self.is_list else [])
        if not operation.is_command:
            own = [operation.params] if operation.params else []
            return own + ([VALID_ON] if operation.detail else [])
        if not operation.changes:
            return []
        if_match = OpenApiParameter(
            "If-Match", str, HEADER, required=operation.if_match == "required",
            description="ETag of the version that this change is based on.",
        )  # fmt: skip
        own = [operation.params] if operation.params else []
        return [*own, DRY_RUN, IDEMPOTENCY_KEY] + ([if_match] if operation.if_match != "no" else [])

    def _list_parameters(self) -> list[OpenApiParameter]:
        names = list(self.view.orderings)
        choices = [sign + name for name in names for sign in ("", "-")]
        size = f"Rows on a page, 1 to {MAX_SIZE}; {DEFAULT_SIZE} when left out."
        return [
            OpenApiParameter("page_size", int, QUERY, description=size),
            OpenApiParameter("cursor", str, QUERY, description="Place in the list, taken from `next` or `previous`."),
            OpenApiParameter("ordering", str, QUERY, enum=choices, description=f"By `{names[0]}` when left out."),
            OpenApiParameter("count", str, QUERY, enum=["exact"], description="Ask for the exact count."),
            *([CHANGED_AFTER] if self.view.tracks_changes else []),
            *self._filter_parameters(),
        ]

    def _expand_parameter(self) -> list[OpenApiParameter]:
        names = ", ".join(f"`{name}`" for name in expandable(self.view.row))
        text = f"Comma-separated references to answer with their rows, at most {MAX_NAMES}: {names}."
        return [OpenApiParameter("expand", str, QUERY, description=text)] if names else []

    def _filter_parameters(self) -> list[OpenApiParameter]:
        return [_filter_parameter(name, filter_) for name, filter_ in self.view.filters.base_filters.items()]

    def _format_parameter(self) -> OpenApiParameter:
        formats = list(self.view.export_formats)
        return OpenApiParameter("format", str, QUERY, enum=formats, description=f"`{formats[0]}` when left out.")

    def get_request_serializer(self) -> Any:
        operation = self.operation
        if operation is None or operation.body is None:
            return None
        return operation.body(many=True) if operation.many else operation.body

    def get_response_serializers(self) -> Any:
        operation = self.operation
        answers: dict[Any, Any] = {}
        if self.is_export:
            for wanted in self.view.export_formats:
                answers[(200, FORMATS[wanted].partition(";")[0])] = OpenApiTypes.BINARY
        elif operation is not None and operation.media_type:
            answers[(200, operation.media_type)] = OpenApiTypes.BINARY
        elif operation is None:
            answers[200] = self._page() if self.is_list else self.view.row
        elif operation.answer is not None:
            answer = operation.answer
            answers[operation.status] = answer(many=True) if operation.answer_many else answer
        elif operation.status == 204 or operation.name == "destroy":
            answers[204] = OpenApiResponse(description="Done.")
        else:
            answers[operation.status] = self.view.row
        for number in self._refusals(operation):
            answers[(number, MEDIA_TYPE)] = OpenApiResponse(ProblemSerializer, description=str(TITLES[number]))
        return answers

    def _page(self) -> Any:
        return _page_of(self.view.row, tracks_changes=self.view.tracks_changes)

    def _refusals(self, operation: Operation | None) -> list[int]:
        numbers = {400, 401, 403, 429, 503}
        if (operation is None and not self.is_export) or (operation is not None and operation.detail):
            numbers |= set() if self.is_list else {404}
            numbers |= {301} if operation is None and self.view.action == "read" and self.view.redirects else set()
        if operation is not None and operation.is_command:
            numbers |= {409, 413, 415, 422} if operation.changes else {413, 415}
            numbers |= {412, 428} if operation.if_match == "required" else set()
            numbers |= {412} if operation.if_match == "optional" else set()
        return sorted(numbers | set(operation.errors if operation else ()))

    def get_examples(self) -> list[OpenApiExample]:
        operation = self.operation
        if operation is None or operation.example is None:
            return []
        # Of a list one item is shown: the generator makes the list around it.
        value = operation.example[0] if isinstance(operation.example, list) else operation.example
        if operation.is_command:
            return [OpenApiExample("Request", value=value, request_only=True)]
        return [OpenApiExample("Answer", value=value, response_only=True, status_codes=["200"])]

    def get_serializer_name(self, serializer: Any, direction: Direction) -> str:
        return _stem(super().get_serializer_name(serializer, direction))

    def _map_serializer_field(self, field: Any, direction: Direction, bypass_extensions: bool = False) -> Any:
        """`Computed` and `Many` are described by the field that they declare."""
        if isinstance(field, Computed | Many):
            return self._map_declared(field, direction, bypass_extensions)
        if isinstance(field, serializers.JSONField):
            # Anything, null included: said apart, a null would match twice.
            return {"description": str(field.help_text)} if field.help_text else {}
        return super()._map_serializer_field(field, direction, bypass_extensions)

    def _map_declared(self, field: Computed | Many, direction: Direction, bypass_extensions: bool) -> Any:
        declared = field.field() if isinstance(field.field, type) else field.field
        meta: dict[str, Any] = {"description": str(field.help_text)} if field.help_text else {}
        if not isinstance(declared, serializers.BaseSerializer):
            return append_meta(self._map_serializer_field(declared, direction, bypass_extensions), meta)
        # A plain field says itself that it may be null; a reference to a component can't.
        meta |= {"nullable": True} if field.allow_null or declared.allow_null else {}
        return append_meta(self._unwrap_list_serializer(declared, direction) or {}, meta)

    def get_filter_backends(self) -> list[Any]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return is_list_serializer(serializer)


def _filter_parameter(name: str, filter_: Any) -> OpenApiParameter:
    """A filter as a query parameter: repeated values, choices and types from its form field."""
    text = str(filter_.extra.get("help_text") or "")
    if isinstance(filter_, AnyOf):
        choices = [value for value, _ in filter_.choices.choices] if filter_.choices is not None else None
        kind = _type_of(filter_.kind)
        return OpenApiParameter(
            name, kind, QUERY, many=True, explode=True, style="form", enum=choices,
            description=(text + " Repeat it for any of several values.").strip(),
        )  # fmt: skip
    return OpenApiParameter(name, _type_of(filter_.field), QUERY, description=text)


def _type_of(field: forms.Field) -> Any:
    for kind, openapi in (
        (forms.NullBooleanField, OpenApiTypes.BOOL),
        (forms.BooleanField, OpenApiTypes.BOOL),
        (forms.DateTimeField, OpenApiTypes.DATETIME),
        (forms.DateField, OpenApiTypes.DATE),
        (forms.FloatField, OpenApiTypes.FLOAT),
        (forms.DecimalField, OpenApiTypes.DECIMAL),
        (forms.IntegerField, OpenApiTypes.INT),
        (forms.UUIDField, OpenApiTypes.UUID),
    ):
        if isinstance(field, kind):
            return openapi
    return OpenApiTypes.STR


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """What belongs to the document as a whole: ways to log in, tags, and what is said once and referenced."""
    components = result.setdefault("components", {})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer cr_…`"},
        "key": {
            "type": "http",
            "scheme": "basic",
            "description": "A token in two: `cr_…` up to the second underscore as the user, the rest as the password.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "After log-in on the site."},
    }
    operations = [
        operation
        for methods in result.get("paths", {}).values()
        for operation in methods.values()
        if isinstance(operation, dict)
    ]
    result["tags"] = [{"name": tag} for tag in sorted({tag for o in operations for tag in o.get("tags", ())})]
    shared = {parameter.name: _component_name(parameter.name) for parameter in SHARED}
    for operation in operations:
        _share_problems(operation, components.setdefault("responses", {}))
        _share_parameters(operation, shared, components.setdefault("parameters", {}))
    return result


SHARED = (VALID_ON, FIELDS, OMIT, CHANGED_AFTER, DRY_RUN, IDEMPOTENCY_KEY)


def _component_name(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("-", "_").split("_"))


def _share_problems(operation: dict[str, Any], responses: dict[str, Any]) -> None:
    """Problems are described once for each status."""
    for number, response in operation.get("responses", {}).items():
        if MEDIA_TYPE in response.get("content", {}):
            name = f"Problem{number}"
            responses.setdefault(name, response)
            operation["responses"][number] = {"$ref": f"#/components/responses/{name}"}


def _share_parameters(operation: dict[str, Any], shared: dict[str, str], parameters: dict[str, Any]) -> None:
    """Parameters that mean the same everywhere are described once."""
    for index, parameter in enumerate(operation.get("parameters", ())):
        name = shared.get(parameter["name"])
        if name and parameters.setdefault(name, parameter) == parameter:
            operation["parameters"][index] = {"$ref": f"#/components/parameters/{name}"}
