"""Middleware that only pages need: a request of the API goes past it."""

from __future__ import annotations

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

API = "/api/v1/"
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

    def past(self, request: HttpRequest) -> HttpResponse:
        response = super().past(request)
        if HEADER not in response:
            response[HEADER] = DATA_POLICY
        return response
