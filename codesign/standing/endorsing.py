"""Decisions that need two: who has said yes so far, and whether that is enough."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, QuerySet

from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership
from codesign.standing.guards import Case
from codesign.standing.models import Endorsement, Side
from members.network.models import Mandate
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, Refused, Stale

# The representative and the secretariat decide together.
TWO_SIDED = frozenset({Move.APPROVE, Move.CONFIRM})


class AlreadyEndorsed(Refused):
    """The same officer, or the same side, said yes before; another one is needed."""

    default_code = "already_endorsed"


def has_representative(case: Case) -> bool:
    """Whether a Local Code Representative other than the company itself serves its country on that day."""
    membership = case.membership
    mandates = Mandate.objects.confirmed_on(case.on).filter(country=membership.company.organisation.country_id)
    return mandates.exclude(organisation=membership.company_id).exists()


def side_of(case: Case) -> Side:
    """The side for which the caller speaks: the secretariat when among their hats."""
    actor = case.actor
    if not isinstance(actor, Scope):
        raise Forbidden("Two persons decide; the system is none.", code="person_required")
    return Side.SECRETARIAT if actor.wears(Role.SECRETARIAT) else Side.REPRESENTATIVE


def officer_of(actor: Actor) -> UUID:
    """Who counts as one officer: the user behind a token, else the token."""
    officer = actor.user_id or actor.token_id
    if officer is None:
        raise Forbidden("Two persons decide; the caller is not known as one.", code="person_required")
    return officer


def endorsements(case: Case) -> QuerySet[Endorsement]:
    """The yeses given to this move, on this ground, since the newest decision."""
    pending = Endorsement.objects.filter(membership=case.membership, reason_code=_ground(case))
    return pending.pending(move=case.move, after_version=_newest_version(case.membership))


def given_sides(case: Case) -> tuple[str, ...]:
    """Who has said yes to the move since the newest decision, whatever its ground."""
    pending = Endorsement.objects.filter(membership=case.membership)
    found = pending.pending(move=case.move, after_version=_newest_version(case.membership))
    return tuple(found.order_by("endorsed_at", "pk").values_list("side", flat=True))


def fulfilled(case: Case) -> bool:
    """Whether the yeses given are enough.

    Approval and confirmation take both sides, or two officers of the secretariat where there is no representative;
    a suspension for safeguarding takes two officers of the secretariat.
    """
    given = list(endorsements(case).values_list("side", "officer_id"))
    of_secretariat = {officer for side, officer in given if side == Side.SECRETARIAT}
    if case.move in TWO_SIDED and has_representative(case):
        others = {officer for side, officer in given if side == Side.REPRESENTATIVE}
        return any(one != other for one in of_secretariat for other in others)
    return len(of_secretariat) >= 2


def repetition_lacks(case: Case) -> list[Fault]:
    """What stands against the caller's yes: it was given before, by the same officer or for the same side."""
    given = list(endorsements(case).values_list("side", "officer_id"))
    one_per_side = case.move in TWO_SIDED and has_representative(case)
    is_given = officer_of(case.actor) in {who for _, who in given}
    if is_given or (one_per_side and side_of(case) in {which for which, _ in given}):
        sentence = "This yes was given before; one of another officer or of the other side is needed."
        return [Fault("", AlreadyEndorsed.default_code, sentence)]
    return []


def endorse(case: Case, *, at: datetime) -> Endorsement:
    """Keep the caller's yes. It moves the membership's version on, so that of two at once one is stale.

    Raises AlreadyEndorsed, Forbidden.
    """
    side, officer, membership = side_of(case), officer_of(case.actor), case.membership
    if lacks := repetition_lacks(case):
        raise AlreadyEndorsed(lacks[0].message)
    endorsement = Endorsement.objects.create(
        membership=membership,
        move=case.move,
        after_version=_newest_version(membership),
        side=side,
        officer_id=officer,
        officer_label=case.actor.label,
        reason_code=_ground(case),
        endorsed_at=at,
    )
    bumped = CodeMembership.objects.filter(pk=membership.pk, version=membership.version).update(
        version=F("version") + 1
    )
    if not bumped:
        raise Stale("The membership has moved on since it was read.")
    membership.version += 1
    record(
        "code-memberships.endorse",
        membership,
        actor=case.actor,
        at=at,
        changes={"move": [None, case.move], "side": [None, side]},
    )
    return endorsement


def _newest_version(membership: CodeMembership) -> int:
    return membership.decisions.aggregate(newest=Max("version"))["newest"] or 0


def _ground(case: Case) -> str:
    """An approval is one whatever is said with it; a measure on another ground is another measure.

    Of a confirmation the ground is the day of the signature: both sides have to name the same.
    """
    return "" if case.move == Move.APPROVE else case.reason_code
