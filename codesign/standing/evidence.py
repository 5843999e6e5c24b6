"""The notice file of a company: everything that a measure rests on, in order, and what each ground still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CodeMembership, Decision
from codesign.notices.models import Notice
from codesign.notices.rules import counted_days, delivered_on, lacks
from codesign.reporting.models import Extension
from codesign.standing.grounds import WARNS, Ground
from codesign.standing.guards import Case, as_sent, warnings_of
from codesign.standing.holding import gone, holding
from codesign.standing.models import Appeal, ProcessRule, Proposal, Review
from members.scope import Scope
from registry.kernel.errors import Fault

# How far ahead a ground is asked when it would be ripe: longer than all terms of the procedure together.
_AHEAD = 120


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of evidence: the day it counts for, when the register learned of it, what it says."""

    on: date
    at: datetime
    kind: str
    what: str
    id: UUID
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class GroundFile:
    """One ground: when notices of it were delivered, what a measure lacks, the day on which it would be ripe.

    `holds`: whether what it says is so on the day; None where people judge. What does not hold is never ripe.
    """

    ground: Ground
    holds: bool | None
    delivered_on: list[date]
    lacks: list[Fault]
    ripe_on: date | None


def pieces(company_id: UUID, *, scope: Scope, on: date) -> list[Piece]:
    """The evidence known by the end of `on`, oldest first. One query per kind."""
    memberships = CodeMembership.objects.visible_to(scope).filter(company=company_id).values("pk")
    found = [*_notices(memberships, on), *_decisions(memberships), *_process(memberships), *_extensions(company_id)]
    return sorted((piece for piece in found if piece.on <= on), key=lambda piece: (piece.on, piece.at, piece.id))


def grounds(company_id: UUID, *, scope: Scope, on: date) -> list[GroundFile]:
    """Every ground that needs notices, for the member as it stands; nothing for one that is none."""
    membership = (
        CodeMembership.objects.visible_to(scope)
        .members()
        .filter(company=company_id, is_current=True)
        .select_related("company__organisation")
        .order_by("pk")
        .first()
    )
    if membership is None:
        return []
    move = Move.SUSPEND if membership.state == MembershipState.ACTIVE else Move.TERMINATE
    holds = holding(membership, on=on)
    return [
        _ground(membership, move, ground, scope, on, holds.get(ground))
        for ground in WARNS
        if ground != Ground.SAFEGUARDING
    ]


def _ground(
    membership: CodeMembership, move: Move, ground: Ground, scope: Scope, on: date, holds: bool | None
) -> GroundFile:
    case = Case(move=move, membership=membership, actor=scope, on=on, reason_code=ground)
    rule, notices = case.rule, warnings_of(case)

    def wanting(day: date) -> list[Fault]:
        return lacks(
            counted_days(notices, on=day, quiet_days=rule.quiet_days),
            on=day,
            notices_needed=rule.notices_needed,
            days_between=rule.days_between_notices,
            days_after_last=rule.days_after_last_notice,
        )

    ahead = (on + timedelta(days=days) for days in range(_AHEAD + 1))
    return GroundFile(
        ground=ground,
        holds=holds,
        delivered_on=counted_days(notices, on=on, quiet_days=rule.quiet_days),
        lacks=[*gone(ground, holds), *wanting(on)],
        ripe_on=next((day for day in ahead if not wanting(day)), None) if notices and holds is not False else None,
    )


def _notices(memberships: Any, on: date) -> Iterator[Piece]:
    live = set(Notice.objects.filter(membership__in=memberships).to_live_contacts().values_list("pk", flat=True))
    quiet_days = ProcessRule.objects.in_force(on).quiet_days
    for row in Notice.objects.filter(membership__in=memberships).order_by("pk"):
        reached = delivered_on(as_sent(row), quiet_days=quiet_days) if row.pk in live else None
        facts = {
            "channel": row.channel,
            "reference": row.reference,
            "sent_at": row.sent_at,
            "delivered_at": row.delivered_at,
            "bounced_at": row.bounced_at,
            "counts_from": reached if reached and reached <= on else None,
            "to_live_contact": row.pk in live,
        }
        yield Piece(on=row.sent_at.date(), at=row.created_at, kind="notice", what=row.kind, id=row.pk, facts=facts)


def _decisions(memberships: Any) -> Iterator[Piece]:
    for row in Decision.objects.filter(membership__in=memberships).order_by("pk"):
        facts = {"to_state": row.to_state, "reason": row.reason_code, "by": row.actor_label, "known": row.facts}
        yield Piece(on=row.effective_on, at=row.decided_at, kind="decision", what=row.move, id=row.pk, facts=facts)


def _process(memberships: Any) -> Iterator[Piece]:
    for row in Proposal.objects.filter(membership__in=memberships).order_by("pk"):
        day, facts = row.proposed_at.date(), {"ground": row.ground, "state": row.state, **row.facts}
        yield Piece(on=day, at=row.proposed_at, kind="proposal", what=row.move, id=row.pk, facts=facts)
    for appeal in Appeal.objects.filter(membership__in=memberships).order_by("pk"):
        told: dict[str, Any] = {
            "decision": str(appeal.decision_id),
            "reason": appeal.reason_code,
            "settled_at": appeal.settled_at,
        }
        yield Piece(
            on=appeal.lodged_on, at=appeal.lodged_at, kind="appeal", what=appeal.state, id=appeal.pk, facts=told
        )
    for review in Review.objects.filter(membership__in=memberships).order_by("pk"):
        told = {"due_on": review.due_on, "hearing": review.hearing, "heard_on": review.heard_on}
        told |= {"concluded_on": review.concluded_on}
        day, what = review.created_at.date(), review.outcome or "open"
        yield Piece(on=day, at=review.created_at, kind="review", what=what, id=review.pk, facts=told)


def _extensions(company_id: UUID) -> Iterator[Piece]:
    for row in Extension.objects.filter(company=company_id).select_related("reporting_year").order_by("pk"):
        facts = {"year": row.reporting_year.year, "until": row.until, "revoked_at": row.revoked_at}
        yield Piece(
            on=row.granted_at.date(), at=row.granted_at, kind="extension", what="report", id=row.pk, facts=facts
        )
