"""How people log in: by invitation alone, and with a lock against guessing that answers 429."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.access.throttle import address_of

# The longest of the windows in ACCOUNT_RATE_LIMITS that a person runs into.
RETRY_AFTER_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """The register's choices where allauth asks for them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited, and applicants come through the API."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that the throttles of the API count by; a forged header changes nothing."""
        return address_of(request.META, proxies=settings.NUM_PROXIES)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; too many are 429, where allauth would show them as a fault in the form."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            response = respond_429(request)
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
            raise ImmediateHttpResponse(response) from error


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a person who tried too often (`handler429` of the addresses)."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
