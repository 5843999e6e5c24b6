"""The resources of access."""

from __future__ import annotations

from members.api.access_views import GrantViews, InvitationViews, MeViews, TokenViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (MeViews, TokenViews, GrantViews, InvitationViews):
        router.add(views)
