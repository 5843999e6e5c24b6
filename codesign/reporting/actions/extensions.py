"""Give more time for a year's report, and take it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from codesign.reporting.free_text import suspicion_in
from codesign.reporting.models import Extension, ReportingYear
from codesign.reporting.obligations import refresh_due_dates
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Fault, Forbidden, Invalid, NotFound, Refused, Stale

# Longer than this a year would be due after the next one.
LONGEST_DAYS = 365


@transaction.atomic
def extend(
    *,
    reporting_year_id: UUID,
    until: date,
    reason: str,
    actor: Scope,
    at: datetime,
    company_id: UUID | None = None,
    country_id: str | None = None,
) -> Extension:
    """Move the due day for a company, a country, or everyone (neither given), and every deadline that reads it.

    A representative may do it for a company that is not its own; a country and everyone are the
    secretariat's. An extension never shortens. Raises Invalid, Forbidden.
    """
    year = ReportingYear.objects.select_for_update().filter(pk=reporting_year_id).first()
    if year is None:
        raise NotFound("There is no such reporting year.")
    if faults := _faults(year, until, reason, company_id, country_id):
        raise Invalid("The extension can't be granted like this.", faults=tuple(faults))
    _require_may_grant(actor, company_id)
    row = Extension.objects.create(
        reporting_year=year,
        company_id=company_id,
        country_id=country_id,
        until=until,
        reason=reason.strip(),
        granted_at=at,
        granted_by_id=actor.user_id,
        granted_by_label=actor.label,
    )
    refresh_due_dates(year)
    record("extensions.create", row, actor=actor, at=at, changes={"until": [year.due_on, until]})
    return row


@transaction.atomic
def revoke(*, extension_id: UUID, actor: Scope, at: datetime, expected_version: int | None = None) -> Extension:
    """Take an extension back: due days are read anew from those that are left. Raises Refused, Forbidden, Stale."""
    row = Extension.objects.select_for_update().filter(pk=extension_id).first()
    if row is None:
        raise NotFound("There is no such extension.")
    if expected_version not in {None, row.version}:
        raise Stale("The extension has changed since you read it.", details={"version": row.version})
    if row.revoked_at is not None:
        raise Refused("This extension was revoked before.", code="extension_revoked")
    _require_may_grant(actor, row.company_id)
    row.revoked_at, row.version = at, row.version + 1
    row.save(update_fields=["revoked_at", "version"])
    refresh_due_dates(row.reporting_year)
    record("extensions.revoke", row, actor=actor, at=at, changes={"revoked_at": [None, at]})
    return row


def _faults(
    year: ReportingYear, until: date, reason: str, company_id: UUID | None, country_id: str | None
) -> list[Fault]:
    faults = []
    if company_id and country_id:
        faults.append(Fault("/country", "one_target", "Name a company or a country, or neither for everyone."))
    if not year.due_on < until <= year.due_on + timedelta(days=LONGEST_DAYS):
        message = f"An extension ends after {year.due_on} and at most {LONGEST_DAYS} days later."
        faults.append(Fault("/until", "out_of_range", message))
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say why."))
    elif suspicion := suspicion_in(reason):
        faults.append(Fault("/reason", suspicion.code, suspicion.message))
    return faults


def _require_may_grant(actor: Scope, company_id: UUID | None) -> None:
    if company_id is None and not actor.wears(Role.SECRETARIAT):
        raise Forbidden("A country or everyone: the secretariat alone.", code="reserved_for_secretariat")
    if company_id is not None and actor.belongs_to(company_id):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")
