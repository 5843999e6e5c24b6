"""The resources of training."""

from __future__ import annotations

from codesign.api.training_coverage import CoverageViews
from codesign.api.training_credential_views import CredentialViews
from codesign.api.training_offer_views import CourseViews, HeadCountSessionViews, RequirementViews
from codesign.api.training_session_views import SessionViews
from codesign.api.training_views import CompletionViews, StaffViews
from registry.kernel.api.routers import Router

_RESOURCES = (
    StaffViews,
    CompletionViews,
    CourseViews,
    SessionViews,
    CredentialViews,
    HeadCountSessionViews,
    RequirementViews,
    CoverageViews,
)


def add_to(router: Router) -> None:
    """Register them."""
    for views in _RESOURCES:
        router.add(views)
