"""Draft a plan, keep its actions, mark them done, have them verified."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import change, legal_day
from codesign.companies.lifecycle import OPEN, MembershipState
from codesign.companies.models import CodeMembership
from codesign.criteria.actions.evidence import discard
from codesign.criteria.lifecycle import PlanActionMove, PlanActionState, target_of
from codesign.criteria.models import ActionTemplate, PlanAction
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import add_months
from registry.kernel.errors import Forbidden, Invalid, Refused, Stale


@transaction.atomic
def draft_plan(*, membership_id: UUID, language: str = "en", actor: Actor, at: datetime) -> list[PlanAction]:
    """Propose a first plan from the templates of the company's category: at least one action per criterion.

    Raises Refused: `plan_exists`, and as `add_action`.
    """
    membership = _plannable(membership_id)
    if membership.plan_actions.exists():
        raise Refused("The membership has a plan already.", code="plan_exists")
    day = legal_day(at, membership.company.organisation.zone)
    templates = ActionTemplate.objects.on(day).proposed_to(membership.company.category)
    actions = PlanAction.objects.bulk_create(
        PlanAction(
            membership=membership,
            criterion_number=template.criterion_number,
            template_code=template.code,
            title=template.titles.get(language) or template.titles["en"],
            responsible_role=template.responsible_role,
            due_on=add_months(day, template.due_months),
            created_at=at,
        )
        for template in templates.order_by("criterion_number", "code")
    )
    record("plan-actions.draft", membership, actor=actor, at=at, changes={"actions": [0, len(actions)]})
    return actions


@transaction.atomic
def add_action(
    *,
    membership_id: UUID,
    criterion_number: int,
    title: str,
    responsible_role: str,
    due_on: date,
    site_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> PlanAction:
    """Plan one more action. Raises Invalid; Refused: `plan_under_review`, `membership_closed`."""
    membership = _plannable(membership_id)
    _own_site(membership, site_id)
    action = PlanAction.objects.create(
        membership=membership,
        site_id=site_id,
        criterion_number=criterion_number,
        title=title,
        responsible_role=responsible_role,
        due_on=due_on,
        created_at=at,
    )
    changes: dict[str, list[Any]] = {"title": [None, title], "criterion_number": [None, criterion_number]}
    record("plan-actions.create", action, actor=actor, at=at, changes=changes)
    return action


@transaction.atomic
def update_action(
    *, action_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **changes: Any
) -> PlanAction:
    """Change title, role, due day, criterion or site of an open action. Raises Stale; Refused `action_not_open`."""
    action = _open_action(action_id)
    if "site_id" in changes:
        _own_site(action.membership, changes["site_id"])
    return change(
        action, action="plan-actions.update", actor=actor, at=at, expected_version=expected_version, **changes
    )


@transaction.atomic
def remove_action(*, action_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> None:
    """Take an open action out of the plan. Raises Stale; Refused `action_not_open`."""
    action = _open_action(action_id)
    if expected_version not in {None, action.version}:
        raise Stale("The row has changed since you read it.")
    record("plan-actions.destroy", action, actor=actor, at=at, changes={"title": [action.title, None]})
    for evidence in action.evidence.order_by("pk"):  # a handful at most
        discard(evidence, actor=actor, at=at)
    action.delete()


@transaction.atomic
def mark_done(
    *, action_id: UUID, done_on: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> PlanAction:
    """Say that an action is done. Raises MoveNotAllowed, Stale; Invalid for a day to come."""
    action = _locked(action_id)
    target = target_of(PlanActionMove.DONE, action.state)
    if done_on > legal_day(at, action.membership.company.organisation.zone):
        raise Invalid.at("/done_on", "in_future", "An action is done today or before.")
    fields = {"state": target, "done_on": done_on, "done_by_id": actor.user_id}
    return change(action, action="plan-actions.done", actor=actor, at=at, expected_version=expected_version, **fields)


@transaction.atomic
def reopen(*, action_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> PlanAction:
    """Take back that an action is done: it was not, or not in full. Raises MoveNotAllowed, Stale."""
    action = _locked(action_id)
    target = target_of(PlanActionMove.REOPEN, action.state)
    fields = {"state": target, "done_on": None, "done_by_id": None}
    return change(action, action="plan-actions.reopen", actor=actor, at=at, expected_version=expected_version, **fields)


@transaction.atomic
def verify(*, action_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> PlanAction:
    """Confirm that an action was done, by someone else than who did it and from outside the company.

    Raises MoveNotAllowed, Stale; Forbidden: `verifier_is_doer`, `own_organisation`; Refused `evidence_missing`.
    """
    action = _locked(action_id)
    target = target_of(PlanActionMove.VERIFY, action.state)
    if actor.user_id is not None and actor.user_id == action.done_by_id:
        raise Forbidden("Nobody verifies what they did themselves.", code="verifier_is_doer")
    if isinstance(actor, Scope) and actor.belongs_to(action.membership.company_id):
        raise Forbidden("Nobody verifies for the organisation that they belong to.", code="own_organisation")
    if not action.evidence.standing().exists():
        raise Refused("Nothing shows that the action was done: add a document or a link.", code="evidence_missing")
    fields = {
        "state": target,
        "verified_on": legal_day(at, action.membership.company.organisation.zone),
        "verified_by_id": actor.user_id,
    }
    return change(action, action="plan-actions.verify", actor=actor, at=at, expected_version=expected_version, **fields)


def _plannable(membership_id: UUID) -> CodeMembership:
    """The membership, locked, if its plan may change now."""
    membership = CodeMembership.objects.locked().select_related("company__organisation").get(pk=membership_id)
    if membership.state == MembershipState.PLAN_SUBMITTED:
        # What is read for approval must be what was submitted.
        raise Refused("The plan is under review.", code="plan_under_review")
    if membership.state not in OPEN:
        raise Refused("The membership is not open.", code="membership_closed")
    return membership


def _locked(action_id: UUID) -> PlanAction:
    rows = PlanAction.objects.select_related("membership__company__organisation")
    return rows.select_for_update(of=("self",)).get(pk=action_id)


def _open_action(action_id: UUID) -> PlanAction:
    action = _locked(action_id)
    _plannable(action.membership_id)
    if action.state != PlanActionState.OPEN:
        raise Refused("The action is done; reopen it first.", code="action_not_open")
    return action


def _own_site(membership: CodeMembership, site_id: UUID | None) -> None:
    if site_id is not None and not membership.company.sites.filter(pk=site_id).exists():
        raise Invalid.at("/site", "unknown_reference", "The site is not one of this company.")
