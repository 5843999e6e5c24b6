"""Organisations, their names and parents for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from members.organisations import naming
from members.organisations.models import (
    NameKind,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Parentage,
    ParentageKind,
)
from registry.kernel.text import search_key

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def make_organisation(**overrides: Any) -> Organisation:
    """A fictional organisation of Belgium with its official name."""
    defaults: dict[str, Any] = {
        "kind": OrganisationKind.NGO,
        "name": f"Réseau Fictif {next(_numbers)}",
        "country_id": "BE",
        "zone": "Europe/Brussels",
        "created_at": AT,
    }
    values = {**defaults, **overrides}
    if "country" in values:
        del values["country_id"]
    organisation = Organisation.objects.create(search_key=search_key(values["name"]), **values)
    make_name(organisation=organisation, text=organisation.name, kind=NameKind.OFFICIAL)
    return organisation


def make_name(**overrides: Any) -> OrganisationName:
    """An alias of a new organisation, unless told otherwise."""
    if not {"organisation", "organisation_id"} & set(overrides):
        overrides["organisation"] = make_organisation()
    values = {"text": f"Alias Fictif {next(_numbers)}", "kind": NameKind.ALIAS, "recorded_at": AT, **overrides}
    name = OrganisationName.objects.create(search_key=search_key(values["text"]), **values)
    naming.index([name])
    return name


def make_parentage(**overrides: Any) -> Parentage:
    """A new organisation owned by another, since ever, unless told otherwise."""
    for end in ("child", "parent"):
        if not {end, f"{end}_id"} & set(overrides):
            overrides[end] = make_organisation()
    return Parentage.objects.create(**{"kind": ParentageKind.OWNED, "recorded_at": AT, **overrides})
