"""Load the wordings of the criteria and the templates of a first plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from codesign.criteria.models import ActionTemplate, Criterion
from codesign.criteria.rules import LANGUAGES
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid


@transaction.atomic
def load_criteria(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter wordings; a version already there is never edited. Answers how many are new."""
    new = 0
    for row in rows:  # six a version, once
        _, is_new = Criterion.objects.get_or_create(
            number=row["number"],
            version=row["version"],
            defaults={name: row[name] for name in ("names", "texts", "effective_from", "source")},
        )
        new += is_new
    return new


@transaction.atomic
def publish_wording(
    *,
    number: int,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    effective_from: date,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> Criterion:
    """A new wording of a criterion from a day on; those before stay as they were, for the days before.

    Raises Invalid: a language is missing, or the day is not after the newest wording's.
    """
    lacking = [
        Fault(f"/{field}/{language}", "required", "Every language needs its wording.")
        for field, given in (("names", names), ("texts", texts))
        for language in LANGUAGES
        if not given.get(language)
    ]
    if lacking:
        raise Invalid("A wording comes in every language.", faults=tuple(lacking))
    newest = Criterion.objects.select_for_update().filter(number=number).order_by("-version").first()
    if newest is not None and effective_from <= newest.effective_from:
        sentence = f"The newest wording holds from {newest.effective_from}."
        raise Invalid.at("/effective_from", "out_of_order", sentence)
    criterion = Criterion.objects.create(
        number=number,
        version=newest.version + 1 if newest else 1,
        names=dict(names),
        texts=dict(texts),
        effective_from=effective_from,
        source=source,
    )
    changes: dict[str, list[Any]] = {"number": [None, number], "effective_from": [None, effective_from]}
    record("criteria.create", criterion, actor=actor, at=at, changes=changes)
    return criterion


@transaction.atomic
def load_templates(rows: Iterable[Mapping[str, Any]]) -> int:
    """Enter templates of actions; those already there are left as staff shaped them."""
    new = 0
    for row in rows:  # a dozen, once
        _, is_new = ActionTemplate.objects.get_or_create(
            code=row["code"], defaults={name: value for name, value in row.items() if name != "code"}
        )
        new += is_new
    return new
