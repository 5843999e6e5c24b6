"""What representative and secretariat decide on an application."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.fees.actions import issue_invoice, send_agreement
from codesign.standing.actions.deciding import NO_WORD, NotRipe, Word, opened, settle
from codesign.standing.endorsing import endorse, endorsements, fulfilled
from codesign.standing.guards import fact_lacks
from registry.kernel.audit.actor import Actor


@transaction.atomic
def request_changes(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Give the plan back to the company. Endorsements given so far are void."""
    case = opened(
        move=Move.REQUEST_CHANGES, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version
    )
    return settle(case, at=at, word=word)


@transaction.atomic
def approve(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Say yes to application and plan. The yes that completes both sides approves.

    The first yes is kept as an endorsement and the state stays. With the approval the first invoice is
    issued and the agreement sent. Raises NotRipe, AlreadyEndorsed.
    """
    case = opened(move=Move.APPROVE, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    if lacks := fact_lacks(case):
        raise NotRipe(" ".join(lack.message for lack in lacks), faults=tuple(lacks))
    endorse(case, at=at)
    if not fulfilled(case):
        return case.membership
    facts = {"endorsements": [str(row.pk) for row in endorsements(case)]}
    membership = settle(case, at=at, word=word, facts=facts, approved_on=word.effective_on or case.on)
    if not membership.waivers.filter(year=case.on.year).exists():
        issue_invoice(membership_id=membership.pk, year=case.on.year, actor=actor, at=at)
    send_agreement(membership_id=membership.pk, text_version=case.rule.agreement_text, actor=actor, at=at)
    return membership


@transaction.atomic
def reject(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Turn an application, or a recorded signatory, down."""
    case = opened(move=Move.REJECT, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    return settle(case, at=at, word=word, ended_on=word.effective_on or case.on)
