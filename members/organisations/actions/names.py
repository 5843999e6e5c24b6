"""Rename an organisation and add further names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from members.organisations.actions.writing import check_period, expected, write
from members.organisations.models import NameKind, Organisation, OrganisationName
from members.organisations.naming import write_name
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused
from registry.kernel.text import search_key


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
    organisation = expected(organisation_id, expected_version)
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
    write_name(organisation_id, before, NameKind.FORMER, official.language, official.valid_from, last_day, at=at)
    write_name(organisation_id, name, NameKind.OFFICIAL, valid_from=effective_on, at=at)
    write(organisation, {"name": name, "search_key": search_key(name)})
    record("organisations.rename", organisation, actor=actor, at=at, changes={"name": [before, name]})
    return organisation


@transaction.atomic
def add_name(
    *,
    organisation_id: UUID,
    text: str,
    kind: str,
    language: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: Actor,
    at: datetime,
) -> OrganisationName:
    """Add a further name: a former one, an acronym, an alias or a name in another language.

    The official one comes by `rename`. Raises Invalid.
    """
    if kind == NameKind.OFFICIAL:
        raise Invalid.at("/kind", "official_by_rename", "An official name is given by renaming.")
    check_period(valid_from, valid_until)
    organisation = expected(organisation_id, None)
    name = write_name(organisation_id, text, NameKind(kind), language, valid_from, valid_until, at=at)
    write(organisation, {})
    record("organisations.add_name", organisation, actor=actor, at=at, changes={kind: [None, text]})
    return name


@transaction.atomic
def remove_name(*, organisation_id: UUID, text: str, kind: str, actor: Actor, at: datetime) -> None:
    """Take back a further name that was given by mistake: found under it no more. Raises NotFound."""
    organisation = expected(organisation_id, None)
    held = OrganisationName.objects.current().filter(organisation=organisation, kind=kind, text=text)
    if not held.exclude(kind=NameKind.OFFICIAL).update(superseded_at=at):
        raise NotFound("It bears no such name.")
    write(organisation, {})
    record("organisations.remove_name", organisation, actor=actor, at=at, changes={kind: [text, None]})
