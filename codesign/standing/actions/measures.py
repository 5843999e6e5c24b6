"""Measures against a member, and their end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.standing.actions.closing import open_review
from codesign.standing.actions.deciding import NO_WORD, Word, opened, settle
from codesign.standing.endorsing import endorse, endorsements, fulfilled
from codesign.standing.grounds import Ground
from codesign.standing.guards import Case
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid


@transaction.atomic
def suspend(
    *, membership_id: UUID, word: Word, actor: Actor, at: datetime, expected_version: int | None = None
) -> CodeMembership:
    """Suspend a member on one of the `Ground`s. NotRipe names what due process still lacks, or that the ground is gone.

    `safeguarding` needs no notice but two officers of the secretariat: the first yes is kept as an
    endorsement, the second suspends at once and puts it down for review. It carries a reason code and no text.
    """
    _check_ground(word)
    case = opened(
        move=Move.SUSPEND,
        membership_id=membership_id,
        actor=actor,
        at=at,
        expected_version=expected_version,
        reason_code=word.reason_code,
    )
    _check_day(case, word)
    facts: dict[str, object] = {}
    if word.reason_code == Ground.SAFEGUARDING:
        endorse(case, at=at)
        if not fulfilled(case):
            return case.membership
        facts["endorsements"] = [str(row.pk) for row in endorsements(case)]
    membership = settle(case, at=at, word=word, facts=facts)
    if word.reason_code == Ground.SAFEGUARDING:
        open_review(membership.decisions.get(version=membership.version), days=case.rule.review_days, at=at)
    return membership


@transaction.atomic
def reinstate(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """End a suspension."""
    case = opened(
        move=Move.REINSTATE, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version
    )
    _check_day(case, word)
    return settle(case, at=at, word=word)


@transaction.atomic
def terminate(
    *, membership_id: UUID, word: Word, actor: Actor, at: datetime, expected_version: int | None = None
) -> CodeMembership:
    """End a suspended membership. Notices since the suspension count; NotRipe names what is lacking, as for those."""
    _check_ground(word)
    case = opened(
        move=Move.TERMINATE,
        membership_id=membership_id,
        actor=actor,
        at=at,
        expected_version=expected_version,
        reason_code=word.reason_code,
    )
    _check_day(case, word)
    return settle(case, at=at, word=word, ended_on=case.on)


def _check_ground(word: Word) -> None:
    """A measure names its ground; one for safeguarding says nothing else."""
    faults = []
    if word.reason_code not in Ground.values:
        faults.append(Fault("/reason", "unknown_ground", f"The ground is one of: {', '.join(Ground.values)}."))
    if word.reason_code == Ground.SAFEGUARDING and word.text:
        faults.append(
            Fault("/text", "reason_code_only", "On the ground safeguarding a reason code is all that is kept.")
        )
    if faults:
        raise Invalid(" ".join(fault.message for fault in faults), faults=tuple(faults))


def _check_day(case: Case, word: Word) -> None:
    """A measure starts and ends on the day that it is decided: nobody was suspended before knowing it."""
    if word.effective_on not in {None, case.on}:
        raise Invalid.at("/effective_on", "not_today", "A measure takes effect on the day that it is decided.")
