"""Who signed long ago: recorded from public sources, unverified, seen by staff alone; claimed by the company itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions.changes import change
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import ClaimState, CodeMembership, Company, SignatoryClaim
from codesign.companies.querysets import THE_CODE
from members.access.actions import grants
from members.access.models import User
from members.organisations import actions as organisations
from members.organisations.matching import asked_for, candidates
from members.organisations.models import Organisation, OrganisationKind
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import PartialDate
from registry.kernel.errors import Forbidden, Invalid, Refused
from registry.kernel.text import search_key

MOST_OPEN = 5


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


@transaction.atomic
def claim_signatory(
    *, name: str, country_id: str, signatory_role: str, since: str = "", actor: Scope, at: datetime
) -> SignatoryClaim:
    """Say that one's company signed long ago. The answer is the same whether the register has recorded it or not.

    Raises Invalid for a day to come; Refused: `claim_open` for the same company, `too_many_claims`.
    """
    if actor.user_id is None:
        raise Forbidden("A person claims; the system is none.", code="person_required")
    if since and PartialDate.parse(since).earliest > actor.day:
        raise Invalid.at("/since", "in_the_future", "Whoever claims has signed already.")
    own = SignatoryClaim.objects.filter(claimed_by_id=actor.user_id, state=ClaimState.OPEN)
    if own.filter(search_key=search_key(name), country_id=country_id).exists():
        raise Refused("You have claimed this already; somebody looks into it.", code="claim_open")
    if own.count() >= MOST_OPEN:
        raise Refused(f"At most {MOST_OPEN} claims wait at once.", code="too_many_claims")
    claim = SignatoryClaim.objects.create(
        name=name,
        search_key=search_key(name),
        country_id=country_id,
        signatory_role=signatory_role,
        since=since,
        claimed_by_id=actor.user_id,
        created_at=at,
    )
    record("signatory-claims.create", claim, actor=actor, at=at, changes={"country": [None, country_id]})
    return claim


def likely_signatories(claim: SignatoryClaim, *, scope: Scope, at: datetime) -> list[CodeMembership]:
    """Recorded signatories that the caller sees and that a claim may mean, the likeliest first."""
    recorded = CodeMembership.objects.visible_to(scope).filter(state=MembershipState.RECORDED)
    rows = Organisation.objects.filter(pk__in=recorded.values("company_id"), country_id=claim.country_id)
    judged = candidates(rows, asked_for(name=claim.name, country_id=claim.country_id), on=at.date())
    by_company = {row.company_id: row for row in recorded.filter(company__in=[each.known.id for each in judged])}
    return [by_company[each.known.id] for each in judged if each.known.id in by_company]


@transaction.atomic
def accept_claim(
    *, claim_id: UUID, membership_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime
) -> SignatoryClaim:
    """Find that a claim means a recorded signatory: the claimant edits that company from now on.

    It becomes a member by confirmation, not by this. Raises Stale; Refused:
    `claim_decided`, `not_recorded`, `claimant_gone`.
    """
    claim = SignatoryClaim.objects.locked().get(pk=claim_id)
    _require_open(claim)
    membership = CodeMembership.objects.locked().get(pk=membership_id)
    if membership.state != MembershipState.RECORDED:
        raise Refused("This is no recorded signatory any more.", code="not_recorded")
    if not User.objects.filter(pk=claim.claimed_by_id, is_active=True).exists():
        raise Refused("Whoever made this claim has no log-in any more.", code="claimant_gone")
    decided = _decide(claim, ClaimState.ACCEPTED, expected_version, actor=actor, at=at, membership_id=membership.pk)
    grants.give(
        user_id=claim.claimed_by_id,
        role=Role.COMPANY_EDITOR,
        organisation_id=membership.company_id,
        actor=actor,
        at=at,
    )
    return decided


@transaction.atomic
def decline_claim(
    *, claim_id: UUID, reason_code: str, expected_version: int | None = None, actor: Actor, at: datetime
) -> SignatoryClaim:
    """Find that a claim means nobody. Raises Stale; Refused `claim_decided`."""
    claim = SignatoryClaim.objects.locked().get(pk=claim_id)
    _require_open(claim)
    return _decide(claim, ClaimState.DECLINED, expected_version, actor=actor, at=at, reason_code=reason_code)


def _require_open(claim: SignatoryClaim) -> None:
    if claim.state != ClaimState.OPEN:
        raise Refused("This claim was decided.", code="claim_decided")


def _decide(
    claim: SignatoryClaim, state: ClaimState, expected_version: int | None, *, actor: Actor, at: datetime, **more: Any
) -> SignatoryClaim:
    """Nobody decides on what they claim themselves."""
    if actor.user_id == claim.claimed_by_id:
        raise Forbidden("Nobody decides on their own claim.", code="own_claim")
    return change(
        claim,
        action=f"signatory-claims.{state.value}",
        actor=actor,
        at=at,
        expected_version=expected_version,
        state=state,
        decided_at=at,
        decided_by=actor.label,
        **more,
    )
