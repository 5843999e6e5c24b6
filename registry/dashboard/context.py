"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from members.organisations.models import Organisation


def demo(request: HttpRequest) -> dict[str, Any]:
    """`is_demo`: whether invented rows are among those shown. Asked only by a page that says so, one query."""
    return {"is_demo": SimpleLazyObject(_holds_demo_rows)}


def _holds_demo_rows() -> bool:
    try:
        return Organisation.objects.hold_demo_rows()
    except DatabaseError:  # the page that says that something failed must not fail as well
        return False
