"""Propose measures, dismiss a proposal, settle those that were decided or rest on nothing any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change
from codesign.companies.lifecycle import Move, target_of
from codesign.companies.models import CodeMembership
from codesign.standing.actions.deciding import day_of, found
from codesign.standing.belonging import belongs
from codesign.standing.models import Proposal, ProposalState
from codesign.standing.proposing import candidates
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Forbidden, Refused

RULES = "rules"


@transaction.atomic
def propose_by_rule(*, actor: Actor, at: datetime) -> int:
    """Write down what the rules propose and nobody has yet, and close what holds no more; how many are new.

    Safe to run twice: one row for each (membership, move, ground, anchor), by constraint.
    """
    wanted = {candidate.key: candidate for candidate in candidates(on=at.date())}
    known = set(Proposal.objects.values_list("membership_id", "move", "ground", "anchor"))
    new = [
        Proposal(
            membership_id=candidate.membership_id,
            move=candidate.move,
            ground=candidate.ground,
            anchor=candidate.anchor,
            facts=candidate.facts,
            proposed_by_label=RULES,
            proposed_at=at,
        )
        for key, candidate in wanted.items()
        if key not in known
    ]
    Proposal.objects.bulk_create(new, ignore_conflicts=True)
    for proposal in Proposal.objects.open().filter(proposed_by_id=None).order_by("pk"):  # those of a person stay
        if (proposal.membership_id, proposal.move, proposal.ground, proposal.anchor) not in wanted:
            fields: dict[str, Any] = {"state": ProposalState.OBSOLETE, "settled_at": at, "settled_by_label": RULES}
            change(proposal, action="proposals.close", actor=actor, at=at, **fields)
    return len(new)


@transaction.atomic
def propose(*, membership_id: UUID, move: str, ground: str, actor: Actor, at: datetime) -> Proposal:
    """Propose a measure to the secretariat, as a representative does. Raises MoveNotAllowed, Forbidden, Refused."""
    membership = found(membership_id, actor)
    target_of(move, membership.state)
    _refuse_own(membership, actor, at)
    anchor = f"officer_{membership.version}"
    row = {"membership": membership, "move": move, "ground": ground}
    if Proposal.objects.open().filter(**row).exists() or Proposal.objects.filter(**row, anchor=anchor).exists():
        raise Refused("This measure is proposed already.", code="proposed_already")
    proposal = Proposal.objects.create(
        **row, anchor=anchor, proposed_by_id=actor.user_id, proposed_by_label=actor.label, proposed_at=at
    )
    changes = {"move": [None, move], "ground": [None, ground]}
    record("proposals.create", proposal, actor=actor, at=at, changes=changes)
    return proposal


@transaction.atomic
def dismiss(
    *, proposal_id: UUID, reason_code: str, actor: Actor, at: datetime, expected_version: int | None = None
) -> Proposal:
    """Decide against a proposal; it does not come again for what it rests on. Raises Stale, Forbidden, Refused."""
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("membership__company__organisation")
    row = proposal.get(pk=proposal_id)
    if row.state != ProposalState.OPEN:
        raise Refused("The proposal is settled already.", code="proposal_settled", details={"state": row.state})
    _refuse_own(row.membership, actor, at)
    fields = {
        "state": ProposalState.DISMISSED,
        "settled_at": at,
        "settled_by_label": actor.label,
        "reason_code": reason_code,
    }
    return change(row, action="proposals.dismiss", actor=actor, at=at, expected_version=expected_version, **fields)


def _refuse_own(membership: CodeMembership, actor: Actor, at: datetime) -> None:
    if belongs(actor, membership.company_id, on=day_of(membership, at)):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")


PROPOSABLE = (Move.SUSPEND, Move.TERMINATE)
