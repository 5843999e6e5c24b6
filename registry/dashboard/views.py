"""The first page: what this register holds, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The register at a glance; its figures are read from the public API by the page itself."""
    return render(request, "home.html")
