"""Every change of an organisation, its names, identifiers and parents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.countries.models import Country
from members.organisations.models import (
    Identifier,
    NameKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Parentage,
    ParentageKind,
)
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale
from registry.kernel.text import search_key

EDITABLE = frozenset({"kind", "country_id", "zone", "languages", "website", "is_listed", "note"})


class ParentRing(Refused):
    """The parent belongs, however indirectly, to the child."""

    default_code = "parent_ring"


@transaction.atomic
def register(
    *,
    kind: str,
    name: str,
    country_id: str | None = None,
    zone: str = "",
    website: str = "",
    languages: Sequence[str] = (),
    is_listed: bool = True,
    is_demo: bool = False,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Add an organisation under its official name. The zone is its country's unless given."""
    if not zone and country_id:
        zone = Country.objects.values_list("zone", flat=True).get(pk=country_id)
    organisation = Organisation.objects.create(
        kind=OrganisationKind(kind),
        name=name,
        search_key=search_key(name),
        country_id=country_id,
        zone=zone or "UTC",
        website=website,
        languages=list(languages),
        is_listed=is_listed,
        is_demo=is_demo,
        source=source,
        confidence=confidence,
        note=note,
        created_at=at,
    )
    _name(organisation.pk, name, NameKind.OFFICIAL, at=at)
    changes = {"name": [None, name], "kind": [None, kind], "country": [None, country_id]}
    record("organisations.create", organisation, actor=actor, at=at, changes=changes)
    return organisation


@transaction.atomic
def update(
    *, organisation_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Organisation:
    """Change plain fields (`EDITABLE`); names, identifiers and parents have actions of their own."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    organisation = _expected(organisation_id, expected_version)
    changes = {name: [getattr(organisation, name), value] for name, value in fields.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        _write(organisation, {name: after for name, (_, after) in changes.items()})
        record("organisations.update", organisation, actor=actor, at=at, changes=changes)
    return organisation


@transaction.atomic
def rename(
    *,
    organisation_id: UUID,
    name: str,
    effective_on: date,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Give it a new official name from a day on; the old one stays findable as its former name."""
    organisation = _expected(organisation_id, expected_version)
    before = organisation.name
    if name == before:
        raise Refused("It bears this name already.", code="name_unchanged")
    official = OrganisationName.objects.current().get(
        organisation=organisation, kind=NameKind.OFFICIAL, valid_until=None
    )
    if official.valid_from and official.valid_from >= effective_on:
        raise Refused("The present name began on that day or later.", code="name_begins_later")
    OrganisationName.objects.filter(pk=official.pk).update(superseded_at=at)
    last_day = effective_on - timedelta(days=1)
    _name(organisation_id, before, NameKind.FORMER, official.language, official.valid_from, last_day, at=at)
    _name(organisation_id, name, NameKind.OFFICIAL, valid_from=effective_on, at=at)
    _write(organisation, {"name": name, "search_key": search_key(name)})
    record("organisations.rename", organisation, actor=actor, at=at, changes={"name": [before, name]})
    return organisation


@transaction.atomic
def add_name(
    *, organisation_id: UUID, text: str, kind: str, language: str = "", actor: Actor, at: datetime
) -> OrganisationName:
    """Add a further name: a former one, an acronym or an alias. The official one comes by `rename`."""
    if kind == NameKind.OFFICIAL:
        raise Invalid.at("/kind", "official_by_rename", "An official name is given by renaming.")
    organisation = _expected(organisation_id, None)
    name = _name(organisation_id, text, NameKind(kind), language, at=at)
    record("organisations.add_name", organisation, actor=actor, at=at, changes={kind: [None, text]})
    return name


@transaction.atomic
def add_identifier(*, organisation_id: UUID, scheme: str, value: str, actor: Actor, at: datetime) -> Identifier:
    """Add an identifier; one that another organisation bears is refused."""
    organisation = _expected(organisation_id, None)
    if Identifier.objects.filter(scheme=scheme, value=value).exists():
        raise Refused("An organisation bears this identifier already.", code="identifier_taken")
    identifier = Identifier.objects.create(organisation=organisation, scheme=scheme, value=value)
    record("organisations.add_identifier", organisation, actor=actor, at=at, changes={scheme: [None, value]})
    return identifier


@transaction.atomic
def set_parent(
    *,
    child_id: UUID,
    parent_id: UUID | None,
    kind: str = ParentageKind.OWNED,
    valid_from: date | None = None,
    actor: Actor,
    at: datetime,
) -> Parentage | None:
    """From a day on `child` belongs to `parent`; the open parent of that kind ends the day before.

    `parent_id` None only ends it; `valid_from` None means since ever. Raises ParentRing, Refused.
    """
    Parentage.objects.lock_all()
    child = _expected(child_id, None)
    # A chain whose links touch the period on different days is refused too: rare, and never wrong by much.
    if parent_id and parent_id in Organisation.objects.tree_between([child_id], valid_from, None):
        raise ParentRing("The parent belongs to the child already.")
    before = _end_parent(child_id, ParentageKind(kind), valid_from, at=at)
    changes = {f"parent_{kind}": [before, parent_id]}
    record("organisations.set_parent", child, actor=actor, at=at, changes=changes)
    if parent_id is None:
        return None
    return Parentage.objects.create(
        child_id=child_id, parent_id=parent_id, kind=kind, valid_from=valid_from, recorded_at=at
    )


def _end_parent(child_id: UUID, kind: ParentageKind, start: date | None, *, at: datetime) -> UUID | None:
    """Let the open parent of a kind end before `start`: superseded by a copy that ends. Its id, or None."""
    held = Parentage.objects.current().filter(child_id=child_id, kind=kind)
    link = held.filter(valid_until=None).first()
    blocking = held.exclude(valid_until=None)
    if start is not None:
        blocking = blocking.filter(valid_until__gte=start)
    if blocking.exists() or (link and (start is None or (link.valid_from and link.valid_from >= start))):
        raise Refused("It has a parent of this kind in that period.", code="parent_overlaps")
    if link is None:
        return None
    Parentage.objects.filter(pk=link.pk).update(superseded_at=at)
    Parentage.objects.create(
        child_id=child_id,
        parent_id=link.parent_id,
        kind=kind,
        valid_from=link.valid_from,
        valid_until=start - timedelta(days=1) if start else None,
        recorded_at=at,
    )
    return link.parent_id


def _expected(organisation_id: UUID, version: int | None) -> Organisation:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    if version is not None and organisation.version != version:
        raise Stale("The organisation has changed since you read it.")
    return organisation


def _write(organisation: Organisation, fields: dict[str, Any]) -> None:
    """Compare and set: the row as it was read, or Stale."""
    rows = Organisation.objects.filter(pk=organisation.pk, version=organisation.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The organisation has changed since you read it.")
    organisation.refresh_from_db()


def _name(
    organisation_id: UUID,
    text: str,
    kind: NameKind,
    language: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    *,
    at: datetime,
) -> OrganisationName:
    return OrganisationName.objects.create(
        organisation_id=organisation_id,
        text=text,
        search_key=search_key(text),
        language=language,
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=at,
    )
