"""The first page: what this register holds, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.kernel import clock
from registry.kernel.mail import mailbox_folder


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The register at a glance; its figures are read from the public API by the page itself."""
    context = {"today": clock.today(), "has_mailbox": mailbox_folder() is not None}
    return render(request, "home.html", context)
