"""Assemblies and who is registered for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.assemblies.figures import voter_limit
from members.assemblies.models import Assembly, AssemblyKind, AssemblyParticipation
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import PartialDate
from registry.kernel.errors import Fault, Invalid, NotFound, Refused, Stale

EDITABLE = frozenset(
    "number title place country_id starts_on ends_on mode summary voter_count entitled_count "
    "quorum_share quorum_number note".split()
)
# Of the network's, voters follow from memberships.
COUNTED = ("voter_count", "entitled_count")


@transaction.atomic
def create(
    *,
    organisation_id: UUID,
    kind: str,
    source: str = "",
    confidence: str = "",
    actor: Actor,
    at: datetime,
    **fields: Any,
) -> Assembly:
    """Add an assembly that an organisation holds; `fields` as in `EDITABLE`. Raises Invalid, Refused."""
    _require_editable(fields)
    assembly = Assembly(
        organisation_id=organisation_id,
        kind=AssemblyKind(kind),
        source=source,
        confidence=confidence,
        created_at=at,
        **fields,
    )
    _check(assembly)
    assembly.save(force_insert=True)
    changes = {name: [None, value] for name, value in {"organisation": organisation_id, "kind": kind, **fields}.items()}
    record("assemblies.create", assembly, actor=actor, at=at, changes=changes)
    return assembly


@transaction.atomic
def update(
    *, assembly_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Assembly:
    """Change an assembly. Refused where fewer voters would be left than votes were counted."""
    _require_editable(fields)
    assembly = locked(assembly_id, expected_version)
    changes = {name: [getattr(assembly, name), value] for name, value in fields.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return assembly
    for name, (_, after) in changes.items():
        setattr(assembly, name, after)
    _check(assembly)
    written = {name: getattr(assembly, name) for name in (*changes, "starts_earliest", "starts_latest")}
    rows = Assembly.objects.filter(pk=assembly.pk, version=assembly.version)
    if not rows.update(**written, version=F("version") + 1):
        raise Stale("The assembly has changed since you read it.")
    assembly.refresh_from_db()
    _require_voters_for_votes(assembly)
    record("assemblies.update", assembly, actor=actor, at=at, changes=changes)
    return assembly


@transaction.atomic
def register(*, assembly_id: UUID, organisation_ids: Sequence[UUID], actor: Actor, at: datetime) -> Assembly:
    """Register organisations; all of them or, when one is registered already, none. Raises Invalid."""
    assembly = locked(assembly_id, None)
    there = set(assembly.participations.values_list("organisation_id", flat=True))
    faults = []
    for index, key in enumerate(organisation_ids):
        if key in there:
            faults.append(Fault(f"/organisations/{index}", "already_registered", "It is registered already."))
        there.add(key)
    if faults:
        raise Invalid("Some organisations are registered already.", faults=tuple(faults))
    AssemblyParticipation.objects.bulk_create(
        AssemblyParticipation(assembly=assembly, organisation_id=key, registered_at=at) for key in organisation_ids
    )
    changes = {"participations": [None, list(organisation_ids)]}
    record("assemblies.register", assembly, actor=actor, at=at, changes=changes)
    return assembly


@transaction.atomic
def withdraw(*, assembly_id: UUID, organisation_id: UUID, actor: Actor, at: datetime) -> Assembly:
    """Take back a registration. Refused where fewer voters would be left than votes were counted."""
    assembly = locked(assembly_id, None)
    if not assembly.participations.filter(organisation_id=organisation_id).delete()[0]:
        raise Invalid.at("/organisation", "not_registered", "The organisation is not registered for it.")
    _require_voters_for_votes(assembly)
    changes = {"participations": [[organisation_id], None]}
    record("assemblies.withdraw", assembly, actor=actor, at=at, changes=changes)
    return assembly


def locked(assembly_id: UUID, version: int | None) -> Assembly:
    """The assembly, locked until the end of the transaction. Raises NotFound, Stale."""
    assembly = Assembly.objects.select_for_update().filter(pk=assembly_id).first()
    if assembly is None:
        raise NotFound("There is no such assembly.")
    if version is not None and assembly.version != version:
        raise Stale("The assembly has changed since you read it.")
    return assembly


def _require_editable(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")


def _check(assembly: Assembly) -> None:
    """Set the bounds of the first day, and raise Invalid with every fault or Refused for a number twice."""
    faults: list[Fault] = []
    known: dict[str, PartialDate] = {}
    for name in ("starts_on", "ends_on"):
        if text := getattr(assembly, name):
            try:
                known[name] = PartialDate.parse_loose(text)
            except ValueError as error:
                faults.append(Fault(f"/{name}", "invalid_date", str(error)))
    if len(known) == 2 and known["ends_on"].latest < known["starts_on"].earliest:
        faults.append(Fault("/ends_on", "before_start", "The end lies before the start."))
    if not assembly.starts_on:
        faults.append(Fault("/starts_on", "required", "An assembly has a first day, as far as it is known."))
    faults += _count_faults(assembly)
    if faults:
        raise Invalid("The assembly has faults; each is listed.", faults=tuple(faults))
    assembly.starts_earliest, assembly.starts_latest = known["starts_on"].earliest, known["starts_on"].latest
    others = Assembly.objects.filter(organisation_id=assembly.organisation_id, number=assembly.number)
    if assembly.number is not None and others.exclude(pk=assembly.pk).exists():
        raise Refused("The organisation has an assembly of this number.", code="assembly_number_taken")


def _count_faults(assembly: Assembly) -> list[Fault]:
    present, entitled = (getattr(assembly, name) for name in COUNTED)
    if assembly.kind == AssemblyKind.NETWORK:
        message = "Of an assembly of the network, voters are worked out from the memberships."
        return [Fault(f"/{name}", "worked_out", message) for name in COUNTED if getattr(assembly, name) is not None]
    if present is not None and entitled is not None and present > entitled:
        return [Fault("/voter_count", "more_than_entitled", "More voters than were entitled to vote.")]
    return []


def _require_voters_for_votes(assembly: Assembly) -> None:
    """Raise Refused when a resolution counts more votes than there are voters."""
    cast = assembly.resolutions.filter(votes_for__isnull=False).annotate(
        cast=F("votes_for") + F("votes_against") + F("abstentions")
    )
    most = max(cast.order_by("pk").values_list("cast", flat=True), default=0)
    limit = voter_limit(assembly) if most else None
    if most and (limit is None or most > limit):
        details = {"votes": most, "voters": limit}
        raise Refused("A resolution counts more votes than that.", code="fewer_voters_than_votes", details=details)
