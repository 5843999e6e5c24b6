"""Register an organisation and change its plain fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.countries.models import Country
from members.organisations import matching
from members.organisations.actions.identifiers import give
from members.organisations.actions.writing import expected, write
from members.organisations.likeness import Judgement
from members.organisations.models import NameKind, Organisation, OrganisationKind
from members.organisations.naming import write_name
from members.organisations.rules import checked, own_domain_of
from members.scope import Scope
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused
from registry.kernel.text import search_key

EDITABLE = frozenset("kind country_id zone languages website is_listed source confidence note".split())


class Duplicate(Refused):
    """The organisation is in the register already: `details` names the candidates."""

    default_code = "duplicate"


@transaction.atomic
def register(
    *,
    kind: str,
    name: str,
    country_id: str | None = None,
    zone: str = "",
    website: str = "",
    languages: Sequence[str] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    is_listed: bool = True,
    is_demo: bool = False,
    is_another: bool = False,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Organisation:
    """Add an organisation under its official name. The zone is its country's unless given.

    `is_another`: the caller has looked and knows that none of the register is meant. Raises Duplicate, Invalid.
    """
    known_by = checked(identifiers)
    if not is_another:
        _refuse_duplicate(name, country_id, website, known_by, actor=actor, at=at)
    if not zone and country_id:
        zone = Country.objects.values_list("zone", flat=True).get(pk=country_id)
    organisation = Organisation.objects.create(
        kind=OrganisationKind(kind),
        name=name,
        search_key=search_key(name),
        country_id=country_id,
        zone=zone or "UTC",
        website=website,
        domain=own_domain_of(website),
        languages=list(languages),
        is_listed=is_listed,
        is_demo=is_demo,
        source=source,
        confidence=confidence,
        note=note,
        created_at=at,
    )
    write_name(organisation.pk, name, NameKind.OFFICIAL, at=at)
    give(organisation, known_by)
    changes = {"name": [None, name], "kind": [None, kind], "country": [None, country_id]}
    changes |= {scheme: [None, value] for scheme, value in known_by}
    record("organisations.create", organisation, actor=actor, at=at, changes=changes)
    return organisation


@transaction.atomic
def update(
    *, organisation_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Organisation:
    """Change plain fields (`EDITABLE`); names, identifiers and parents have actions of their own."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    organisation = expected(organisation_id, expected_version)
    changes = {name: [getattr(organisation, name), value] for name, value in fields.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        values = {name: after for name, (_, after) in changes.items()}
        if "website" in values:
            values["domain"] = own_domain_of(values["website"])
        write(organisation, values)
        record("organisations.update", organisation, actor=actor, at=at, changes=changes)
    return organisation


def _refuse_duplicate(
    name: str,
    country_id: str | None,
    website: str,
    identifiers: list[tuple[str, str]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Refuse what is certainly there already, among what the caller may see (all, for the system's own jobs)."""
    rows = Organisation.objects.visible_to(actor) if isinstance(actor, Scope) else Organisation.objects.standing()
    asked = matching.asked_for(name=name, country_id=country_id, website=website, identifiers=identifiers)
    found = matching.candidates(rows, asked, on=at.date())
    if any(candidate.is_certain for candidate in found):
        raise Duplicate(
            "This organisation is in the register already; say is_another if it is not the same.",
            details={"candidates": [_shown(candidate) for candidate in found]},
        )


def _shown(candidate: Judgement) -> dict[str, Any]:
    return {
        "id": str(candidate.known.id),
        "display": candidate.known.display,
        "score": candidate.score,
        "reasons": list(candidate.reasons),
        "is_certain": candidate.is_certain,
    }
