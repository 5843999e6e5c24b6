"""The resources of the worklist."""

from __future__ import annotations

from codesign.api.worklist_views import ContactLogViews, WorklistViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (WorklistViews, ContactLogViews):
        router.add(views)
