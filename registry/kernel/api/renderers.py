"""Answers as JSON by orjson: dates, moments and UUIDs natively, decimals as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def plain(value: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(data: Any) -> bytes:
    """One canonical form: equal data, equal bytes."""
    return orjson.dumps(data, default=plain, option=orjson.OPT_UTC_Z)


class JSONRenderer(BaseRenderer):
    """Renders plain data; a problem keeps its own media type."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return data if isinstance(data, bytes) else to_json(data)
