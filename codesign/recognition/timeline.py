"""Everything that happened between a company and The Code, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Decision, SignatoryClaim
from codesign.fees.models import CodeAgreement, CreditNote, Invoice, Payment, Refund, Waiver
from codesign.notices.models import Notice
from codesign.recognition.models import RecognitionDecision
from codesign.reporting.models import Extension, ReportMove
from codesign.standing.models import Appeal, Review
from members.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened: the day it counts for, when the register learned of it, what it was."""

    on: date
    at: datetime
    kind: str
    what: str
    id: UUID
    facts: dict[str, Any]


def timeline(company_id: UUID, *, scope: Scope, on: date) -> list[Entry]:
    """What `scope` may see of a company's past up to `on`, oldest first. One query per kind of entry."""
    memberships = CodeMembership.objects.visible_to(scope).filter(company=company_id)
    keys = memberships.values("pk")
    found = (*_claims(scope, keys), *(entry for source in _SOURCES for entry in source(keys)))
    return sorted((entry for entry in found if entry.on <= on), key=lambda entry: (entry.on, entry.at, entry.id))


def _decisions(memberships: Any) -> Iterator[Entry]:
    rows = Decision.objects.filter(membership__in=memberships).order_by("pk")
    for row in rows:
        facts = {
            "to_state": MembershipState(row.to_state).value,
            "reason": row.reason_code,
            "text": row.text,
            "by": row.actor_label,
        }
        yield Entry(on=row.effective_on, at=row.decided_at, kind="decision", what=row.move, id=row.pk, facts=facts)


def _invoices(memberships: Any) -> Iterator[Entry]:
    for row in Invoice.objects.filter(membership__in=memberships).order_by("pk"):
        facts = {"number": row.number, "year": row.year, "amount_eur": row.amount_eur, "due_on": row.due_on}
        yield Entry(on=row.issued_on, at=row.created_at, kind="invoice", what=row.state, id=row.pk, facts=facts)


def _payments(memberships: Any) -> Iterator[Entry]:
    rows = Payment.objects.filter(invoice__membership__in=memberships).select_related("invoice").order_by("pk")
    for row in rows:
        facts = {"number": row.invoice.number, "amount_eur": row.amount_eur}
        yield Entry(on=row.paid_on, at=row.recorded_at, kind="payment", what="paid", id=row.pk, facts=facts)


def _waivers(memberships: Any) -> Iterator[Entry]:
    for row in Waiver.objects.filter(membership__in=memberships).order_by("pk"):
        facts = {"year": row.year, "reason": row.reason_code}
        yield Entry(on=row.granted_on, at=row.created_at, kind="waiver", what="granted", id=row.pk, facts=facts)


def _agreements(memberships: Any) -> Iterator[Entry]:
    for row in CodeAgreement.objects.filter(membership__in=memberships).order_by("pk"):
        days = {
            "sent": row.sent_on,
            "company_signed": row.company_signed_on,
            "representative_signed": row.representative_signed_on,
        }
        facts = {"text_version": row.text_version}
        for what, day in days.items():
            if day is not None:
                yield Entry(on=day, at=row.created_at, kind="agreement", what=what, id=row.pk, facts=facts)


def _notices(memberships: Any) -> Iterator[Entry]:
    for row in Notice.objects.filter(membership__in=memberships).order_by("pk"):
        facts = {"channel": row.channel, "delivered_at": row.delivered_at, "bounced_at": row.bounced_at}
        yield Entry(on=row.sent_at.date(), at=row.sent_at, kind="notice", what=row.kind, id=row.pk, facts=facts)


def _reports(memberships: Any) -> Iterator[Entry]:
    rows = ReportMove.objects.filter(report__membership__in=memberships).order_by("pk")
    for row in rows.select_related("report__reporting_year"):
        facts = {"year": row.report.reporting_year.year, "to_state": row.to_state}
        yield Entry(on=row.at.date(), at=row.at, kind="report", what=row.move, id=row.report_id, facts=facts)


def _credit_notes(memberships: Any) -> Iterator[Entry]:
    rows = CreditNote.objects.filter(invoice__membership__in=memberships).select_related("invoice").order_by("pk")
    for row in rows:
        facts = {
            "number": row.number,
            "invoice": row.invoice.number,
            "amount_eur": row.amount_eur,
            "reason": row.reason_code,
        }
        yield Entry(on=row.issued_on, at=row.created_at, kind="credit_note", what="issued", id=row.pk, facts=facts)


def _refunds(memberships: Any) -> Iterator[Entry]:
    rows = Refund.objects.filter(payment__invoice__membership__in=memberships).select_related("payment__invoice")
    for row in rows.order_by("pk"):
        facts = {"number": row.payment.invoice.number, "amount_eur": row.amount_eur, "reason": row.reason_code}
        yield Entry(on=row.refunded_on, at=row.recorded_at, kind="refund", what="refunded", id=row.pk, facts=facts)


def _certificates(memberships: Any) -> Iterator[Entry]:
    rows = RecognitionDecision.objects.filter(certificate__membership__in=memberships)
    for row in rows.select_related("certificate").order_by("pk"):
        assert row.certificate is not None
        facts = {"number": row.certificate.number, "year": row.certificate.year, **_said(row)}
        yield _recognition(row, "certificate", row.certificate.pk, facts)


def _awards(memberships: Any) -> Iterator[Entry]:
    rows = RecognitionDecision.objects.filter(award__membership__in=memberships)
    for row in rows.select_related("award").order_by("pk"):
        assert row.award is not None
        facts = {"award": row.award.kind, "year": row.award.year, **_said(row)}
        yield _recognition(row, "award", row.award.pk, facts)


def _said(row: RecognitionDecision) -> dict[str, Any]:
    return {"reason": row.reason_code, "text": row.text, "by": row.actor_label}


def _recognition(row: RecognitionDecision, kind: str, key: UUID, facts: dict[str, Any]) -> Entry:
    return Entry(on=row.effective_on, at=row.decided_at, kind=kind, what=row.move, id=key, facts=facts)


def _claims(scope: Scope, memberships: Any) -> Iterator[Entry]:
    """Claims that were found to mean the company; the claimant's and staff's to see."""
    for row in SignatoryClaim.objects.visible_to(scope).filter(membership__in=memberships).order_by("pk"):
        facts = {"name": row.name, "since": row.since, "reason": row.reason_code, "by": row.decided_by}
        for what, at in (("claimed", row.created_at), (row.state, row.decided_at)):
            if at is not None:
                yield Entry(on=at.date(), at=at, kind="claim", what=what, id=row.pk, facts=facts)


def _appeals(memberships: Any) -> Iterator[Entry]:
    for row in Appeal.objects.filter(membership__in=memberships).order_by("pk"):
        yield Entry(on=row.lodged_on, at=row.lodged_at, kind="appeal", what="lodged", id=row.pk, facts={})
        if row.settled_at is not None:
            facts = {"reason": row.reason_code, "by": row.settled_by_label}
            at = row.settled_at
            yield Entry(on=at.date(), at=at, kind="appeal", what=row.state, id=row.pk, facts=facts)


def _reviews(memberships: Any) -> Iterator[Entry]:
    """Opened and concluded; of what was said, nothing."""
    for row in Review.objects.filter(membership__in=memberships).order_by("pk"):
        facts: dict[str, Any] = {"due_on": row.due_on}
        at = row.created_at
        yield Entry(on=at.date(), at=at, kind="review", what="opened", id=row.pk, facts=facts)
        if row.concluded_on is not None:
            facts = {**facts, "hearing": row.hearing, "heard_on": row.heard_on}
            yield Entry(on=row.concluded_on, at=at, kind="review", what=row.outcome, id=row.pk, facts=facts)


def _extensions(memberships: Any) -> Iterator[Entry]:
    """More time for the company itself; that of a country or of everybody is no matter of one company."""
    companies = CodeMembership.objects.filter(pk__in=memberships).values("company")
    rows = Extension.objects.filter(company__in=companies).select_related("reporting_year").order_by("pk")
    for row in rows:
        facts = {"year": row.reporting_year.year, "until": row.until, "by": row.granted_by_label}
        for what, at in (("granted", row.granted_at), ("revoked", row.revoked_at)):
            if at is not None:
                yield Entry(on=at.date(), at=at, kind="extension", what=what, id=row.pk, facts=facts)


_SOURCES = (
    _decisions,
    _invoices,
    _payments,
    _credit_notes,
    _refunds,
    _waivers,
    _agreements,
    _notices,
    _reports,
    _certificates,
    _awards,
    _appeals,
    _reviews,
    _extensions,
)
