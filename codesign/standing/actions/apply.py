"""The company's own steps towards membership."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions import register_company
from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership, Company
from codesign.standing.actions.closing import cancel_open_invoices
from codesign.standing.actions.deciding import NO_WORD, Word, opened, settle
from codesign.standing.guards import missing_criteria
from members.access.actions import applicants
from members.organisations.models import Organisation
from members.scope import Role, Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid


@transaction.atomic
def enter_company(*, actor: Scope, at: datetime, **fields: Any) -> Company:
    """Enter a company. An applicant is tied to the one that they enter: Refused `application_open` for a second.

    In a register that holds the demo book everything is shown as invented, so that no mail of it is taken for real.
    """
    company = register_company(**fields, is_demo=Organisation.objects.hold_demo_rows(), actor=actor, at=at)
    if actor.roles <= {Role.APPLICANT, Role.PUBLIC}:
        applicants.bind(organisation_id=company.pk, actor=actor, at=at)
    return company


@transaction.atomic
def submit(
    *, membership_id: UUID, actor: Actor, at: datetime, expected_version: int | None = None, word: Word = NO_WORD
) -> CodeMembership:
    """Hand in the application; who applied edits the company from then on.

    NotRipe while the company offers visits to residential care.
    """
    case = opened(move=Move.SUBMIT, membership_id=membership_id, actor=actor, at=at, expected_version=expected_version)
    membership = settle(case, at=at, word=word, applied_at=at)
    if isinstance(actor, Scope):
        applicants.promote(organisation_id=membership.company_id, actor=actor, at=at)
    return membership


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
