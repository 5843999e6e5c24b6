"""Lodge an appeal, decide it, take it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change, enter, legal_day
from codesign.companies.lifecycle import APPEALABLE, Move
from codesign.companies.models import CodeMembership, Decision
from codesign.standing.actions.deciding import day_of
from codesign.standing.belonging import belongs
from codesign.standing.grounds import Ground
from codesign.standing.models import Appeal, AppealState, Endorsement, ProcessRule
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound, Refused


@transaction.atomic
def lodge_appeal(*, decision_id: UUID, text: str = "", actor: Actor, at: datetime) -> Appeal:
    """Appeal a decision, once, within the days that the rule gives.

    Raises NotFound; Refused: `not_appealable`, `appeal_too_late`, `appeal_lodged`; Invalid for words about a
    suspension for safeguarding.
    """
    decision = _decision(decision_id, actor)
    if decision.move not in APPEALABLE or hasattr(decision, "overturned_by"):
        raise Refused("This decision can't be appealed.", code="not_appealable")
    if decision.reason_code == Ground.SAFEGUARDING and text:
        raise Invalid.at("/text", "reason_code_only", "On the ground safeguarding no words are kept.")
    zone = decision.membership.company.organisation.zone
    last_day = last_day_of_appeal(decision)
    if legal_day(at, zone) > last_day:
        raise Refused(f"An appeal could be lodged until {last_day}.", code="appeal_too_late")
    if Appeal.objects.filter(decision=decision).exists():
        raise Refused("The decision was appealed already.", code="appeal_lodged")
    appeal = Appeal.objects.create(
        decision=decision,
        membership=decision.membership,
        text=text,
        lodged_on=legal_day(at, zone),
        lodged_at=at,
        lodged_by_id=actor.user_id,
        lodged_by_label=actor.label,
    )
    record("appeals.create", appeal, actor=actor, at=at, changes={"decision": [None, decision.pk]})
    return appeal


@transaction.atomic
def uphold_appeal(
    *, appeal_id: UUID, reason_code: str, actor: Actor, at: datetime, expected_version: int | None = None
) -> Appeal:
    """Overturn the decision: the membership is back where it started from, and no public trace is left.

    By somebody who took no part in the decision. Raises Refused `decision_superseded` when another followed it.
    """
    appeal = _open_appeal(appeal_id, actor, at)
    decision, membership = appeal.decision, appeal.membership
    newest = membership.decisions.upheld().order_by("-version").first()
    if newest != decision or membership.state != decision.to_state:
        raise Refused("Another decision has followed; it has to be undone first.", code="decision_superseded")
    enter(
        membership,
        move=Move.OVERTURN,
        to_state=decision.from_state,
        actor=actor,
        at=at,
        effective_on=day_of(membership, at),
        reason_code=reason_code,
        facts={"appeal": str(appeal.pk)},
        overturns=decision,
        ended_on=None,
    )
    return _settled(appeal, AppealState.UPHELD, reason_code, actor, at, expected_version)


@transaction.atomic
def turn_down_appeal(
    *, appeal_id: UUID, reason_code: str, actor: Actor, at: datetime, expected_version: int | None = None
) -> Appeal:
    """Let the decision stand. By somebody who took no part in it."""
    appeal = _open_appeal(appeal_id, actor, at)
    return _settled(appeal, AppealState.TURNED_DOWN, reason_code, actor, at, expected_version)


@transaction.atomic
def withdraw_appeal(*, appeal_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None) -> Appeal:
    """Take an appeal back."""
    appeal = _locked(appeal_id)
    return _settled(appeal, AppealState.WITHDRAWN, "", actor, at, expected_version)


def last_day_of_appeal(decision: Decision) -> date:
    """The last day on which the decision can be appealed, in the company's zone."""
    decided_on = legal_day(decision.decided_at, decision.membership.company.organisation.zone)
    return decided_on + timedelta(days=ProcessRule.objects.in_force(decided_on).appeal_days)


def deciders_of(decision: Decision) -> set[UUID]:
    """Everybody who had a part in a decision: who took it, and who said yes before."""
    keys = decision.facts.get("endorsements", [])
    given = set(Endorsement.objects.filter(pk__in=keys).values_list("officer_id", flat=True))
    return given | ({decision.actor_id} if decision.actor_id else set())


def refuse_decider(decision: Decision, actor: Actor, *, on: date) -> None:
    """Forbidden to whoever had a part in the decision or belongs to the company."""
    if {actor.user_id, actor.token_id} & deciders_of(decision):
        raise Forbidden("Others than those who decided look at it again.", code="decider")
    if belongs(actor, decision.membership.company_id, on=on):
        raise Forbidden("Nobody decides on the organisation that they belong to.", code="own_organisation")


def _decision(decision_id: UUID, actor: Actor) -> Decision:
    rows = Decision.objects.select_related("membership__company__organisation", "overturned_by")
    if isinstance(actor, Scope):
        rows = rows.filter(pk__in=Decision.objects.visible_to(actor).values("pk"))
    decision = rows.filter(pk=decision_id).first()
    if decision is None:
        raise NotFound("There is no such decision.")
    CodeMembership.objects.locked().get(pk=decision.membership_id)
    return decision


def _locked(appeal_id: UUID) -> Appeal:
    """The appeal and its membership, both locked, if it waits for a decision."""
    membership_id = Appeal.objects.values_list("membership_id", flat=True).get(pk=appeal_id)
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("decision").get(pk=appeal_id)
    if appeal.state != AppealState.LODGED:
        raise Refused("The appeal is settled already.", code="appeal_settled", details={"state": appeal.state})
    appeal.membership = appeal.decision.membership = membership
    return appeal


def _open_appeal(appeal_id: UUID, actor: Actor, at: datetime) -> Appeal:
    appeal = _locked(appeal_id)
    refuse_decider(appeal.decision, actor, on=day_of(appeal.membership, at))
    if actor.user_id is not None and actor.user_id == appeal.lodged_by_id:
        raise Forbidden("Nobody decides an appeal that they lodged.", code="own_appeal")
    return appeal


def _settled(
    appeal: Appeal, state: AppealState, reason_code: str, actor: Actor, at: datetime, expected_version: int | None
) -> Appeal:
    fields = {
        "state": state,
        "reason_code": reason_code,
        "settled_at": at,
        "settled_by_id": actor.user_id,
        "settled_by_label": actor.label,
    }
    name = {"upheld": "uphold", "turned_down": "turn_down", "withdrawn": "withdraw"}[state]
    return change(appeal, action=f"appeals.{name}", actor=actor, at=at, expected_version=expected_version, **fields)
