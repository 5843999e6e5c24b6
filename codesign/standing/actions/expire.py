"""Close approved applications that nothing came of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.standing.actions.closing import cancel_open_invoices
from codesign.standing.actions.deciding import NO_WORD, Word, opened, settle
from registry.kernel.audit.actor import Actor


@transaction.atomic
def expire(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Close one that `due_to_expire` proposes; NotRipe for another. Its invoice is cancelled."""
    case = opened(move=Move.EXPIRE, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    membership = settle(case, at=at, word=word, ended_on=case.on)
    cancel_open_invoices(membership_id=membership.pk, actor=actor, at=at)
    return membership
