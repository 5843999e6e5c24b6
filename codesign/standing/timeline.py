"""Everything that happened between a company and The Code, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Decision
from codesign.fees.models import CodeAgreement, Invoice, Payment, Waiver
from codesign.notices.models import Notice
from codesign.reporting.models import ReportMove
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
    found = (entry for source in _SOURCES for entry in source(memberships.values("pk")))
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


_SOURCES = (_decisions, _invoices, _payments, _waivers, _agreements, _notices, _reports)
