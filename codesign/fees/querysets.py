"""Questions about fees, invoices and agreements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from codesign.companies.querysets import seen_through
from members.scope import Scope

if TYPE_CHECKING:
    from codesign.fees.models import FeeTerms


class _OfMembership(models.QuerySet):
    """Rows that are seen by whoever sees the membership they hang on."""

    membership_path = "membership"

    def visible_to(self, scope: Scope) -> Self:
        """As the membership."""
        path = self.membership_path
        return self.filter(seen_through(scope, company=f"{path}__company", membership=path))


class FeeBandQuerySet(models.QuerySet):
    """Rows of the fee table."""

    def on(self, day: date) -> Self:
        """In force on `day`; an open end counts."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day))


class FeeTermsQuerySet(models.QuerySet["FeeTerms"]):
    """Terms of payment."""

    def in_force(self, day: date) -> FeeTerms:
        """The terms of `day`; the defaults of the model while nobody wrote others."""
        found = self.filter(effective_from__lte=day).order_by("-effective_from", "-pk").first()
        return found or self.model(effective_from=day)


class FeeYearQuerySet(models.QuerySet):
    """Membership years."""

    def raised_by(self, day: date) -> Self:
        """Those whose invoices are due to be raised on `day`, and that run still or ended within a year."""
        return self.filter(invoices_on__lte=day, closes_on__gte=day - timedelta(days=365)).order_by("year")


class CompanyReductionQuerySet(models.QuerySet):
    """Who pays less."""

    def visible_to(self, scope: Scope) -> Self:
        """As the company."""
        return self.filter(seen_through(scope, company="company"))

    def on(self, day: date) -> Self:
        """In force on `day`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class InvoiceQuerySet(_OfMembership):
    """Invoices."""

    def locked(self) -> Self:
        """With a lock on the rows themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def unsettled(self) -> Self:
        """Open or paid in part."""
        return self.filter(state__in=("open", "part_paid"))

    def settled(self) -> Self:
        """Paid in full."""
        return self.filter(state="paid")

    def overdue_on(self, day: date) -> Self:
        """Not paid by the end of `day` nor let off, and due before it."""
        return self.exclude(state__in=("waived", "cancelled")).filter(
            Q(paid_on=None) | Q(paid_on__gt=day), due_on__lt=day
        )


class PaymentQuerySet(_OfMembership):
    """Payments."""

    membership_path = "invoice__membership"


class RefundQuerySet(_OfMembership):
    """Refunds."""

    membership_path = "payment__invoice__membership"


class CreditNoteQuerySet(_OfMembership):
    """Credit notes."""

    membership_path = "invoice__membership"


class CodeAgreementQuerySet(_OfMembership):
    """Code agreements."""

    def signed(self) -> Self:
        """With both signatures."""
        return self.exclude(company_signed_on=None).exclude(representative_signed_on=None)

    def waiting(self) -> Self:
        """With a signature missing, and not given up for another. At most one of a membership."""
        return self.filter(Q(company_signed_on=None) | Q(representative_signed_on=None), superseded_on=None)
