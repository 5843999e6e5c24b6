"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from members.access.scopes import scope_of
from members.organisations.models import Organisation
from members.scope import Role
from registry.kernel import clock

# Languages of the pages; the API speaks more.
LANGUAGES = (("en", "English"), ("fr", "Français"), ("nl", "Nederlands"))
STAFF = (Role.LCR, Role.SECRETARIAT)
COMPANY = (Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.SITE_EDITOR, Role.APPLICANT)


def demo(request: HttpRequest) -> dict[str, Any]:
    """`is_demo`: whether invented rows are among those shown. Asked only by a page that says so, one query."""
    return {"is_demo": SimpleLazyObject(_holds_demo_rows)}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language of the page, and which ways on its reader has."""
    language = get_language() or "en"
    return {
        "page_language": language if language in dict(LANGUAGES) else "en",
        "page_languages": LANGUAGES,
        "reader": SimpleLazyObject(lambda: _reader(request)),
    }


def _reader(request: HttpRequest) -> dict[str, bool]:
    """What the reader is here; nobody where the database does not answer."""
    try:
        user: Any = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return {"is_signed_in": False, "is_staff": False, "is_company": False}
        scope = scope_of(user, at=clock.now(), day=clock.today())
        return {"is_signed_in": True, "is_staff": scope.wears(*STAFF), "is_company": scope.wears(*COMPANY)}
    except DatabaseError:  # the page that says that something failed must not fail as well
        return {"is_signed_in": False, "is_staff": False, "is_company": False}


def _holds_demo_rows() -> bool:
    try:
        return Organisation.objects.hold_demo_rows()
    except DatabaseError:  # the page that says that something failed must not fail as well
        return False
