"""How a membership ends without a measure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership, Company
from codesign.standing.actions.deciding import NO_WORD, Word, opened, settle
from members.scope import Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid


@transaction.atomic
def resign(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """The company leaves. Allowed to a suspended one too."""
    return _end(Move.RESIGN, membership_id, actor=actor, at=at, expected_version=expected_version, word=word)


@transaction.atomic
def dissolve(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """The company exists no more."""
    return _end(Move.DISSOLVE, membership_id, actor=actor, at=at, expected_version=expected_version, word=word)


@transaction.atomic
def merge(
    *,
    membership_id: UUID,
    into_id: UUID,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
    word: Word = NO_WORD,
) -> CodeMembership:
    """The company was taken over by the company `into_id`, which goes on; kept among the decision's facts."""
    companies = Company.objects.visible_to(actor) if isinstance(actor, Scope) else Company.objects.all()
    if not companies.filter(pk=into_id).exists():
        raise Invalid.at("/into", "unknown_reference", "There is no such company for you.")
    if CodeMembership.objects.filter(pk=membership_id, company=into_id).exists():
        raise Invalid.at("/into", "same_company", "A company does not merge into itself.")
    return _end(
        Move.MERGE,
        membership_id,
        actor=actor,
        at=at,
        expected_version=expected_version,
        word=word,
        facts={"into": str(into_id)},
    )


def _end(
    move: Move,
    membership_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    expected_version: int | None,
    word: Word,
    facts: dict[str, str] | None = None,
) -> CodeMembership:
    case = opened(move=move, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    return settle(case, at=at, word=word, facts=facts, ended_on=word.effective_on or case.on)
