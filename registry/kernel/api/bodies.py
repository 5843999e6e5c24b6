"""What clients send: declared keys only, related ids within the caller's scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.kernel.calendar import EARLIEST, LATEST


class Body(serializers.Serializer):
    """Base of request bodies and query parameter sets. Refuses keys that are not declared."""

    default_error_messages = {"unknown_field": _("There is no field of this name.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := [key for key in data if key not in known]:
                message = self.error_messages["unknown_field"]
                raise serializers.ValidationError(
                    {str(key): [serializers.ErrorDetail(str(message), "unknown_field")] for key in unknown}
                )
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A legal day between 1900 and 2200."""

    default_error_messages = {"out_of_range": _("A day lies between 1900 and 2200.")}

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("out_of_range")
        return day


@extend_schema_field(OpenApiTypes.UUID)
class RelatedId(serializers.Field):
    """Id of another row that the caller may see; validated as `<name>_id`.

    Absent and foreign look the same: `unknown_reference`. `rows` gets the caller's scope.
    `key="code"` takes a text key instead of a UUID.
    """

    default_error_messages = {"unknown_reference": _("There is no such row for you.")}

    def __init__(self, rows: Callable[[Any], QuerySet], *, key: str = "pk", **options: Any) -> None:
        self.rows, self.key = rows, key
        super().__init__(**options)

    def bind(self, field_name: str, parent: Any) -> None:
        self.source = f"{field_name}_id"
        super().bind(field_name, parent)

    def to_internal_value(self, data: Any) -> Any:
        value: Any = data
        if not isinstance(data, str) or len(data) > 100:
            self.fail("unknown_reference")
        if self.key == "pk":
            try:
                value = UUID(data)
            except ValueError:
                self.fail("unknown_reference")
        if not self.rows(self.context["scope"]).filter(**{self.key: value}).exists():
            self.fail("unknown_reference")
        return value

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(OpenApiTypes.STR)
class RelatedCode(RelatedId):
    """Like RelatedId for rows whose key is a short code; of two letters, such as a country's, in any case."""

    def to_internal_value(self, data: Any) -> Any:
        is_short = isinstance(data, str) and len(data) == 2
        return super().to_internal_value(data.upper() if is_short else data)

    def __init__(self, rows: Callable[[Any], QuerySet], **options: Any) -> None:
        super().__init__(rows, key="code", **options)
