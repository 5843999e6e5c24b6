"""The figures."""

from __future__ import annotations

from codesign.api.figures_views import FigureViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    router.add(FigureViews)
