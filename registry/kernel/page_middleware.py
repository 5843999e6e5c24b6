"""Middleware that only pages need: a request of the API goes past it."""

from __future__ import annotations

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

API = "/api/v1/"
ADMIN = "/admin/"
# The skin of the staff pages works its own markup; still nothing of another host, and nobody frames it.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)
# Data is no page: nothing may be loaded from it, and nothing may frame it.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


class _ForPages(MiddlewareMixin):
    """Does its work for everything outside the API."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API):
            return self.past(request)
        return super().__call__(request)

    def past(self, request: HttpRequest) -> Any:
        """The answer of a request that goes past."""
        return self.get_response(request)


class PageMessages(_ForPages, MessageMiddleware):
    """One-time messages, which live in the session."""


class PagePolicy(_ForPages, CSPMiddleware):
    """The content security policy of pages; a fixed one for data, which is cheaper and stricter."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The policy of the page, and a wider one of the staff pages."""
        if request.path_info.startswith(ADMIN):
            response[HEADER] = ADMIN_POLICY
            return response
        return super().process_response(request, response)

    def past(self, request: HttpRequest) -> HttpResponse:
        response = super().past(request)
        if HEADER not in response:
            response[HEADER] = DATA_POLICY
        return response
