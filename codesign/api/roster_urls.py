"""The resource of rosters."""

from __future__ import annotations

from codesign.api.roster_views import RosterViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Register it."""
    router.add(RosterViews)
