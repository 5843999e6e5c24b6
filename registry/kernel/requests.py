"""One name for every request, in its answer, its log lines and the audit trail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware

HEADER = "X-Request-ID"
# What a caller may choose: long enough to be unique, short enough to store, nothing that forges a log line.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Asked every few seconds by machines: their lines would drown the others.
_QUIET = ("/healthz", "/metrics", "/static/")

log = structlog.get_logger("registry.requests")


def request_id_of(text: str | None) -> str:
    """The caller's own id when it is well-formed, otherwise a new one."""
    return text if text and _WELL_FORMED.fullmatch(text) else uuid4().hex


class SlashMiddleware(CommonMiddleware):
    """Django's own; but only reading is sent on to the path with its slash."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        # A browser or curl follows with GET: a POST would come to nothing, and look well.
        return request.method in {"GET", "HEAD"} and super().should_redirect_with_slash(request)


class RequestIdMiddleware:
    """Sets `request.request_id`, answers it as X-Request-ID and logs one line per request.

    The line carries the route, not the path, and never the query: a calendar feed has its token in the
    path, and the search for a reporting channel must leave no trace of what was asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = request_id_of(request.headers.get(HEADER))
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        if not request.path_info.startswith(_QUIET):
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.route if match else None,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        return response
