"""Parts of a row that carry a version, and so a tag, of their own: the sections of reports and returns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from registry.kernel.api import tags
from registry.kernel.api.calls import Call
from registry.kernel.api.operations import Operation
from registry.kernel.api.renderers import to_json


@dataclass(frozen=True)
class Tagged:
    """A part of a row that has a version, and so a tag, of its own."""

    version: int
    body: dict[str, Any]


class PartTags:
    """Parts of a row carry their own tags: If-Match on a part is compared by the action, not with the row."""

    def _require_row(self: Any, call: Call) -> None:
        super()._require_row(replace(call, version=None) if call.url else call)  # type: ignore[misc]

    def _answer(self: Any, operation: Operation, call: Call, result: Any) -> Response:
        if not isinstance(result, Tagged):
            return super()._answer(operation, call, result)  # type: ignore[misc]
        # Not as bytes: an answer that is kept for a retry is made into JSON there.
        response = Response(result.body, status=operation.status)
        response["ETag"] = tags.tag_of(result.version, to_json(result.body))
        return response

    def _tagged(self: Any, request: Request, data: Any, *, version: int = 0) -> Response:
        body, version = (data.body, data.version) if isinstance(data, Tagged) else (data, version)
        return super()._tagged(request, body, version=version)  # type: ignore[misc]
