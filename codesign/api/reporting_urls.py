"""The resources of reporting."""

from __future__ import annotations

from codesign.api.indicator_views import ContributionViews, IndicatorViews
from codesign.api.reporting_obligation_views import ReportObligationViews
from codesign.api.reporting_public_views import PublishedReportViews
from codesign.api.reporting_return_views import ReportSliceViews, SiteReturnViews
from codesign.api.reporting_views import ReportViews
from codesign.api.reporting_year_views import ExtensionViews, QuestionnaireViews, ReportingYearViews
from registry.kernel.api.routers import Router


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in (
        PublishedReportViews,
        ReportObligationViews,
        IndicatorViews,
        ContributionViews,
        ReportingYearViews,
        QuestionnaireViews,
        ExtensionViews,
        ReportViews,
        SiteReturnViews,
        ReportSliceViews,
    ):
        router.add(views)
