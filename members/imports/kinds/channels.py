"""Reporting channels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from members.channels import actions
from members.channels.models import ReportingChannel
from members.channels.rules import ChannelAbout, ChannelKind
from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, ORGANISATION, Importer, Values, of
from members.imports.lifecycle import ImportKind
from registry.kernel.audit.actor import Actor


def position(cell: str, codes: cells.Codes) -> int:
    """A place among equals."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
        raise cells.BadCell("invalid_number", "A whole number.")
    return int(cell)


class ReportingChannels(Importer):
    """One row is one channel under a name of its own; who runs it is optional."""

    kind = ImportKind.REPORTING_CHANNELS
    model = ReportingChannel
    needs_organisation = False
    organisation_use = Use.EDITABLE
    needed = (("name",), ("kind",), ("about",), ("contact",))
    shown = frozenset({"country_name", "is_stale", "closed_on"})
    columns = (
        ID,
        Column("name", cells.name, is_required=True),
        Column("kind", cells.choice(ChannelKind), is_required=True),
        Column("about", cells.choice(ChannelAbout), is_required=True),
        Column("country", cells.country, attribute="country_id"),
        Column("is_eu_wide", cells.truth),
        Column("contact", cells.contact, attribute="url", is_required=True),
        Column("languages", cells.languages),
        Column("covers", cells.text(300)),
        Column("what_it_takes", cells.text(2000)),
        Column("handling", cells.text(2000)),
        *ORGANISATION,
        Column("organisation_country", cells.country, Use.NEW),
        Column("linked_group", cells.group, attribute="linked_group_id", also="linked_group_id"),
        Column("checked_on", cells.day, Use.FIXED),
        Column("position", position, Use.NEW),
        Column("source", cells.text(2000)),
    )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        return ReportingChannel.objects.filter(Q(pk__in=ids) | Q(name__in=names))

    def belongs(self, row: Any, organisation_id: UUID | None, values: Values) -> bool:
        return row.name == values["name"]

    def key(self, values: Values, organisation: str) -> str:
        return str(values["name"])

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        plain = "name kind about position is_eu_wide languages covers what_it_takes handling checked_on source"
        return actions.register(
            **of(values, *plain.split()),
            url=values["contact"],
            country_id=values.get("country"),
            organisation_id=organisation_id,
            linked_group_id=values.get("linked_group"),
            actor=actor,
            at=at,
        )

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        return actions.update(channel_id=row.pk, expected_version=row.version, **fields, actor=actor, at=at)
