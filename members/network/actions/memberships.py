"""Memberships of the network: recorded from a source or applied for, then moved by named decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.network.lifecycle import (
    FORMER,
    WITH_KIND,
    NetworkMembershipKind,
    NetworkMembershipState,
    NetworkMove,
    membership_target,
)
from members.network.models import NetworkDecision, NetworkMembership, PublishedSize
from members.network.rules import Presence, presence
from members.organisations.models import Organisation
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

EDITABLE = frozenset({"region_id", "source", "confidence", "note"})
TOLD = frozenset({"since", "since_basis", "until"})


@transaction.atomic
def record_membership(
    *,
    organisation_id: UUID,
    region_id: str,
    kind: str = NetworkMembershipKind.UNKNOWN,
    since: str = "",
    since_basis: str = "",
    until: str = "",
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> NetworkMembership:
    """Record that an organisation is or was in the network, as a source says. `since`, `until`: partial dates.

    Raises Invalid; Refused `membership_exists` when it would share a day with another one.
    """
    known = _presence(since, since_basis, until, at.date())
    first = known.earliest or _after_previous(organisation_id, known.proven_from)
    _make_way(organisation_id, first, known.latest)
    membership = NetworkMembership.objects.create(
        organisation_id=organisation_id,
        region_id=region_id,
        kind=NetworkMembershipKind(kind),
        state=NetworkMembershipState.RECORDED,
        since=since,
        since_basis=since_basis,
        until=until,
        valid_from=first,
        valid_until=known.latest,
        proven_from=known.proven_from,
        proven_until=known.proven_until,
        source=source,
        confidence=confidence,
        note=note,
        recorded_at=at,
    )
    return _created(membership, actor=actor, at=at)


@transaction.atomic
def apply(
    *,
    organisation_id: UUID,
    region_id: str,
    kind: str = NetworkMembershipKind.UNKNOWN,
    applied_on: date | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> NetworkMembership:
    """Open an application, on the day of `at` unless said; `kind` is the one asked for. Raises Refused."""
    day = applied_on or at.date()
    _make_way(organisation_id, day, None)
    membership = NetworkMembership.objects.create(
        organisation_id=organisation_id,
        region_id=region_id,
        kind=NetworkMembershipKind(kind),
        state=NetworkMembershipState.APPLICANT,
        applied_on=day,
        proven_from=day,
        note=note,
        recorded_at=at,
    )
    return _created(membership, actor=actor, at=at)


@transaction.atomic
def update(
    *, membership_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> NetworkMembership:
    """Correct what is said of the source, or the region. State and kind are moved by decisions.

    The dates of a source are corrected while no decision rests on them. Raises Invalid, Refused, Stale.
    """
    if unknown := fields.keys() - EDITABLE - TOLD:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    membership = _locked(membership_id, expected_version)
    if TOLD & fields.keys():
        fields |= _told_anew(membership, fields)
    changed = {name: value for name, value in fields.items() if getattr(membership, name) != value}
    return _write("update", membership, changed, actor=actor, at=at) if changed else membership


def _told_anew(membership: NetworkMembership, fields: dict[str, Any]) -> dict[str, Any]:
    """The period that other dates of the source leave. Raises Invalid, Refused."""
    if membership.state != NetworkMembershipState.RECORDED:
        raise Refused("Decisions rest on these dates: they change by decisions.", code="membership_decided")
    told = {name: fields.get(name, getattr(membership, name)) for name in TOLD}
    known = _presence(told["since"], told["since_basis"], told["until"], membership.recorded_at.date())
    first = known.earliest or _after_previous(membership.organisation_id, known.proven_from)
    _make_way(membership.organisation_id, first, known.latest, but=membership)
    period = {"valid_from": first, "valid_until": known.latest}
    return period | {"proven_from": known.proven_from, "proven_until": known.proven_until}


@transaction.atomic
def move(
    *,
    move: NetworkMove,
    membership_id: UUID,
    effective_on: date,
    reason: str,
    kind: str | None = None,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> NetworkMembership:
    """Take a membership along one move of the table and append the decision; it counts from `effective_on`.

    Moves come in the order of their effect. `kind` is for those that name one (`WITH_KIND`).
    Raises MoveNotAllowed, Invalid, Refused `membership_ended` or `membership_exists`, Stale.
    """
    membership = _locked(membership_id, expected_version)
    target = membership_target(move, membership.state)
    _check_day(membership, effective_on)
    to_kind = NetworkMembershipKind(kind or membership.kind)
    if move is NetworkMove.CHANGE_KIND and to_kind == membership.kind:
        raise Invalid.at("/kind", "unchanged", "It is of this kind already.")
    before = membership.state, membership.kind
    fields = {"state": target, "kind": to_kind if move in WITH_KIND else membership.kind}
    fields |= _dates(membership, move, target, effective_on)
    _write(move, membership, fields, actor=actor, at=at)
    NetworkDecision.objects.create(
        membership=membership,
        version=membership.version,
        move=move,
        from_state=before[0],
        to_state=membership.state,
        from_kind=before[1],
        to_kind=membership.kind,
        effective_on=effective_on,
        reason=reason,
        decided_at=at,
        actor_id=actor.user_id,
        actor_label=actor.label,
    )
    return membership


def _check_day(membership: NetworkMembership, effective_on: date) -> None:
    """A decision counts after the ones before it, and within the period that the sources leave."""
    last = membership.decisions.order_by("-effective_on").values_list("effective_on", flat=True).first()
    if last is not None and effective_on < last:
        raise Invalid.at("/effective_on", "before_last_move", "An earlier decision counts from a later day.")
    first = membership.applied_on or membership.valid_from
    if first is not None and effective_on < first:
        raise Invalid.at("/effective_on", "before_start", "The membership had not begun on that day.")
    if membership.valid_until is not None and effective_on > membership.valid_until:
        raise Refused("The membership had ended by that day.", code="membership_ended")


def _dates(
    membership: NetworkMembership, move: NetworkMove, target: NetworkMembershipState, effective_on: date
) -> dict[str, Any]:
    """What a move does to the period: admission begins it, leaving and expulsion end it the day before."""
    dates: dict[str, Any] = {"decided_from": membership.decided_from or effective_on}
    if move is NetworkMove.ADMIT:
        _make_way(membership.organisation_id, effective_on, None, but=membership)
        dates["valid_from"] = effective_on
    elif target in FORMER:
        last_day = effective_on - timedelta(days=1)
        if membership.valid_from is not None and last_day < membership.valid_from:
            raise Invalid.at("/effective_on", "before_start", "It must be in for a day before it can be out.")
        dates["valid_until"] = last_day
    elif target is NetworkMembershipState.DECLINED:
        # No member on any day; the end only frees the place for another application.
        dates["valid_until"] = max(effective_on, membership.valid_from or effective_on)
    return dates


def _presence(since: str, basis: str, until: str, seen_on: date) -> Presence:
    for pointer, text in (("/since", since), ("/until", until)):
        try:
            presence(since=text, basis="", seen_on=seen_on)
        except ValueError as error:
            raise Invalid.at(pointer, "invalid", str(error)) from error
    known = presence(since=since, basis=basis, seen_on=seen_on, until=until)
    begun = presence(since=since, basis="joined", seen_on=seen_on).earliest
    if known.latest is not None and begun is not None and known.latest < begun:
        raise Invalid.at("/until", "before_start", "The last day lies before the first.")
    return known


def _after_previous(organisation_id: UUID, day: date) -> date | None:
    """The day after the last membership that ended before `day`: another one can't have begun earlier."""
    earlier = NetworkMembership.objects.current().filter(organisation_id=organisation_id, valid_until__lt=day)
    ended = earlier.exclude(state=NetworkMembershipState.DECLINED).order_by("-valid_until")
    last = ended.values_list("valid_until", flat=True).first()
    return last + timedelta(days=1) if last else None


def _make_way(
    organisation_id: UUID, start: date | None, end: date | None, but: NetworkMembership | None = None
) -> None:
    """Refuse a second membership on any day, and a second one that is open or applied for."""
    # The lock lets two officers enter the same organisation one after the other.
    Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
    rows = NetworkMembership.objects.filter(organisation_id=organisation_id)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    both_open = end is None and rows.current().filter(valid_until=None).exists()
    if both_open or rows.sharing_a_day(start, end).exists():
        raise Refused("The organisation has a membership on one of these days already.", code="membership_exists")


def _locked(membership_id: UUID, version: int | None) -> NetworkMembership:
    membership = NetworkMembership.objects.current().select_for_update().filter(pk=membership_id).first()
    if membership is None:
        raise NotFound("There is no such membership.")
    if version is not None and membership.version != version:
        raise Stale("The membership has changed since you read it.")
    return membership


def _created(membership: NetworkMembership, *, actor: Actor, at: datetime) -> NetworkMembership:
    names = ("organisation_id", "region_id", "kind", "state")
    changes = {name.removesuffix("_id"): [None, getattr(membership, name)] for name in names}
    record("network-memberships.create", membership, actor=actor, at=at, changes=changes)
    return membership


def _write(
    verb: str, membership: NetworkMembership, fields: dict[str, Any], *, actor: Actor, at: datetime
) -> NetworkMembership:
    """Compare and set, then record."""
    changes = {name: [getattr(membership, name), value] for name, value in fields.items()}
    rows = NetworkMembership.objects.filter(pk=membership.pk, version=membership.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The membership has changed since you read it.")
    membership.refresh_from_db()
    record(f"network-memberships.{verb}", membership, actor=actor, at=at, changes=changes)
    return membership


@transaction.atomic
def record_size(
    *,
    scheme: str,
    position: int,
    date_text: str,
    members: int | None,
    countries: int | None,
    basis: str,
    source: str,
    actor: Actor,
    at: datetime,
) -> PublishedSize:
    """Record a count that somebody published, with what was counted and where it stands."""
    size = PublishedSize.objects.create(
        scheme=scheme,
        position=position,
        date_text=date_text,
        members=members,
        countries=countries,
        basis=basis,
        source=source,
    )
    changes = {"members": [None, members], "countries": [None, countries]}
    record("published-sizes.create", size, actor=actor, at=at, changes=changes)
    return size
