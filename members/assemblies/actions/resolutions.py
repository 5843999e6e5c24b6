"""What an assembly was asked to decide, and how it voted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.assemblies.actions.holding import locked
from members.assemblies.figures import voter_limit
from members.assemblies.models import Assembly, Resolution, ResolutionResult
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, NotFound, Refused, Stale

EDITABLE = frozenset({"number", "titles", "texts", "result", "votes_for", "votes_against", "abstentions"})
VOTES = ("votes_for", "votes_against", "abstentions")
# A result that is reached by a vote.
VOTED = (ResolutionResult.ADOPTED, ResolutionResult.REJECTED)


@transaction.atomic
def table(*, assembly_id: UUID, source: str = "", actor: Actor, at: datetime, **fields: Any) -> Resolution:
    """Add a resolution to an assembly; `fields` as in `EDITABLE`. Raises Invalid, Refused."""
    _require_editable(fields)
    assembly = locked(assembly_id, None)
    resolution = Resolution(assembly=assembly, source=source, created_at=at, **fields)
    _check(resolution, assembly)
    resolution.save(force_insert=True)
    changes = {name: [None, value] for name, value in {"assembly": assembly_id, **fields}.items()}
    record("resolutions.create", resolution, actor=actor, at=at, changes=changes)
    return resolution


@transaction.atomic
def update(
    *, resolution_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Resolution:
    """Change a resolution: its wording, its result, its votes. Raises Invalid, Refused, Stale."""
    _require_editable(fields)
    resolution = Resolution.objects.filter(pk=resolution_id).first()
    if resolution is None:
        raise NotFound("There is no such resolution.")
    assembly = locked(resolution.assembly_id, None)
    resolution.refresh_from_db()
    if expected_version is not None and resolution.version != expected_version:
        raise Stale("The resolution has changed since you read it.")
    changes = {name: [getattr(resolution, name), value] for name, value in fields.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return resolution
    for name, (_, after) in changes.items():
        setattr(resolution, name, after)
    _check(resolution, assembly)
    written = {name: after for name, (_, after) in changes.items()}
    rows = Resolution.objects.filter(pk=resolution.pk, version=resolution.version)
    if not rows.update(**written, version=F("version") + 1):
        raise Stale("The resolution has changed since you read it.")
    resolution.refresh_from_db()
    record("resolutions.update", resolution, actor=actor, at=at, changes=changes)
    return resolution


def _require_editable(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")


def _check(resolution: Resolution, assembly: Assembly) -> None:
    """Raise Invalid with every fault, or Refused for a number twice."""
    votes = [getattr(resolution, name) for name in VOTES]
    faults = [
        Fault(f"/{name}", "required", "Give all three counts, or none.")
        for name, count in zip(VOTES, votes, strict=True)
        if count is None and any(vote is not None for vote in votes)
    ]
    if not faults and votes[0] is not None:
        faults = _vote_faults(resolution, assembly, sum(votes))
    if faults:
        raise Invalid("The votes have faults; each is listed.", faults=tuple(faults))
    others = Resolution.objects.filter(assembly=assembly, number=resolution.number).exclude(pk=resolution.pk)
    if resolution.number is not None and others.exists():
        raise Refused("The assembly has a resolution of this number.", code="resolution_number_taken")


def _vote_faults(resolution: Resolution, assembly: Assembly, cast: int) -> list[Fault]:
    if resolution.result not in VOTED:
        return [Fault("/result", "not_voted", "Votes belong to a resolution that was adopted or rejected.")]
    limit = voter_limit(assembly)
    if limit is None:
        return [Fault("/votes_for", "voters_unknown", "Nobody has counted the voters of this assembly.")]
    if cast > limit:
        return [Fault("/votes_for", "more_votes_than_voters", f"{cast} votes, but {limit} voters.")]
    return []
