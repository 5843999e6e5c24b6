"""Enter what public sources say about who signed: recorded, unverified, seen by staff alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.companies.querysets import THE_CODE
from members.organisations import actions as organisations
from members.organisations.models import Organisation, OrganisationKind
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor


@transaction.atomic
def record_signatory(
    *,
    name: str,
    country_id: str,
    category: str,
    since: str = "",
    since_basis: str = "",
    status_seen: str = "",
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> CodeMembership | None:
    """Enter a signatory that a public source names, with its organisation and company where they are new.

    One spelling of one name in one country is one company; None when it has a membership of any kind.
    """
    facts: dict[str, Any] = {"source": source, "confidence": confidence, "note": note}
    organisation = (
        Organisation.objects.named(name, country_id=country_id).order_by("pk").first()
    ) or organisations.register(
        kind=OrganisationKind.FEDERATION if category == "association" else OrganisationKind.COMPANY,
        name=name,
        country_id=country_id,
        is_another=True,
        **facts,
        actor=actor,
        at=at,
    )
    company, _ = Company.objects.get_or_create(
        organisation=organisation, defaults={"category": category, "created_at": at}
    )
    if company.memberships.filter(scheme=THE_CODE).exists():
        return None
    membership = CodeMembership.objects.create(
        company=company,
        state=MembershipState.RECORDED,
        since=since,
        since_basis=since_basis,
        status_seen=status_seen,
        **facts,
        created_at=at,
    )
    record("code-memberships.record", membership, actor=actor, at=at, changes={"state": [None, membership.state]})
    return membership
