"""The resources of membership."""

from __future__ import annotations

from codesign.api.agreement_views import CodeAgreementViews
from codesign.api.standing_joining import WaiverViews
from codesign.api.standing_views import CodeMembershipViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (CodeMembershipViews, WaiverViews, CodeAgreementViews):
        router.add(views)
