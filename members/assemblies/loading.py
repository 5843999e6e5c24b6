"""Assemblies, their resolutions and the seats of the committee that public sources name, from rows of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from uuid import UUID

from members.assemblies.actions import committee, holding, resolutions
from members.assemblies.models import Assembly, CommitteeSeats, Resolution
from registry.kernel.audit.actor import Actor

Rows = Iterable[dict[str, str]]
# Name, country, kind and the row itself → key of the one organisation of that name.
OrganisationOf = Callable[[str, str, str, dict[str, str]], UUID]
TEXTS = ("title", "place", "starts_on", "ends_on", "mode", "summary", "source", "confidence", "note")


def load(
    assemblies: Rows,
    adopted: Rows,
    seats: Rows,
    *,
    organisation_of: OrganisationOf,
    actor: Actor,
    at: datetime,
) -> dict[str, tuple[int, int]]:
    """Add what is not there yet; what is there stays as it is. Created and unchanged, by kind of row."""
    created: Counter[str] = Counter()
    total: Counter[str] = Counter()
    there = {(a.organisation_id, a.starts_on): a for a in Assembly.objects.order_by("pk")}
    numbered: dict[tuple[str, str], Assembly] = {}
    for row in assemblies:
        known = {name: row[name] for name in ("source", "confidence")}
        organisation = organisation_of(row["organiser"], "", "network", known)
        assembly = there.get((organisation, row["starts_on"]))
        total["assemblies"] += 1
        created["assemblies"] += assembly is None
        numbered[row["organiser"], row["number"]] = assembly or holding.create(
            organisation_id=organisation,
            kind=row["kind"],
            number=int(row["number"]) if row["number"] else None,
            country_id=row["iso2"] or None,
            **{name: row[name] for name in TEXTS},
            actor=actor,
            at=at,
        )
    for row in adopted:
        assembly = numbered[row["organiser"], row["assembly_number"]]
        total["resolutions"] += 1
        if not Resolution.objects.filter(assembly=assembly, titles__en=row["title_en"]).exists():
            resolutions.table(
                assembly_id=assembly.pk,
                titles={"en": row["title_en"]},
                result=row["result"],
                source=row["source"],
                actor=actor,
                at=at,
            )
            created["resolutions"] += 1
    regions = set(CommitteeSeats.objects.values_list("region_id", flat=True))
    for row in seats:
        total["committee-seats"] += 1
        if row["region"] not in regions:
            committee.set_seats(
                region_id=row["region"],
                seat_count=int(row["seat_count"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                **{name: row[name] for name in ("source", "confidence", "note")},
                actor=actor,
                at=at,
            )
            created["committee-seats"] += 1
    return {kind: (created[kind], total[kind] - created[kind]) for kind in total}
