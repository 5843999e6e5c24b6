"""Who pays less, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change
from codesign.companies.models import Company
from codesign.fees.models import CompanyReduction, FeeReduction
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def grant_reduction(
    *, company_id: UUID, code: str, valid_from: date, valid_until: date | None = None, actor: Actor, at: datetime
) -> CompanyReduction:
    """Let a company pay less from a day on. Raises Invalid for an unknown association; Refused `reduction_open`."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company_id)
    if not FeeReduction.objects.on(valid_from).filter(code=code).exists():
        raise Invalid.at("/code", "unknown_reduction", "No such reduction is in force on that day.")
    if valid_until is not None and valid_until < valid_from:
        raise Invalid.at("/valid_until", "period_out_of_order", "The last day lies before the first.")
    others = company.fee_reductions.filter(code=code).exclude(valid_until__lt=valid_from)
    if valid_until is not None:
        others = others.exclude(valid_from__gt=valid_until)
    if others.exists():
        raise Refused("The company has this reduction on some of these days.", code="reduction_open")
    row = CompanyReduction.objects.create(
        company=company, code=code, valid_from=valid_from, valid_until=valid_until, created_at=at
    )
    record("company-reductions.create", row, actor=actor, at=at, changes={"code": [None, code]})
    return row


@transaction.atomic
def end_reduction(
    *, reduction_id: UUID, last_day: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> CompanyReduction:
    """End a reduction after its last day; invoices that are out stay as they are. Raises Invalid, Stale."""
    row = CompanyReduction.objects.select_for_update(of=("self",)).get(pk=reduction_id)
    if last_day < row.valid_from:
        raise Invalid.at("/last_day", "period_out_of_order", "The last day lies before the first.")
    return change(
        row,
        action="company-reductions.end",
        actor=actor,
        at=at,
        expected_version=expected_version,
        valid_until=last_day,
    )
