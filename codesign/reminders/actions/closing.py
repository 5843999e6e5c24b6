"""Closed seasons: days on which a company or a site is closed, so that no reminder leaves on them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.models import Site
from codesign.reminders.models import ClosedPeriod
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid


@transaction.atomic
def close(
    *, company_id: UUID, first_on: date, last_on: date, site_id: UUID | None = None, actor: Actor, at: datetime
) -> ClosedPeriod:
    """Note that the company, or one of its sites, is closed on these days, both inclusive."""
    if last_on < first_on:
        raise Invalid.at("/last_on", "before_start", "The last day lies before the first.")
    if site_id is not None and not Site.objects.filter(pk=site_id, company=company_id).exists():
        raise Invalid.at("/site", "other_company", "The site belongs to another company.")
    period = ClosedPeriod.objects.create(
        company_id=company_id, site_id=site_id, first_on=first_on, last_on=last_on, created_at=at
    )
    changes = {"first_on": [None, first_on], "last_on": [None, last_on]}
    record("closed_periods.close", period, actor=actor, at=at, changes=changes)
    return period


@transaction.atomic
def reopen(*, period_id: UUID, actor: Actor, at: datetime) -> None:
    """Take the period back; mails that waited for its end leave on the next run's reckoning."""
    period = ClosedPeriod.objects.get(pk=period_id)
    record("closed_periods.reopen", period, actor=actor, at=at, changes={"first_on": [period.first_on, None]})
    period.delete()
