"""The resources of recognition."""

from __future__ import annotations

from codesign.api.claim_views import SignatoryClaimViews
from codesign.api.recognition_views import AwardViews, CertificateViews, RecognitionRuleViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (SignatoryClaimViews, CertificateViews, AwardViews, RecognitionRuleViews):
        router.add(views)
