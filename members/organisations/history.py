"""The dated facts of one organisation: names, parents, countries, merges. Four queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from members.organisations.models import Activity, Merge, OrganisationName, Parentage
from members.scope import OVERSIGHT, Scope


class FactKind(models.TextChoices):
    """What a fact of the history is about."""

    NAME = "name", "A name"
    PARENT = "parent", "A parent"
    ACTIVITY = "activity", "A country in which it works"
    MERGE = "merge", "A merge"


def facts_of(organisation_id: UUID, scope: Scope) -> list[dict[str, Any]]:
    """Every fact ever held, in the order in which the register learned it; superseded ones marked.

    Parents that the caller may not see are left out; reasons of merges are for the secretariat and auditors.
    """
    found = [
        *_names(organisation_id),
        *_parents(organisation_id, scope),
        *_activities(organisation_id),
        *_merges(organisation_id, scope),
    ]
    return sorted(found, key=lambda fact: (fact["recorded_at"], fact["kind"], fact["text"]))


def _fact(kind: FactKind, detail: str, text: str, *dates: Any) -> dict[str, Any]:
    valid_from, valid_until, recorded_at, superseded_at = dates
    return {
        "kind": kind.value,
        "detail": detail,
        "text": text,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "recorded_at": recorded_at,
        "superseded_at": superseded_at,
    }


_DATES = ("valid_from", "valid_until", "recorded_at", "superseded_at")


def _names(key: UUID) -> Iterator[dict[str, Any]]:
    rows = OrganisationName.objects.filter(organisation=key).order_by("recorded_at", "pk")
    for kind, text, *dates in rows.values_list("kind", "text", *_DATES):
        yield _fact(FactKind.NAME, kind, text, *dates)


def _parents(key: UUID, scope: Scope) -> Iterator[dict[str, Any]]:
    rows = Parentage.objects.filter(child=key).with_parent_seen_by(scope)
    for kind, text, *dates in rows.order_by("recorded_at", "pk").values_list("kind", "parent__name", *_DATES):
        yield _fact(FactKind.PARENT, kind, text, *dates)


def _activities(key: UUID) -> Iterator[dict[str, Any]]:
    rows = Activity.objects.filter(organisation=key).order_by("recorded_at", "pk")
    for country, *dates in rows.values_list("country_id", *_DATES):
        yield _fact(FactKind.ACTIVITY, "country", country, *dates)


def _merges(key: UUID, scope: Scope) -> Iterator[dict[str, Any]]:
    if not scope.wears(*OVERSIGHT):
        return
    rows = Merge.objects.filter(Q(source=key) | Q(target=key)).order_by("merged_at", "pk")
    columns = ("source_id", "source__name", "target__name", "reason", "merged_at", "undone_at")
    for source, away, into, reason, merged_at, undone_at in rows.values_list(*columns):
        detail = "merged_away" if source == key else "taken_over"
        text = f"{into if source == key else away}: {reason}"
        yield _fact(FactKind.MERGE, detail, text, _day(merged_at), _day(undone_at), merged_at, undone_at)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
