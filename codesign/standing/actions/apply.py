"""The company's own steps towards membership."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.standing.actions.closing import cancel_open_invoices
from codesign.standing.actions.deciding import NO_WORD, Word, opened, settle
from codesign.standing.guards import missing_criteria
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid


@transaction.atomic
def submit(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Hand in the application. NotRipe while the company offers visits to residential care."""
    case = opened(move=Move.SUBMIT, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    return settle(case, at=at, word=word, applied_at=at)


@transaction.atomic
def submit_plan(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Hand in the plan. Invalid with one fault per criterion on which it names no action."""
    case = opened(
        move=Move.SUBMIT_PLAN, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version
    )
    if faults := missing_criteria(case):
        raise Invalid("The plan needs at least one action on each criterion.", faults=tuple(faults))
    return settle(case, at=at, word=word)


@transaction.atomic
def withdraw(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Take the application back. An invoice that nothing was paid on is cancelled with it."""
    case = opened(
        move=Move.WITHDRAW, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version
    )
    membership = settle(case, at=at, word=word, ended_on=word.effective_on or case.on)
    cancel_open_invoices(membership_id=membership.pk, actor=actor, at=at)
    return membership
