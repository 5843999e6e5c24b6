"""The page that the code on a certificate of completion leads to: what anybody may know of it, in words."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from codesign.api.certificate_checks import LONGEST, page_to_wait
from codesign.training.actions import credentials
from codesign.training.codes import plain
from registry.kernel import clock
from registry.kernel.api.rows import in_language
from registry.kernel.errors import NotFound

_PAGE = "credentials/check.html"


def page_url(code: str) -> str:
    """Where whoever scans the certificate reads what it says today."""
    return f"{settings.PUBLIC_URL}{reverse('credential-check', args=[code])}"


@never_cache
@require_safe
def check_page(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, lapsed or revoked today, for which course and day; nobody's name."""
    if (refusal := page_to_wait(request, _PAGE)) is not None:
        return refusal
    on = clock.today()
    try:
        found = credentials.check(code=code[:LONGEST], on=on) if plain(code[:LONGEST]) else None
    except NotFound:
        found = None
    if found is None:
        return render(request, _PAGE, {"state": "unknown"}, status=404)
    course = in_language(found.course_names, get_language() or "en")
    return render(request, _PAGE, {"state": found.state, "course": course, "found": found})
