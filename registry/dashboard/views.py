"""The pages: each is a shell that the reader's own requests to the API fill."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from registry.kernel import clock

TITLES = {
    "overview": _("Overview"),
    "figures": _("Figures"),
    "finder": _("Where do I report?"),
    "desk": _("My desk"),
    "companies": _("Companies"),
    "company": _("Company"),
    "workspace": _("My workspace"),
    "invitation": _("Invitation"),
}
# A stranger is asked to sign in first; what they may then see is the API's answer, not the page's.
FOR_PEOPLE = frozenset({"desk", "companies", "company", "workspace"})


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, *, name: str, id: UUID | None = None) -> HttpResponse:
    """One page of the dashboard."""
    if name == "overview" and {"company", "year"} <= set(request.GET):
        # Mails link to a report through the first page.
        return redirect(f"{reverse('workspace')}?{request.GET.urlencode()}#report")
    if name in FOR_PEOPLE and not request.user.is_authenticated:
        return redirect(f"{reverse('sign-in')}?next={request.get_full_path()}")
    context: dict[str, Any] = {"page": name, "page_title": TITLES[name], "row": id or "", "today": clock.today()}
    return render(request, "page.html", context)
