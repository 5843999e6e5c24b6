"""Give an organisation identifiers and take wrong ones away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.organisations.actions.writing import expected, write
from members.organisations.models import Identifier, Organisation
from members.organisations.rules import NOT_VALID, SINGLE, normalised
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused


@transaction.atomic
def add_identifier(*, organisation_id: UUID, scheme: str, value: str, actor: Actor, at: datetime) -> Identifier:
    """Add an identifier; one that another organisation bears is refused. Raises Invalid, Refused."""
    organisation = expected(organisation_id, None)
    kept = normalised(scheme, value)
    if kept is None:
        raise Invalid.at("/value", "bad_identifier", NOT_VALID)
    (identifier,) = give(organisation, [(scheme, kept)])
    write(organisation, {})
    record("organisations.add_identifier", organisation, actor=actor, at=at, changes={scheme: [None, kept]})
    return identifier


@transaction.atomic
def remove_identifier(*, organisation_id: UUID, scheme: str, value: str, actor: Actor, at: datetime) -> None:
    """Take away an identifier that was given by mistake. Raises NotFound."""
    organisation = expected(organisation_id, None)
    kept = normalised(scheme, value) or value
    gone, _ = Identifier.objects.filter(organisation=organisation, scheme=scheme, value=kept).delete()
    if not gone:
        raise NotFound("It bears no such identifier.")
    write(organisation, {})
    record("organisations.remove_identifier", organisation, actor=actor, at=at, changes={scheme: [kept, None]})


def give(organisation: Organisation, identifiers: list[tuple[str, str]]) -> list[Identifier]:
    """Write normalised identifiers. Raises Refused for one that somebody bears, or a second of a single scheme."""
    for scheme, value in identifiers:
        if Identifier.objects.filter(scheme=scheme, value=value).exists():
            raise Refused("An organisation bears this identifier already.", code="identifier_taken")
        if scheme in SINGLE and organisation.identifiers.filter(scheme=scheme).exists():
            raise Refused("It bears an identifier of this scheme already.", code="identifier_second")
        Identifier.objects.create(organisation=organisation, scheme=scheme, value=value)
    return list(organisation.identifiers.filter(value__in=[value for _, value in identifiers]).order_by("pk"))
