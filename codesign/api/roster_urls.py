"""The resources of rosters and of learning systems' statements."""

from __future__ import annotations

from codesign.api.roster_views import RosterViews
from codesign.api.xapi_views import StatementViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Register them."""
    router.add(RosterViews)
    router.add(StatementViews)
