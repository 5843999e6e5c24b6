"""The resources of fees."""

from __future__ import annotations

from codesign.api.fee_views import (
    CompanyReductionViews,
    CreditNoteViews,
    FeeBandViews,
    FeeReductionViews,
    FeeYearViews,
    InvoiceViews,
)
from codesign.api.payment_views import PaymentViews, RefundViews
from registry.kernel.api.routers import Router

VIEWS = (
    FeeBandViews,
    FeeReductionViews,
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
