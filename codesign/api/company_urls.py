"""The resources of companies and plans."""

from __future__ import annotations

from codesign.api.company_views import CompanyViews, DecisionViews, MemberViews, SiteViews
from codesign.api.criteria_views import CriterionViews, PlanActionViews
from codesign.api.evidence_views import PlanEvidenceViews
from codesign.api.plan_template_views import PlanTemplateViews
from codesign.api.tree_views import DeclarationViews, ReportsThroughViews
from registry.kernel.api.routers import Router

VIEWS = (
    CompanyViews,
    SiteViews,
    ReportsThroughViews,
    DeclarationViews,
    DecisionViews,
    MemberViews,
    CriterionViews,
    PlanActionViews,
    PlanTemplateViews,
    PlanEvidenceViews,
)


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in VIEWS:
        router.add(views)
