"""The public check of certificates: as JSON, and as the page that the code on paper leads to."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from codesign.recognition.figures import status_of
from codesign.recognition.rules import CertificateStatus, read_number
from members.access.throttle import address_of, wait_after
from registry.kernel import clock

LIMIT, PERIOD = 30, 60
LONGEST = 40
_PAGE = "certificates/check.html"


def page_url(number: str) -> str:
    """Where everybody reads what a certificate says today."""
    return f"{settings.PUBLIC_URL}{reverse('certificate-check', args=[number])}"


def wait_of(request: HttpRequest) -> int | None:
    """Count a check by the caller's address; the seconds to wait once there were too many, else None."""
    address = address_of(request.META, proxies=settings.NUM_PROXIES)
    return wait_after("certificates", [address], limit=LIMIT, period=PERIOD, now=clock.real_now().timestamp())


def page_to_wait(request: HttpRequest, page: str) -> HttpResponse | None:
    """The page `page` with nothing but the seconds to wait, as 429, once there were too many checks; else None."""
    if (wait := wait_of(request)) is None:
        return None
    response = render(request, page, {"wait": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response


def status_as_typed(text: str, *, on: date) -> tuple[str, CertificateStatus | None]:
    """The number as it was printed and what it says on `on`; None where there is no such certificate."""
    number = read_number(text[:LONGEST])
    return number or text[:LONGEST], status_of(number, on=on) if number else None


@never_cache
@require_safe
def check_page(request: HttpRequest, number: str = "") -> HttpResponse:
    """A page for whoever scans a certificate or types its number: valid, lapsed or withdrawn, and nothing else."""
    if typed := request.GET.get("number", "").strip():
        return redirect("certificate-check", number=typed.replace("/", "")[:LONGEST])
    if not number:
        return render(request, _PAGE)
    if (refusal := page_to_wait(request, _PAGE)) is not None:
        return refusal
    on = clock.today()
    printed, status = status_as_typed(number, on=on)
    context = {"number": printed, "status": status.value if status else "unknown", "on": on}
    return render(request, _PAGE, context, status=200 if status else 404)
