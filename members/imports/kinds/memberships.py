"""Memberships of the network as a source has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, ORGANISATION, Clash, Importer, Values, of, sourced
from members.imports.lifecycle import ImportKind
from members.network.actions import memberships
from members.network.lifecycle import OUTSIDE, NetworkMembershipKind
from members.network.models import NetworkMembership
from members.network.rules import presence
from registry.kernel.audit.actor import Actor


class NetworkMemberships(Importer):
    """One row is one membership for a time. State and kind of one that is there are moved by decisions alone."""

    kind = ImportKind.NETWORK_MEMBERSHIPS
    model = NetworkMembership
    new_organisation_kind = "ngo"
    needed = (("organisation", "organisation_id"), ("region",))
    shown = frozenset(
        "country_name state applied_on valid_from valid_until proven_from proven_until decided_from "
        "is_uncertain".split()
    )
    columns = (
        ID,
        *ORGANISATION,
        Column("country", cells.country, Use.NEW),
        Column("website", cells.text(300), Use.NEW),
        Column("region", cells.region, attribute="region_id", is_required=True, also="region_id"),
        Column("kind", cells.choice(NetworkMembershipKind), Use.FIXED),
        Column("since", cells.partial_day, Use.FIXED),
        Column("since_basis", cells.text(200), Use.FIXED),
        Column("until", cells.partial_day, Use.FIXED),
        *sourced(Use.EDITABLE),
    )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        return super().held(ids, organisation_ids, names).filter(superseded_at=None)

    def pick(self, rows: list[Any], values: Values, *, at: datetime) -> Any:
        """The one with the same dates, else the only one that shares a day with the row's period."""
        told = values.get("since", ""), values.get("until", "")
        if same := [row for row in rows if (row.since, row.until) == told and row.state not in OUTSIDE]:
            return same[0]
        # What happened on the first date is of no weight here: "seen in 2014" is not the one that ended in 2002.
        known = presence(since=told[0], basis="joined", until=told[1], seen_on=at.date())
        begun = known.earliest
        shared = [
            row
            for row in rows
            if row.state not in OUTSIDE
            and (row.valid_until is None or begun is None or row.valid_until >= begun)
            and (row.valid_from is None or known.latest is None or row.valid_from <= known.latest)
        ]
        if len(shared) > 1:
            raise Clash("since", "ambiguous_period", "Several memberships share a day with this one; give the id.")
        if not shared and any(
            row.state in OUTSIDE and (row.applied_on or (row.since, row.until) == told) for row in rows
        ):
            raise Clash("organisation", "membership_exists", "It has applied, or the same record was declined.")
        return shared[0] if shared else None

    def key(self, values: Values, organisation: str) -> str:
        return "|".join((organisation, values.get("since", ""), values.get("until", "")))

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        assert organisation_id is not None
        given = of(values, "kind", "since", "since_basis", "until", "source", "confidence", "note")
        return memberships.record_membership(
            organisation_id=organisation_id, region_id=values["region"], **given, actor=actor, at=at
        )

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        return memberships.update(membership_id=row.pk, expected_version=row.version, **fields, actor=actor, at=at)
