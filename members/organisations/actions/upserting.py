"""Write an organisation under a code by which others know it: register it, or bring it up to what was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from members.organisations.actions.identifiers import add_identifier
from members.organisations.actions.names import rename
from members.organisations.actions.records import register, update
from members.organisations.actions.writing import expected
from members.organisations.models import Identifier, Organisation
from members.organisations.rules import NOT_VALID, IdentifierScheme, checked, normalised
from members.scope import Scope
from registry.kernel.errors import Invalid, NotFound, Refused, Stale


@transaction.atomic
def put(
    *,
    scheme: str,
    value: str,
    name: str,
    identifiers: Iterable[tuple[str, str]] = (),
    is_another: bool = False,
    expected_version: int | None = None,
    actor: Scope,
    at: datetime,
    **fields: Any,
) -> Organisation:
    """The organisation that bears this identifier, as it was said; a new one where none does. The same again is none.

    What is not said stays; another name is its official one from today on. Raises NotFound, Invalid, Refused,
    Duplicate, Stale.
    """
    kept, asked = _kept(scheme, value), checked(identifiers)
    bearer = bearer_of(scheme, value)
    if bearer is None:
        if expected_version is not None:
            raise Stale("No organisation bears this identifier.")
        given = list(dict.fromkeys([(scheme, kept), *asked]))
        return register(name=name, identifiers=given, is_another=is_another, actor=actor, at=at, **fields)
    if not Organisation.objects.visible_to(actor).filter(pk=bearer).exists():
        raise Refused("An organisation bears this identifier already.", code="identifier_taken")
    _bring_up(bearer, name, asked, fields, expected_version, actor=actor, at=at)
    return Organisation.objects.get(pk=bearer)


def bearer_of(scheme: str, value: str) -> UUID | None:
    """Who bears this identifier. Raises NotFound for a scheme, Invalid for a value that is none."""
    borne = Identifier.objects.filter(scheme=scheme, value=_kept(scheme, value))
    return borne.values_list("organisation_id", flat=True).first()


def _kept(scheme: str, value: str) -> str:
    if scheme not in IdentifierScheme.values:
        raise NotFound("There is no such scheme.")
    kept = normalised(scheme, value)
    if kept is None:
        raise Invalid.at("/value", "bad_identifier", NOT_VALID)
    return kept


def _bring_up(
    key: UUID,
    name: str,
    identifiers: list[tuple[str, str]],
    fields: dict[str, Any],
    version: int | None,
    *,
    actor: Scope,
    at: datetime,
) -> None:
    row = expected(key, version)
    if name != row.name:
        rename(organisation_id=key, name=name, effective_on=at.date(), actor=actor, at=at)
    update(organisation_id=key, actor=actor, at=at, **fields)
    borne = set(row.identifiers.values_list("scheme", "value"))
    for scheme, value in identifiers:  # a handful
        if (scheme, value) not in borne:
            add_identifier(organisation_id=key, scheme=scheme, value=value, actor=actor, at=at)
