"""Partners and supporters of a group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, ORGANISATION, Importer, Values, of, sourced
from members.imports.lifecycle import ImportKind
from members.network.actions import groups
from members.network.lifecycle import GroupRole
from members.network.models import GroupParticipation
from registry.kernel.audit.actor import Actor


def role(cell: str, codes: cells.Codes) -> str:
    """What it is in the group."""
    if cell == "linked_channel":
        raise cells.BadCell("no_participant", "A linked channel is a reporting channel and no participant.")
    return str(cells.choice(GroupRole)(cell, codes))


class GroupParticipations(Importer):
    """One row is one organisation in one group. Of what is there only an end may follow."""

    kind = ImportKind.GROUP_PARTICIPATIONS
    model = GroupParticipation
    shown = frozenset({"proven_from", "is_uncertain"})
    needed = (("organisation", "organisation_id"), ("group",), ("role",))
    columns = (
        ID,
        *ORGANISATION,
        Column("country", cells.country, Use.NEW),
        Column("group", cells.group, Use.FIXED, attribute="group_id", is_required=True, also="group_id"),
        Column("role", role, Use.FIXED, is_required=True),
        Column("valid_from", cells.day, Use.FIXED),
        Column("valid_until", cells.day),
        *sourced(Use.FIXED),
    )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        return super().held(ids, organisation_ids, names).filter(superseded_at=None)

    def belongs(self, row: Any, organisation_id: UUID | None, values: Values) -> bool:
        begun, ended = values.get("valid_from"), values.get("valid_until")
        return (
            (row.organisation_id, row.group_id) == (organisation_id, values["group"])
            and (row.valid_until is None or begun is None or row.valid_until >= begun)
            and (row.valid_from is None or ended is None or row.valid_from <= ended)
        )

    def key(self, values: Values, organisation: str) -> str:
        return f"{organisation}|{values['group']}|{values.get('valid_from', '')}"

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        assert organisation_id is not None
        given = of(values, "role", "valid_from", "valid_until", "source", "confidence", "note")
        return groups.join_group(group_id=values["group"], organisation_id=organisation_id, **given, actor=actor, at=at)

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        """Refused when it has an end already: the same answer as over its own operation."""
        return groups.leave_group(participation_id=row.pk, expected_version=row.version, **fields, actor=actor, at=at)
