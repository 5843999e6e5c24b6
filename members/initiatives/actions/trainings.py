"""Record, change and remove professional trainings that members gave. Who came is a count, never a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.initiatives.actions.parts import days, expected, replace, said, write
from members.initiatives.lifecycle import Audience
from members.initiatives.models import TrainingAudience, TrainingGiven, TrainingLanguage, TrainingPartner
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid
from registry.kernel.text import search_key

COLUMNS = frozenset(
    "given_by_id initiative_id title held_on place country_id attendance source confidence note".split()
)
PARTS: dict[str, str] = {"partners": "organisation_id", "audiences": "audience", "languages": "language"}
Values = dict[str, Any]


@transaction.atomic
def add(*, title: str, own: frozenset[UUID] | None = None, actor: Actor, at: datetime, **fields: Any) -> TrainingGiven:
    """Record a training; `fields` are those of `COLUMNS` and `PARTS`.

    `own`: organisations of which one must have given it; None for the secretariat. Raises Invalid.
    """
    columns, parts = _sorted_out({"title": title, **fields})
    training = TrainingGiven(created_at=at, **columns)
    _require_giver(training, own)
    for name, value in _derived(training).items():
        setattr(training, name, value)
    training.save(force_insert=True)
    _fill(training, parts)
    changes = {name: [None, value] for name, value in {**columns, **parts}.items()}
    record("trainings-given.create", training, actor=actor, at=at, changes=changes)
    return training


@transaction.atomic
def update(
    *,
    training_id: UUID,
    expected_version: int | None = None,
    own: frozenset[UUID] | None = None,
    actor: Actor,
    at: datetime,
    **fields: Any,
) -> TrainingGiven:
    """Change a training; a list that is given replaces the one before. Raises Invalid, Stale."""
    training = expected(TrainingGiven.objects, training_id, expected_version, "training")
    columns, parts = _sorted_out(fields)
    before = {name: getattr(training, name) for name in columns}
    before |= {name: said(getattr(training, name), PARTS[name]) for name in parts}
    for name, value in columns.items():
        setattr(training, name, value)
    _require_giver(training, own)
    write(training, {**columns, **_derived(training)})
    _fill(training, parts)
    after = {**columns, **{name: said(getattr(training, name), PARTS[name]) for name in parts}}
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    record("trainings-given.update", training, actor=actor, at=at, changes=changes)
    return training


@transaction.atomic
def remove(*, training_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime) -> None:
    """Take a training out that should not be there."""
    training = expected(TrainingGiven.objects, training_id, expected_version, "training")
    record("trainings-given.destroy", training, actor=actor, at=at, changes={"title": [training.title, None]})
    TrainingGiven.objects.filter(pk=training.pk).delete()


def _sorted_out(fields: Values) -> tuple[Values, Values]:
    """Columns, and parts without repetitions."""
    if unknown := fields.keys() - COLUMNS - PARTS.keys():
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    columns = {name: value for name, value in fields.items() if name in COLUMNS}
    parts = {name: sorted(set(value)) for name, value in fields.items() if name in PARTS}
    return columns, parts


def _derived(training: TrainingGiven) -> Values:
    """Columns that follow from others."""
    span = days(training.held_on, first="held_on")
    key = search_key(f"{training.title} {training.place}")
    return {"earliest_on": span.earliest, "latest_on": span.latest, "search_key": key}


def _require_giver(training: TrainingGiven, own: frozenset[UUID] | None) -> None:
    if own is not None and training.given_by_id not in own:
        raise Invalid.at("/given_by", "own_training_only", "Your organisation gave this training, or it is not yours.")


def _fill(training: TrainingGiven, parts: Values) -> None:
    """Write the parts that were given."""
    key = training.pk
    if "partners" in parts:
        replace(training.partners, [TrainingPartner(training_id=key, organisation_id=one) for one in parts["partners"]])
    if "audiences" in parts:
        rows = [TrainingAudience(training_id=key, audience=Audience(one)) for one in parts["audiences"]]
        replace(training.audiences, rows)
    if "languages" in parts:
        replace(training.languages, [TrainingLanguage(training_id=key, language=one) for one in parts["languages"]])
