"""The resources of fees."""

from __future__ import annotations

from codesign.api.fee_table_views import FeeBandViews, FeeReductionViews, FeeTermsViews
from codesign.api.fee_views import CompanyReductionViews, CreditNoteViews, FeeYearViews, InvoiceViews
from codesign.api.payment_views import PaymentViews, RefundViews
from registry.kernel.api.routers import Router

VIEWS = (
    FeeBandViews,
    FeeReductionViews,
    FeeTermsViews,
    CompanyReductionViews,
    FeeYearViews,
    InvoiceViews,
    CreditNoteViews,
    PaymentViews,
    RefundViews,
)


def add_to(router: Router) -> None:
    """Add them to the package's router."""
    for views in VIEWS:
        router.add(views)
