"""Agreements that public sources name, from rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from members.agreements.actions import drafting
from members.agreements.models import Agreement
from registry.kernel.audit.actor import Actor

# Name, country, kind and the row itself → key of the one organisation of that name.
OrganisationOf = Callable[[str, str, str, dict[str, str]], UUID]


def load(
    rows: Iterable[dict[str, str]], *, organisation_of: OrganisationOf, actor: Actor, at: datetime
) -> dict[str, tuple[int, int]]:
    """Record each agreement that is not there by its title: created and unchanged, by kind of row."""
    held = set(Agreement.objects.values_list("title", flat=True))
    created = total = 0
    for row in rows:
        known = {name: row[name] for name in ("source", "confidence")}
        parties = [
            organisation_of(row[end], row[f"{end}_iso2"], row[f"{end}_kind"], known) for end in ("party", "with")
        ]
        total += 1
        if row["title"] in held:
            continue
        terms = {name: row[name] for name in ("title", "kind", "starts_on", "note")}
        drafting.record(party_ids=parties, **terms, **known, actor=actor, at=at)
        created += 1
    return {"agreements": (created, total - created)}
