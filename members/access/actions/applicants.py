"""The way of an applicant: holds a grant without an organisation, gets one by applying, then edits it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.access.actions.offers import mark
from members.access.models import Grant
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.errors import Refused


def _own(scope: Scope, *, at: datetime) -> Grant | None:
    """The applicant's grant of the caller, locked; the free one first. None when it holds none."""
    if scope.user_id is None:
        return None
    grants = Grant.objects.live_on(at.date()).filter(user_id=scope.user_id, role=Role.APPLICANT)
    return grants.select_for_update(of=("self",)).order_by("organisation_id", "pk").first()


@transaction.atomic
def bind(*, organisation_id: UUID, actor: Scope, at: datetime) -> Grant:
    """Tie the caller's grant to the organisation that they apply for.

    One application for each grant: Refused `application_open` when it is tied already.
    """
    grant = _own(actor, at=at)
    if grant is None or grant.organisation_id is not None:
        raise Refused("You have entered the company that you apply for already.", code="application_open")
    mark(grant, expected_version=None, organisation_id=organisation_id)
    record("grants.bind", grant, actor=actor, at=at, changes={"organisation_id": [None, organisation_id]})
    return grant


@transaction.atomic
def promote(*, organisation_id: UUID, actor: Scope, at: datetime) -> None:
    """Make the applicants of an organisation its editors: the application is in."""
    grants = Grant.objects.live_on(at.date()).filter(organisation_id=organisation_id, role=Role.APPLICANT)
    for grant in grants.order_by("pk"):
        mark(grant, expected_version=None, role=Role.COMPANY_EDITOR)
        record("grants.promote", grant, actor=actor, at=at, changes={"role": [Role.APPLICANT, Role.COMPANY_EDITOR]})
