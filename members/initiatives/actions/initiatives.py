"""Add, change and remove initiatives. Lists are given whole and replace what was there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.initiatives.actions.parts import days, expected, replace, said, write
from members.initiatives.lifecycle import Audience, InitiativeKind, InitiativeRole
from members.initiatives.models import (
    Initiative,
    InitiativeAudience,
    InitiativeFigure,
    InitiativeLanguage,
    InitiativeParticipant,
)
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, Refused
from registry.kernel.search.rules import written_words

COLUMNS = frozenset(
    {"kind", "names", "summaries", "since", "until", "recurs_on", "place", "links", "source", "confidence", "note"}
)
FIGURE = ("position", "unit", "definition", "target", "reached", "as_of", "source")
PARTS: dict[str, tuple[str, ...]] = {
    "participants": ("organisation_id", "role"),
    "audiences": ("audience",),
    "languages": ("language",),
    "figures": FIGURE,
}
Values = dict[str, Any]


@transaction.atomic
def add(
    *, code: str, kind: str, names: dict[str, str], own: frozenset[UUID] | None = None, actor: Actor, at: datetime,
    **fields: Any,
) -> Initiative:  # fmt: skip
    """Add an initiative under a code of its own; `fields` are those of `COLUMNS` and `PARTS`.

    `own`: organisations of which one must be its lead; None for the secretariat. Raises Refused, Invalid.
    """
    columns, parts = _sorted_out({"kind": kind, "names": names, **fields})
    _require_lead(parts.get("participants", ()), own)
    if Initiative.objects.filter(code=code).exists():
        raise Refused("There is an initiative of this code.", code="initiative_exists")
    initiative = Initiative(code=code, created_at=at, **columns)
    for name, value in _derived(initiative).items():
        setattr(initiative, name, value)
    initiative.save(force_insert=True)
    _fill(initiative, parts)
    changes = {name: [None, value] for name, value in {"code": code, **columns, **parts}.items()}
    record("initiatives.create", initiative, actor=actor, at=at, changes=changes)
    return initiative


@transaction.atomic
def update(
    *,
    initiative_id: UUID,
    expected_version: int | None = None,
    own: frozenset[UUID] | None = None,
    actor: Actor,
    at: datetime,
    **fields: Any,
) -> Initiative:
    """Change an initiative; a list that is given replaces the one before. Raises Invalid, Stale."""
    initiative = expected(Initiative.objects, initiative_id, expected_version, "initiative")
    columns, parts = _sorted_out(fields)
    if "participants" in parts:
        _require_lead(parts["participants"], own)
    before = {name: getattr(initiative, name) for name in columns}
    before |= {name: said(getattr(initiative, name), *PARTS[name]) for name in parts}
    for name, value in columns.items():
        setattr(initiative, name, value)
    derived = _derived(initiative)
    write(initiative, {**columns, **derived})
    _fill(initiative, parts)
    after = {**columns, **{name: said(getattr(initiative, name), *PARTS[name]) for name in parts}}
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    record("initiatives.update", initiative, actor=actor, at=at, changes=changes)
    return initiative


@transaction.atomic
def remove(*, initiative_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> None:
    """Take an initiative out that should not be there. Trainings that were part of it stay."""
    initiative = expected(Initiative.objects, initiative_id, expected_version, "initiative")
    record("initiatives.destroy", initiative, actor=actor, at=at, changes={"code": [initiative.code, None]})
    Initiative.objects.filter(pk=initiative.pk).delete()


def _sorted_out(fields: Values) -> tuple[Values, Values]:
    """Columns, and parts without repetitions."""
    if unknown := fields.keys() - COLUMNS - PARTS.keys():
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if "kind" in fields:
        fields["kind"] = InitiativeKind(fields["kind"])
    columns = {name: value for name, value in fields.items() if name in COLUMNS}
    parts = {name: list(value) for name, value in fields.items() if name in PARTS}
    for name in ("audiences", "languages"):
        if name in parts:
            parts[name] = sorted(dict.fromkeys(parts[name]))
    return columns, parts


def _derived(initiative: Initiative) -> Values:
    """Columns that follow from others."""
    if initiative.recurs_on and initiative.kind != InitiativeKind.OBSERVANCE_DAY:
        raise Invalid.at("/recurs_on", "not_a_day", "Only an observance day comes back every year.")
    span = days(initiative.since, initiative.until, first="since", last="until")
    texts = [initiative.code, *initiative.names.values(), *initiative.summaries.values()]
    return {
        "earliest_on": span.earliest,
        "latest_on": span.latest,
        "search_key": " ".join(written_words(" ".join(texts))),
    }


def _require_lead(participants: Iterable[Values], own: frozenset[UUID] | None) -> None:
    leads = {one["organisation_id"] for one in participants if one["role"] == InitiativeRole.LEAD}
    if own is not None and not leads & own:
        raise Invalid.at("/participants", "own_lead_missing", "Your organisation is not among the leads.")


def _fill(initiative: Initiative, parts: Values) -> None:
    """Write the parts that were given."""
    key = initiative.pk
    if "participants" in parts:
        _require_once(parts["participants"])
        replace(
            initiative.participants, [InitiativeParticipant(initiative_id=key, **one) for one in parts["participants"]]
        )
    if "audiences" in parts:
        replace(
            initiative.audiences,
            [InitiativeAudience(initiative_id=key, audience=Audience(one)) for one in parts["audiences"]],
        )
    if "languages" in parts:
        replace(
            initiative.languages, [InitiativeLanguage(initiative_id=key, language=one) for one in parts["languages"]]
        )
    if "figures" in parts:
        replace(initiative.figures, _figures(key, parts["figures"]))


def _require_once(participants: Sequence[Values]) -> None:
    seen: set[tuple[UUID, str]] = set()
    for index, one in enumerate(participants):
        pair = (one["organisation_id"], one["role"])
        if pair in seen:
            raise Invalid.at(f"/participants/{index}", "duplicate", "This organisation has this role already.")
        seen.add(pair)


def _figures(key: UUID, figures: Sequence[Values]) -> list[InitiativeFigure]:
    rows = []
    for position, one in enumerate(figures):
        if one.get("target") is None and one.get("reached") is None:
            raise Invalid.at(f"/figures/{position}", "says_nothing", "A figure has a target or what was reached.")
        days(one.get("as_of", ""), first=f"figures/{position}/as_of")
        rows.append(InitiativeFigure(initiative_id=key, **{**one, "position": position}))
    return rows
