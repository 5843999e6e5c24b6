"""Invite people, take invitations back, and let the invited in. `now` is a moment of the real clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from members.access import tokens
from members.access.actions import grants
from members.access.actions.offers import Offer, mark, offer_of
from members.access.models import Grant, Invitation, User
from members.access.rules import INVITATION_LIFETIME
from members.scope import Role, Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, NotFound, Refused


class Invited(NamedTuple):
    """A new invitation and its secret, which is known here for the only time."""

    invitation: Invitation
    text: str


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    organisation_id: UUID | None = None,
    countries: Iterable[str] = (),
    site_ids: Iterable[UUID] = (),
    actor: Scope,
    at: datetime,
    now: datetime,
) -> Invited:
    """Offer a role to an e-mail address for 14 days. Raises Invalid, Forbidden, Refused (`already_invited`)."""
    offer = offer_of(role=role, organisation_id=organisation_id, countries=countries, site_ids=site_ids, actor=actor)
    if offer.role is Role.COMPANY_SYSTEM:
        raise Invalid.at("/role", "not_for_people", "A company's system gets a token, not an invitation.")
    email = email.strip().lower()
    if Invitation.objects.open_at(now).filter(email=email, **offer.columns).exists():
        raise Refused("An invitation like this is open already.", code="already_invited")
    minted = tokens.mint_invitation()
    invitation = Invitation.objects.create(
        email=email,
        token_hash=minted.hash,
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + INVITATION_LIFETIME,
        **offer.columns,
    )
    record("invitations.create", invitation, actor=actor, at=at, changes=offer.changes)
    return Invited(invitation, minted.text)


@transaction.atomic
def revoke(
    *, invitation_id: UUID, expected_version: int | None = None, actor: Scope, at: datetime, now: datetime
) -> Invitation:
    """Take an invitation back. Raises NotFound, Stale, Refused (`invitation_closed`)."""
    invitation = Invitation.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound("There is no such invitation for you.")
    _require_open(invitation)
    mark(invitation, expected_version=expected_version, revoked_at=now)
    record("invitations.revoke", invitation, actor=actor, at=at, changes={"revoked_at": [None, now]})
    return invitation


@transaction.atomic
def accept(
    *,
    token: str,
    password: str,
    language: str = "en",
    zone: str = "UTC",
    request_id: str = "",
    at: datetime,
    now: datetime,
) -> Grant:
    """Turn an invitation into a user, or a further role of the user of that address, who proves the password.

    Raises NotFound, Invalid (a weak password, a wrong one, no such zone), Refused (`invitation_closed`).
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=tokens.hash_of(token)).first()
    if invitation is None:
        raise NotFound("There is no such invitation.", code="invitation_not_found")
    _require_open(invitation, now=now)
    user = User.objects.filter(email=invitation.email).first()
    is_new = user is None
    if user is None:
        user = _new_user(invitation.email, password=password, language=language, zone=zone)
    elif not user.is_active or user.is_machine or not user.check_password(password):
        raise Invalid.at("/password", "wrong_password", "This address has a login already; its password is another.")
    actor = Actor(user_id=user.pk, label="invited", request_id=request_id)
    if is_new:
        record("users.create", user, actor=actor, at=at, changes={"is_machine": [None, False]})
    mark(invitation, expected_version=None, accepted_at=now)
    offer = Offer(
        Role(invitation.role), invitation.organisation_id, tuple(invitation.countries), tuple(invitation.site_ids)
    )
    grant = grants.enter(user.pk, offer, granted_by_id=invitation.invited_by_id, actor=actor, at=at)
    record("invitations.accept", invitation, actor=actor, at=at, changes={"accepted_at": [None, now]})
    return grant


def _require_open(invitation: Invitation, *, now: datetime | None = None) -> None:
    closed = invitation.accepted_at or invitation.revoked_at
    if closed or (now is not None and invitation.expires_at <= now):
        raise Refused("This invitation was used, taken back or has run out.", code="invitation_closed")


def _new_user(email: str, *, password: str, language: str, zone: str) -> User:
    faults = []
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        faults += [
            Fault("/password", inner.code or "invalid", message)
            for inner in error.error_list
            for message in inner.messages
        ]
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(Fault("/zone", "unknown_zone", "There is no such time zone."))
    if faults:
        raise Invalid("The login can't be made like that.", faults=tuple(faults))
    return User.objects.create_user(email, password, language=language, zone=zone)
