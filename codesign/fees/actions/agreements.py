"""Send the Code agreement and record its two signatures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change, legal_day
from codesign.companies.lifecycle import MEMBER, MembershipState
from codesign.companies.models import CodeMembership
from codesign.fees.models import CodeAgreement, SigningSide
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused

_SIGNS = MEMBER | {MembershipState.APPROVED}


@transaction.atomic
def send_agreement(*, membership_id: UUID, text_version: str, actor: Actor, at: datetime) -> CodeAgreement:
    """Send a version of the agreement's text for signature.

    Raises Refused: `membership_not_approved`, `agreement_exists`.
    """
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    if membership.state not in _SIGNS:
        raise Refused("Only an approved application or a member signs.", code="membership_not_approved")
    if membership.code_agreements.filter(text_version=text_version).exists():
        raise Refused("This version of the agreement was sent already.", code="agreement_exists")
    agreement = CodeAgreement.objects.create(
        membership=membership,
        text_version=text_version,
        sent_on=legal_day(at, membership.company.organisation.zone),
        created_at=at,
    )
    changes = {"text_version": [None, text_version]}
    record("code-agreements.create", agreement, actor=actor, at=at, changes=changes)
    return agreement


@transaction.atomic
def sign(
    *,
    agreement_id: UUID,
    side: str,
    signed_on: date,
    signatory_role: str,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> CodeAgreement:
    """Record that one side signed, and in which role; never who by name.

    Raises Stale; Invalid for a day before the sending or to come; Refused `already_signed`.
    """
    rows = CodeAgreement.objects.select_related("membership__company__organisation")
    agreement = rows.select_for_update(of=("self",)).get(pk=agreement_id)
    side = SigningSide(side).value
    if getattr(agreement, f"{side}_signed_on") is not None:
        raise Refused("This side has signed already.", code="already_signed")
    if not agreement.sent_on <= signed_on <= legal_day(at, agreement.membership.company.organisation.zone):
        raise Invalid.at("/signed_on", "out_of_range", "A signature is put between the sending and today.")
    return change(
        agreement,
        action="code-agreements.sign",
        actor=actor,
        at=at,
        expected_version=expected_version,
        **{
            f"{side}_signed_on": signed_on,
            f"{side}_signed_role": signatory_role,
            f"{side}_signed_by_id": actor.user_id,
        },
    )
