"""The answer for a row that lives on in another one."""

from __future__ import annotations

from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.response import Response

from registry.kernel.api import tags
from registry.kernel.api.calls import Call
from registry.kernel.api.problems import MEDIA_TYPE, problem
from registry.kernel.api.renderers import to_json
from registry.kernel.api.rows import API_PREFIX


def moved_to(call: Call, *, resource: str, key: Any, version: int) -> Response:
    """301 to the row `key`, with the tag of the old row's own `version`, which taking the move back needs."""
    url = f"{API_PREFIX}{resource}/{key}/"
    details = {"id": str(key), "url": url}
    request_id = getattr(call.request, "request_id", "")
    body = problem("moved", 301, _("It was merged into another row."), request_id=request_id, details=details)
    headers = {"Location": url, "ETag": tags.tag_of(version, to_json(details))}
    response = Response(body, status=301, headers=headers, content_type=MEDIA_TYPE)
    patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
    return response
