"""Open a membership, and the one way in which a membership changes its state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions.changes import change, legal_day
from codesign.companies.lifecycle import OPEN, MembershipState
from codesign.companies.models import CodeMembership, Company, Decision
from codesign.companies.querysets import THE_CODE
from members.network.models import Mandate
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused


@transaction.atomic
def open_membership(*, company_id: UUID, actor: Actor, at: datetime, scheme: str = THE_CODE) -> CodeMembership:
    """Start an application as a draft, led by the country's confirmed representative of that day.

    Raises Refused: `residential_care` when the company sells visits to residential care,
    `membership_open` when another is under way.
    """
    company = Company.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=company_id)
    if company.offers_residential_care:
        raise Refused(
            "A company that offers visits to orphanages or residential care can't join.", code="residential_care"
        )
    _make_way(company.pk, scheme)
    day = legal_day(at, company.organisation.zone)
    membership = CodeMembership.objects.create(
        company=company,
        scheme=scheme,
        representative_id=representative_of(company.organisation.country_id, day),
        created_at=at,
    )
    record("code-memberships.create", membership, actor=actor, at=at, changes={"state": [None, MembershipState.DRAFT]})
    return membership


@transaction.atomic
def enter(
    membership: CodeMembership,
    *,
    move: str,
    to_state: str,
    actor: Actor,
    at: datetime,
    effective_on: date,
    expected_version: int | None = None,
    reason_code: str = "",
    text: str = "",
    facts: dict[str, Any] | None = None,
    overturns: Decision | None = None,
    **fields: Any,
) -> CodeMembership:
    """Take a membership into `to_state`: compare-and-set, one decision appended, one audit event.

    `expected_version` is what the caller saw; None trusts the row as loaded. `fields` are set along
    with the state. Whether the move is allowed is asked before, of `lifecycle.target_of`.
    Raises Stale when another move was first; Refused `membership_open`.
    """
    from_state = membership.state
    if to_state in OPEN and from_state not in OPEN:
        _make_way(membership.company_id, membership.scheme, but=membership)
        fields["is_current"] = True
    change(
        membership,
        action=f"code-memberships.{move}",
        actor=actor,
        at=at,
        expected_version=expected_version,
        state=MembershipState(to_state),
        **fields,
    )
    Decision.objects.create(
        membership=membership,
        version=membership.version,
        move=move,
        from_state=from_state,
        to_state=to_state,
        effective_on=effective_on,
        reason_code=reason_code,
        text=text,
        decided_at=at,
        actor_id=actor.user_id,
        actor_label=actor.label,
        actor_organisation_id=organisation_of(actor),
        facts=facts or {},
        overturns=overturns,
    )
    return membership


def representative_of(country_id: str | None, day: date) -> UUID | None:
    """The organisation whose confirmed mandate covers the country on `day`; None: the secretariat stands in."""
    mandates = Mandate.objects.confirmed_on(day).filter(country_id=country_id)
    return mandates.order_by("valid_from", "pk").values_list("organisation_id", flat=True).first()


def organisation_of(actor: Actor) -> UUID | None:
    """The organisation that the caller acts for; None for the secretariat and the system."""
    if not isinstance(actor, Scope):
        return None
    return next((hat.organisation_id for hat in actor.hats if hat.organisation_id), None)


def _make_way(company_id: UUID, scheme: str, but: CodeMembership | None = None) -> None:
    """Let another membership of the company stand for it; refused while one is open."""
    others = CodeMembership.objects.filter(company_id=company_id, scheme=scheme)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.open().exists():
        raise Refused("The company has an open membership in this scheme.", code="membership_open")
    others.filter(is_current=True).update(is_current=False)
