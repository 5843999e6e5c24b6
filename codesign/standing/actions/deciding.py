"""How every move is taken: lock, check state, right and facts, enter. The moves' own files add what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from codesign.companies.actions import enter, legal_day
from codesign.companies.lifecycle import Move, target_of
from codesign.companies.models import CodeMembership
from codesign.standing.actions.closing import settle_proposals
from codesign.standing.guards import Case, fact_lacks, known_facts, right_lacks
from members.scope import Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, Invalid, NotFound, Refused, Stale


class NotRipe(Refused):
    """The move starts from this state, but something that it rests on is missing; the faults name everything."""

    default_code = "not_ripe"


@dataclass(frozen=True, kw_only=True)
class Word:
    """What the officer says with a move: effective day (None: today), reason code, neutral text."""

    effective_on: date | None = None
    reason_code: str = ""
    text: str = ""


NO_WORD = Word()


def opened(
    *, move: Move, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None, reason_code: str = ""
) -> Case:
    """The case of a move, its membership locked. Raises NotFound, Stale, MoveNotAllowed, Forbidden; in that order."""
    membership = found(membership_id, actor)
    if expected_version is not None and expected_version != membership.version:
        raise Stale("The membership has moved on since it was read.", details={"version": membership.version})
    target_of(move, membership.state)
    case = Case(move=move, membership=membership, actor=actor, on=day_of(membership, at), reason_code=reason_code)
    if lacks := right_lacks(case):
        raise Forbidden(lacks[0].message, code=lacks[0].code, faults=tuple(lacks))
    return case


def found(membership_id: UUID, actor: Actor) -> CodeMembership:
    """The membership, locked; NotFound when absent or not the caller's."""
    rows = CodeMembership.objects.locked().select_related("company__organisation")
    if isinstance(actor, Scope):
        rows = rows.filter(pk__in=CodeMembership.objects.visible_to(actor).values("pk"))
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound("There is no such membership.")
    return membership


def day_of(membership: CodeMembership, at: datetime) -> date:
    """The legal day at the company's seat."""
    return legal_day(at, membership.company.organisation.zone)


def settle(
    case: Case, *, at: datetime, word: Word = NO_WORD, facts: dict[str, Any] | None = None, **changes: Any
) -> CodeMembership:
    """Take the move when no fact stands against it. Raises Invalid, NotRipe."""
    effective_on = _effective_day(case, word)
    if lacks := fact_lacks(case):
        raise NotRipe(" ".join(lack.message for lack in lacks), faults=tuple(lacks))
    membership = enter(
        case.membership,
        move=case.move,
        to_state=target_of(case.move, case.membership.state),
        actor=case.actor,
        at=at,
        effective_on=effective_on,
        reason_code=word.reason_code,
        text=word.text,
        facts=known_facts(case) | (facts or {}),
        **changes,
    )
    settle_proposals(membership, actor=case.actor, at=at)
    return membership


def _effective_day(case: Case, word: Word) -> date:
    """The day said, else today: not to come, and not before what was decided last."""
    day = word.effective_on or case.on
    if day > case.on:
        raise Invalid.at("/effective_on", "in_the_future", "A decision takes effect today or took effect before.")
    last = case.membership.decisions.order_by("-version", "-pk").values_list("effective_on", flat=True).first()
    if last is not None and day < last:
        fault = Fault("/effective_on", "before_last_decision", f"The last decision took effect on {last}.")
        raise Invalid(fault.message, faults=(fault,))
    return day
