"""The resources of due process."""

from __future__ import annotations

from codesign.api.process_views import AppealViews, NoticeViews, ProposalViews, ReviewViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (NoticeViews, ProposalViews, AppealViews, ReviewViews):
        router.add(views)
