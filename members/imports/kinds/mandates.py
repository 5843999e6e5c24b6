"""Mandates of Local Code Representatives: recorded, never confirmed by an import."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, ORGANISATION, Importer, Values, of, sourced
from members.imports.lifecycle import ImportKind
from members.network.actions import mandates
from members.network.models import Mandate
from registry.kernel.audit.actor import Actor


class Mandates(Importer):
    """One row is one organisation in one country; what is there is changed by the secretariat's own operations."""

    kind = ImportKind.MANDATES
    model = Mandate
    new_organisation_kind = "ngo"
    needed = (("organisation", "organisation_id"), ("country",))
    shown = frozenset(
        "country_name state valid_from valid_until confirmed_at agreement_id agreement proven_from is_uncertain "
        "created_at".split()
    )
    columns = (
        ID,
        *ORGANISATION,
        Column("organisation_country", cells.country, Use.NEW),
        Column("country", cells.country, Use.FIXED, attribute="country_id", is_required=True),
        Column("since", cells.partial_day, Use.FIXED),
        Column("since_basis", cells.text(200), Use.FIXED),
        Column("status_seen", cells.text(200), Use.FIXED),
        *sourced(Use.FIXED),
    )

    def belongs(self, row: Any, organisation_id: UUID | None, values: Values) -> bool:
        return (row.organisation_id, row.country_id) == (organisation_id, values["country"])

    def key(self, values: Values, organisation: str) -> str:
        return f"{organisation}|{values['country']}"

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        assert organisation_id is not None
        given = of(values, "since", "since_basis", "status_seen", "source", "confidence", "note")
        return mandates.record(
            organisation_id=organisation_id, country_id=values["country"], **given, actor=actor, at=at
        )
