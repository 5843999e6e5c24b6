"""Answers where no view answers: under /api problems, elsewhere a page."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.kernel.api.problems import RETRY_AFTER_SECONDS, TITLES, plain_response

_CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 500: "internal_error", 503: "unavailable"}


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return plain_response(request, _CODES[status], status)
    return render(request, "error.html", {"status": status, "title": TITLES[status]}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A page that needs a database which is down comes again later: 503, as the API says it."""
    # Django tells the handler nothing; the exception is still the one being handled.
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _answer(request, 500)
    answer = _answer(request, 503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
