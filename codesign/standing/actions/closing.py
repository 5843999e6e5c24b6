"""What a membership that ends before it began leaves to be cleared."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from codesign.companies.actions import change
from codesign.fees.models import Invoice, InvoiceState
from registry.kernel.audit.actor import Actor


def cancel_open_invoices(*, membership_id: UUID, actor: Actor, at: datetime) -> int:
    """Cancel the invoices on which nothing was paid; how many. One paid in part is for the secretariat to settle."""
    invoices = list(Invoice.objects.locked().filter(membership=membership_id, state=InvoiceState.OPEN))
    for invoice in invoices:  # one at most: an application is asked for one fee
        change(invoice, action="invoices.cancel", actor=actor, at=at, state=InvoiceState.CANCELLED)
    return len(invoices)
