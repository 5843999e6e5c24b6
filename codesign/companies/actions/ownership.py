"""A site changes hands; a node reports for another; what a company declares about voluntourism."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions.changes import change, legal_day
from codesign.companies.actions.sites import refuse_twin
from codesign.companies.models import (
    CodeMembership,
    Company,
    FormerOwnership,
    ReportsThrough,
    Site,
    VoluntourismDeclaration,
)
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def hand_over_site(
    *, site_id: UUID, to_company_id: UUID, since: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> Site:
    """Let a site belong to another company from `since` on; the days before stay with the former one.

    Raises Stale; Invalid for the same company, a day to come, or one before the present owner had it.
    """
    site = Site.objects.select_for_update(of=("self",)).get(pk=site_id)
    former_id = site.company_id
    if to_company_id == former_id:
        raise Invalid.at("/company", "same_company", "The site belongs to this company already.")
    first = max((day for day in (site.owned_since, site.opened_on) if day), default=None)
    if since > legal_day(at, site.zone) or (first is not None and since <= first):
        raise Invalid.at("/since", "out_of_range", "A site changes hands by today, and after its owner took it over.")
    if site.closed_on is not None and since > site.closed_on:
        raise Refused("The site is closed.", code="site_closed", details={"closed_on": str(site.closed_on)})
    refuse_twin(to_company_id, site.search_key)
    FormerOwnership.objects.create(
        site=site,
        company_id=former_id,
        valid_from=site.owned_since,
        valid_until=since - timedelta(days=1),
        recorded_at=at,
    )
    fields = {"company_id": to_company_id, "owned_since": since}
    return change(site, action="sites.hand_over", actor=actor, at=at, expected_version=expected_version, **fields)


@transaction.atomic
def report_through(
    *, company_id: UUID, through_id: UUID, valid_from: date, actor: Actor, at: datetime
) -> ReportsThrough:
    """Let `through` report for `company` from a day on, which ends what held before.

    Raises Invalid; Refused `reports_in_chain` where `through` reports through another, or others through `company`.
    """
    companies = Company.objects.select_for_update(of=("self",)).filter(pk__in={company_id, through_id})
    list(companies.order_by("pk"))
    if company_id == through_id:
        raise Invalid.at("/through", "same_company", "A company does not report through itself.")
    if not Company.objects.filter(pk=through_id, memberships__in=CodeMembership.objects.members()).exists():
        raise Invalid.at("/through", "no_membership", "Who reports for others has a membership of its own.")
    lasting = ReportsThrough.objects.current().filter(valid_until=None)
    if lasting.filter(company=through_id).exists() or lasting.filter(through=company_id).exists():
        raise Refused("One node reports for others, in one step.", code="reports_in_chain")
    if before := lasting.filter(company=company_id).first():
        if before.valid_from >= valid_from:
            raise Invalid.at("/valid_from", "out_of_order", f"What holds now began on {before.valid_from}.")
        end_report_through(line_id=before.pk, valid_until=valid_from - timedelta(days=1), actor=actor, at=at)
    line = ReportsThrough.objects.create(
        company_id=company_id, through_id=through_id, valid_from=valid_from, recorded_at=at
    )
    record("reports-through.create", line, actor=actor, at=at, changes={"through": [None, through_id]})
    return line


@transaction.atomic
def end_report_through(
    *, line_id: UUID, valid_until: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> ReportsThrough:
    """Let the company report for itself again after `valid_until`. Raises Stale, Invalid."""
    line = ReportsThrough.objects.get(pk=line_id)
    if line.valid_until is not None or valid_until < line.valid_from:
        raise Invalid.at("/valid_until", "out_of_order", "It ends once, after it began.")
    fields = {"valid_until": valid_until}
    return change(line, action="reports-through.end", actor=actor, at=at, expected_version=expected_version, **fields)


@transaction.atomic
def declare(
    *,
    company_id: UUID,
    year: int,
    offers_volunteering: bool,
    offers_residential_care: bool,
    measures: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> VoluntourismDeclaration:
    """Keep what the company declares for a year; the newest year's answer is what blocks a new membership.

    Raises Invalid: whoever offers either lists measures; a year to come.
    """
    company = Company.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=company_id)
    today = legal_day(at, company.organisation.zone)
    if year > today.year:
        raise Invalid.at("/year", "in_future", "A declaration is for this year or an earlier one.")
    if (offers_volunteering or offers_residential_care) and not measures:
        raise Invalid.at("/measures", "required", "Say what is done to end or change these offers.")
    rows = VoluntourismDeclaration.objects.current().filter(company=company)
    rows.filter(year=year).update(superseded_at=at)
    declaration = VoluntourismDeclaration.objects.create(
        company=company,
        year=year,
        offers_volunteering=offers_volunteering,
        offers_residential_care=offers_residential_care,
        measures=list(measures),
        declared_on=today,
        declared_by_label=actor.label,
        recorded_at=at,
    )
    told: dict[str, list[Any]] = {"year": [None, year], "offers_residential_care": [None, offers_residential_care]}
    record("voluntourism-declarations.create", declaration, actor=actor, at=at, changes=told)
    if not rows.filter(year__gt=year).exists():
        change(company, action="companies.update", actor=actor, at=at, offers_residential_care=offers_residential_care)
    return declaration
