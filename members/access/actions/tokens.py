"""Issue, rotate, revoke and note the use of bearer tokens. `now` is a moment of the real clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from members.access import tokens
from members.access.actions import grants
from members.access.actions.offers import mark
from members.access.models import ApiToken, Grant, User
from members.access.rules import LAST_USE_STEP, MAX_TOKEN_DAYS, ROTATION_OVERLAP, TokenScope, covers
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.dialect import dialect
from registry.kernel.errors import Forbidden, Invalid, NotFound, Refused
from registry.kernel.ids import new_id


class Issued(NamedTuple):
    """A new token and its text, which is known here for the only time."""

    token: ApiToken
    text: str


@transaction.atomic
def issue(
    *,
    user_id: UUID,
    name: str,
    scopes: Iterable[str],
    days: int,
    grant_id: UUID | None = None,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> Issued:
    """A token for `user_id`, perhaps bound to one of its grants. Raises Invalid, Forbidden."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(TokenScope):
        raise Invalid.at("/scopes", "invalid_choice", f"Scopes are some of: {', '.join(TokenScope)}.")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise Invalid.at("/days", "out_of_range", f"A token lives 1 to {MAX_TOKEN_DAYS} days.")
    if grant_id is not None and not Grant.objects.filter(pk=grant_id, user_id=user_id, revoked_at=None).exists():
        raise Invalid.at("/grant", "unknown_reference", "There is no such grant of this user.")
    if grant_id is None and isinstance(actor, Scope) and actor.token_id is not None:
        # A token that is bound to one grant passes its bond on.
        grant_id = ApiToken.objects.values_list("grant_id", flat=True).get(pk=actor.token_id)
    _require_no_more_than_own(wanted, grant_id, actor=actor)
    return _create(
        user_id=user_id,
        grant_id=grant_id,
        name=name,
        scopes=wanted,
        expires_at=now + timedelta(days=days),
        actor=actor,
        at=at,
        now=now,
    )


@transaction.atomic
def issue_to_machine(
    *,
    name: str,
    role: str,
    organisation_id: UUID | None = None,
    countries: Iterable[str] = (),
    site_ids: Iterable[UUID] = (),
    scopes: Iterable[str],
    days: int,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> Issued:
    """A token for a new machine user that holds this one role. Raises Invalid, Forbidden."""
    machine_id = new_id()
    # No mail ever reaches `.invalid`, and without a password no form lets a machine in.
    machine = User.objects.create_user(f"{machine_id.hex}@machine.invalid", id=machine_id, is_machine=True)
    record("users.create", machine, actor=actor, at=at, changes={"is_machine": [None, True]})
    grant = grants.give(
        user_id=machine.pk,
        role=role,
        organisation_id=organisation_id,
        countries=countries,
        site_ids=site_ids,
        actor=actor,
        at=at,
    )
    own_scopes = actor.token_scopes if isinstance(actor, Scope) else None
    if own_scopes is not None and not covers(own_scopes, tuple(scopes)):
        raise _stronger()
    return issue(
        user_id=machine.pk, name=name, scopes=scopes, days=days, grant_id=grant.pk, actor=_untied(actor), at=at, now=now
    )


@transaction.atomic
def rotate(*, token_id: UUID, expected_version: int | None = None, actor: Scope, at: datetime, now: datetime) -> Issued:
    """A successor with the same rights and length of life; the old token works for 24 hours more at most.

    A successor that was never used (its answer was lost) is replaced. Raises NotFound, Forbidden, Stale,
    Refused (`token_not_live`, `already_rotated`).
    """
    token = _locked(token_id, actor)
    if not token.is_live(now):
        raise Refused("Only a live token can be rotated.", code="token_not_live")
    if token.successors.exclude(last_used_at=None).exists():
        raise Refused("The successor of this token is in use already.", code="already_rotated")
    if token.pk != actor.token_id:
        _require_no_more_than_own(token.scopes, token.grant_id, actor=actor)
    # Rotating shortens the old token: the length of life is then its replaced successor's.
    model = token.successors.order_by("created_at", "pk").last() or token
    lifetime = model.expires_at - model.created_at
    token.successors.filter(revoked_at=None).update(revoked_at=now)
    ends, before = min(token.expires_at, now + ROTATION_OVERLAP), token.expires_at
    mark(token, expected_version=expected_version, expires_at=ends)
    record("tokens.rotate", token, actor=actor, at=at, changes={"expires_at": [before, ends]})
    return _create(
        user_id=token.user_id,
        grant_id=token.grant_id,
        name=token.name,
        scopes=token.scopes,
        expires_at=now + lifetime,
        rotated_from=token,
        actor=actor,
        at=at,
        now=now,
    )


@transaction.atomic
def revoke(
    *, token_id: UUID, expected_version: int | None = None, actor: Scope, at: datetime, now: datetime
) -> ApiToken:
    """End a token at once. Raises NotFound, Stale, Refused (`already_revoked`)."""
    token = _locked(token_id, actor)
    if token.revoked_at is not None:
        raise Refused("This token is revoked already.", code="already_revoked")
    mark(token, expected_version=expected_version, revoked_at=now)
    record("tokens.revoke", token, actor=actor, at=at, changes={"revoked_at": [None, now]})
    return token


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Remember that `token` was used, to the hour: one statement an hour, nothing on other requests.

    A request that only reads must not wait for somebody's long write: then the next request notes it.
    Raises DatabaseError where the database is busy.
    """
    stale = now - LAST_USE_STEP
    if token.last_used_at is None or token.last_used_at <= stale:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        with dialect().at_once():
            ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)


def _create(*, actor: Actor, at: datetime, now: datetime, **fields: Any) -> Issued:
    minted = tokens.mint_token()
    token = ApiToken.objects.create(prefix=minted.prefix, secret_hash=minted.hash, created_at=now, **fields)
    kept = ("user_id", "grant_id", "name", "scopes", "expires_at")
    changes = {name: [None, getattr(token, name)] for name in kept}
    record("tokens.create", token, actor=actor, at=at, changes=changes)
    return Issued(token, minted.text)


def _locked(token_id: UUID, actor: Scope) -> ApiToken:
    token = ApiToken.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise NotFound("There is no such token for you.")
    return token


def _require_no_more_than_own(scopes: Iterable[str], grant_id: UUID | None, *, actor: Actor) -> None:
    """A caller with a token begets none that could do more than its own."""
    if actor.token_id is None or not isinstance(actor, Scope):
        return
    own = ApiToken.objects.get(pk=actor.token_id)
    if not covers(own.scopes, tuple(scopes)) or own.grant_id not in {None, grant_id}:
        raise _stronger()


def _stronger() -> Forbidden:
    return Forbidden("A token can't issue one that may do more than itself.", code="token_scope")


def _untied(actor: Actor) -> Actor:
    # The machine's own grant is not the caller's; its right to give that role has been checked.
    return Actor(user_id=actor.user_id, token_id=actor.token_id, label=actor.label, request_id=actor.request_id)
