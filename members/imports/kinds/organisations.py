"""Organisations themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, Importer, Values, of, sourced
from members.imports.lifecycle import ImportKind
from members.imports.register import Meant, bare
from members.organisations import actions
from members.organisations.models import Organisation, OrganisationKind
from registry.kernel.audit.actor import Actor

PLAIN = ("kind", "name", "zone", "languages", "website", "is_listed", "is_demo", "source", "confidence", "note")


class Organisations(Importer):
    """One row is one organisation, known by its id, an identifier, or its name and country."""

    kind = ImportKind.ORGANISATIONS
    model = Organisation
    shown = frozenset({"country_name", "created_at"})
    needed = (("name",), ("kind",))
    needs_organisation = False
    organisation_use = Use.NEW
    columns = (
        ID,
        Column("name", cells.name, Use.NEW, is_required=True),
        Column("kind", cells.choice(OrganisationKind), is_required=True),
        Column("country", cells.country, attribute="country_id"),
        Column("zone", cells.zone),
        Column("languages", cells.languages),
        Column("website", cells.text(300)),
        Column("is_listed", cells.truth),
        Column("is_demo", cells.truth, Use.FIXED),
        Column("identifiers", cells.identifiers),
        Column("is_another", cells.truth, Use.NEW),
        *sourced(Use.EDITABLE),
    )

    def meant(self, values: Values) -> Meant | None:
        return Meant(
            id=values.get("id"),
            name=values.get("name", ""),
            country_id=values.get("country"),
            website=values.get("website", ""),
            identifiers=tuple(values.get("identifiers", ())),
            is_another=values.get("is_another", False),
            id_column="id",
            name_column="name",
        )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        return Organisation.objects.standing().filter(pk__in=organisation_ids).prefetch_related("identifiers", "names")

    def belongs(self, row: Any, organisation_id: UUID | None, values: Values) -> bool:
        return row.pk == organisation_id

    def current(self, row: Any, column: Column) -> Any:
        if column.name == "identifiers":
            return [(each.scheme, each.value) for each in row.identifiers.all()]
        return super().current(row, column)

    def key(self, values: Values, organisation: str) -> str:
        return organisation or f"{bare(values['name'])}|{values.get('country', '')}"

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        given = of(values, *PLAIN, "identifiers")
        return actions.register(**given, country_id=values.get("country"), is_another=True, actor=actor, at=at)

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        """Identifiers are only added: a table may know fewer than the register."""
        for scheme, value in fields.pop("identifiers", ()):
            if (scheme, value) not in self.current(row, Column("identifiers", cells.identifiers)):
                actions.add_identifier(organisation_id=row.pk, scheme=scheme, value=value, actor=actor, at=at)
        if not fields:
            return row
        return actions.update(organisation_id=row.pk, expected_version=row.version, **fields, actor=actor, at=at)
