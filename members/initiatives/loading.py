"""Initiatives and trainings that public sources name: told in rows of text, with languages from a list of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from members.initiatives.actions import initiatives, trainings
from members.initiatives.models import Initiative, TrainingGiven
from registry.kernel.audit.actor import Actor

Row = dict[str, str]
# Name, country, kind and the row itself → key of the one organisation of that name.
OrganisationOf = Callable[[str, str, str, Row], UUID]
TEXTS = ("kind", "names", "summaries", "since", "until", "recurs_on", "place", "links", "note")


def load(
    told: Iterable[dict[str, Any]],
    given: Iterable[Row],
    languages: Iterable[Row],
    *,
    organisation_of: OrganisationOf,
    actor: Actor,
    at: datetime,
) -> dict[str, tuple[int, int]]:
    """Add what is not there yet; what is there stays as it is. Created and unchanged, by kind of row."""
    created: Counter[str] = Counter()
    total: Counter[str] = Counter()
    listed = list(languages)
    sources = {row["id"]: row["source"] for row in listed}
    keys = dict(Initiative.objects.values_list("code", "pk"))
    for row in told:
        total["initiatives"] += 1
        fields = _initiative(row, listed, organisation_of)
        if row["code"] not in keys:
            keys[row["code"]] = initiatives.add(**fields, actor=actor, at=at).pk
            created["initiatives"] += 1
    held = set(TrainingGiven.objects.values_list("title", "held_on"))
    for one in given:
        total["trainings-given"] += 1
        values = _training({**one, "source": sources[one["row"]]}, keys, organisation_of)
        if (one["title"], one["held_on"]) not in held:
            trainings.add(**values, actor=actor, at=at)
            created["trainings-given"] += 1
    return {kind: (created[kind], total[kind] - created[kind]) for kind in total}


def _initiative(row: dict[str, Any], listed: list[Row], organisation_of: OrganisationOf) -> dict[str, Any]:
    known = {name: row[name] for name in ("source", "confidence")}
    # What was only planned when the source was written is no language of the tool.
    by_type = defaultdict(list)
    for language in listed:
        if "planned" not in language["value"]:
            by_type[language["type"]].append(language["code"])
    return {
        "code": row["code"],
        **{name: row[name] for name in TEXTS if name in row},
        **known,
        "participants": [
            {
                "organisation_id": organisation_of(one["organisation"], one["iso2"], one["kind"], known),
                "role": one["role"],
            }
            for one in row.get("participants", ())
        ],
        "audiences": row.get("audiences", ()),
        "languages": by_type[row["languages_from"]] if "languages_from" in row else row.get("languages", ()),
        "figures": [_figure(one) for one in row.get("figures", ())],
    }


def _figure(told: Row) -> dict[str, Any]:
    return {**told, **{name: Decimal(told[name]) for name in ("target", "reached") if name in told}}


def _training(row: Row, keys: dict[str, UUID], organisation_of: OrganisationOf) -> dict[str, Any]:
    known = {name: row[name] for name in ("source", "confidence")}

    def organisation(end: str) -> UUID | None:
        named = row[end], row[f"{end}_iso2"], row[f"{end}_kind"]
        return organisation_of(*named, known) if row[end] else None

    partner = organisation("partner")
    return {
        **{name: row[name] for name in ("title", "held_on", "place", "note")},
        **known,
        "given_by_id": organisation("given_by"),
        "initiative_id": keys[row["initiative"]] if row["initiative"] else None,
        "country_id": row["iso2"] or None,
        "audiences": [row["audience"]],
        "partners": [partner] if partner else [],
    }
