"""Enter a company and keep its facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions.changes import change, legal_day
from codesign.companies.models import Company, NodeKind
from members.organisations import actions as organisations
from members.organisations.models import Organisation, OrganisationKind
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def register_company(
    *,
    category: str,
    node: str = NodeKind.COMPANY,
    organisation_id: UUID | None = None,
    name: str = "",
    country_id: str | None = None,
    website: str = "",
    languages: Sequence[str] = (),
    is_demo: bool = False,
    revenue_band: str = "",
    offers_residential_care: bool = False,
    is_profile_public: bool = True,
    is_another: bool = False,
    actor: Actor,
    at: datetime,
) -> Company:
    """Make a known organisation a company, or enter both at once (then `name` and `country_id` are needed).

    `is_another`: the caller knows that no organisation of the register is meant. Raises Invalid; Refused
    `company_exists`, `duplicate`.
    """
    if (organisation_id is None) != bool(name):
        raise Invalid.at(
            "/organisation", "organisation_or_name", "Give either an organisation or the name of a new one."
        )
    if organisation_id is None:
        if not country_id:
            raise Invalid.at("/country", "required", "A new company needs its country.")
        organisation_id = organisations.register(
            kind=OrganisationKind.COMPANY,
            name=name,
            country_id=country_id,
            website=website,
            languages=languages,
            is_demo=is_demo,
            is_another=is_another,
            actor=actor,
            at=at,
        ).pk
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)
    if Company.objects.filter(pk=organisation.pk).exists():
        raise Refused("This organisation is a company of the register already.", code="company_exists")
    company = Company.objects.create(
        organisation=organisation,
        category=category,
        node=node,
        revenue_band=revenue_band,
        revenue_band_confirmed_on=legal_day(at, organisation.zone) if revenue_band else None,
        offers_residential_care=offers_residential_care,
        is_profile_public=is_profile_public,
        created_at=at,
    )
    record("companies.create", company, actor=actor, at=at, changes={"category": [None, category]})
    return company


@transaction.atomic
def update_company(
    *, company_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **changes: Any
) -> Company:
    """Change category, node, revenue band, profile switch or `offers_residential_care`.

    A revenue band that is sent is thereby confirmed on this day, changed or not. Raises Stale.
    """
    company = Company.objects.select_related("organisation").get(pk=company_id)
    if changes.get("revenue_band"):
        changes["revenue_band_confirmed_on"] = legal_day(at, company.organisation.zone)
    return change(company, action="companies.update", actor=actor, at=at, expected_version=expected_version, **changes)
