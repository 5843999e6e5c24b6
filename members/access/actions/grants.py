"""Give and revoke roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from members.access.actions.offers import Offer, mark, offer_of, require_right_to_give
from members.access.models import Grant, User
from members.scope import Role
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused


@transaction.atomic
def give(
    *,
    user_id: UUID,
    role: str,
    organisation_id: UUID | None = None,
    countries: Iterable[str] = (),
    site_ids: Iterable[UUID] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: Actor,
    at: datetime,
) -> Grant:
    """Give a user a role, from today when no day is named. Raises Invalid, Forbidden, Refused (`already_granted`)."""
    offer = offer_of(role=role, organisation_id=organisation_id, countries=countries, site_ids=site_ids, actor=actor)
    return enter(user_id, offer, valid_from=valid_from, valid_until=valid_until, actor=actor, at=at)


def enter(
    user_id: UUID,
    offer: Offer,
    *,
    valid_from: date | None = None,
    valid_until: date | None = None,
    granted_by_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Grant:
    """Write the grant of an offer that is already checked."""
    valid_from = valid_from or at.date()
    if valid_until is not None and valid_until < valid_from:
        raise Invalid.at("/valid_until", "period_out_of_order", "The last day lies before the first.")
    # The user's row is the lock: two equal grants at once can't both miss each other.
    User.objects.select_for_update().get(pk=user_id)
    same = Grant.objects.live_on(at.date()).filter(user_id=user_id, **offer.columns)
    if same.exists():
        raise Refused("The user holds exactly this role already.", code="already_granted")
    grant = Grant.objects.create(
        user_id=user_id,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by_id=granted_by_id or actor.user_id,
        created_at=at,
        **offer.columns,
    )
    period = {"valid_from": [None, valid_from], "valid_until": [None, valid_until]}
    record("grants.create", grant, actor=actor, at=at, changes={"user_id": [None, user_id], **offer.changes, **period})
    return grant


@transaction.atomic
def revoke(*, grant_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> Grant:
    """End a grant at once. Raises Forbidden, Stale, Refused (`already_revoked`, `last_secretariat`)."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant_id)
    require_right_to_give(Role(grant.role), grant.organisation_id, actor=actor)
    if grant.revoked_at is not None:
        raise Refused("This grant is revoked already.", code="already_revoked")
    if grant.role == Role.SECRETARIAT and not grant.user.is_machine:
        _require_another_secretariat(grant, at=at)
    mark(grant, expected_version=expected_version, revoked_at=at)
    record("grants.revoke", grant, actor=actor, at=at, changes={"revoked_at": [None, at]})
    return grant


def _require_another_secretariat(grant: Grant, *, at: datetime) -> None:
    # All of them are locked in key order, so that two officers can't revoke each other at one moment.
    officers = Grant.objects.live_on(at.date()).filter(
        role=Role.SECRETARIAT, user__is_active=True, user__is_machine=False
    )
    keys = officers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    if not set(keys) - {grant.pk}:
        raise Refused("The last officer of the secretariat can't be revoked.", code="last_secretariat")
