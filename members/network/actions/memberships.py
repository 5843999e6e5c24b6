"""Record memberships of the network, groups with their participants, and sizes that others published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.network.lifecycle import GroupRole
from members.network.models import (
    Group,
    GroupParticipation,
    NetworkMembership,
    NetworkMembershipKind,
    NetworkMembershipState,
    PublishedSize,
)
from members.network.rules import presence
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused


@transaction.atomic
def record_membership(
    *,
    organisation_id: UUID,
    region_id: str,
    kind: str = NetworkMembershipKind.UNKNOWN,
    since: str = "",
    since_basis: str = "",
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> NetworkMembership:
    """Record that an organisation is in the network, as a source says. ValueError when `since` is no partial date."""
    known = presence(since=since, basis=since_basis, seen_on=at.date())
    if NetworkMembership.objects.current().filter(organisation_id=organisation_id, valid_until=None).exists():
        raise Refused("The organisation has an open membership already.", code="membership_exists")
    membership = NetworkMembership.objects.create(
        organisation_id=organisation_id,
        region_id=region_id,
        kind=NetworkMembershipKind(kind),
        state=NetworkMembershipState.RECORDED,
        since=since,
        since_basis=since_basis,
        valid_from=known.earliest,
        proven_from=known.proven_from,
        source=source,
        confidence=confidence,
        note=note,
        recorded_at=at,
    )
    changes: dict[str, list[Any]] = {
        "organisation": [None, organisation_id],
        "region": [None, region_id],
        "kind": [None, kind],
    }
    record("network-memberships.create", membership, actor=actor, at=at, changes=changes)
    return membership


@transaction.atomic
def create_group(
    *,
    code: str,
    name: str,
    country_id: str | None = None,
    source: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Group:
    """Add a group under a code that is its own."""
    if Group.objects.filter(code=code).exists():
        raise Refused("There is a group of this code.", code="group_exists")
    group = Group.objects.create(code=code, name=name, country_id=country_id, source=source, note=note, created_at=at)
    record("groups.create", group, actor=actor, at=at, changes={"code": [None, code], "name": [None, name]})
    return group


@transaction.atomic
def join_group(
    *,
    group_id: UUID,
    organisation_id: UUID,
    role: str,
    valid_from: date | None = None,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> GroupParticipation:
    """Record an organisation's role in a group; `valid_from` None when no source says since when."""
    open_ones = GroupParticipation.objects.current().filter(valid_until=None)
    if open_ones.filter(group_id=group_id, organisation_id=organisation_id).exists():
        raise Refused("The organisation is in the group already.", code="participation_exists")
    participation = GroupParticipation.objects.create(
        group_id=group_id,
        organisation_id=organisation_id,
        role=GroupRole(role),
        valid_from=valid_from,
        source=source,
        confidence=confidence,
        note=note,
        recorded_at=at,
    )
    changes: dict[str, list[Any]] = {
        "group": [None, group_id],
        "organisation": [None, organisation_id],
        "role": [None, role],
    }
    record("group-participations.create", participation, actor=actor, at=at, changes=changes)
    return participation


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
