"""The resource of handovers."""

from __future__ import annotations

from codesign.api.handover_views import HandoverViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add it to the package's router."""
    router.add(HandoverViews)
