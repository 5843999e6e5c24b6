"""What a decision leaves to be cleared: invoices of what never began, proposals that it settles, a review."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from codesign.companies.actions import change
from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import Invoice, InvoiceState
from codesign.standing.models import Proposal, ProposalState, Review
from registry.kernel.audit.actor import Actor


def cancel_open_invoices(*, membership_id: UUID, actor: Actor, at: datetime) -> int:
    """Cancel the invoices on which nothing was paid; how many. One paid in part is for the secretariat to settle."""
    invoices = list(Invoice.objects.locked().filter(membership=membership_id, state=InvoiceState.OPEN))
    for invoice in invoices:  # one at most: an application is asked for one fee
        change(invoice, action="invoices.cancel", actor=actor, at=at, state=InvoiceState.CANCELLED)
    return len(invoices)


def settle_proposals(membership: CodeMembership, *, actor: Actor, at: datetime) -> None:
    """Close the open proposals of a membership that was moved: taken where it was so proposed, else obsolete."""
    decision = membership.decisions.get(version=membership.version)
    for proposal in Proposal.objects.open().filter(membership=membership).order_by("pk"):  # one or two
        is_taken = proposal.move == decision.move and proposal.ground in {"", decision.reason_code}
        state = ProposalState.TAKEN if is_taken else ProposalState.OBSOLETE
        fields: dict[str, Any] = {"state": state, "settled_at": at, "settled_by_label": actor.label}
        fields |= {"decision_id": decision.pk} if is_taken else {}
        change(proposal, action="proposals.settle", actor=actor, at=at, **fields)


def open_review(decision: Decision, *, days: int, at: datetime) -> Review:
    """Put a suspension down for review."""
    due_on = decision.effective_on + timedelta(days=days)
    return Review.objects.create(decision=decision, membership=decision.membership, due_on=due_on, created_at=at)
