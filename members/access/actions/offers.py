"""What a grant and an invitation have in common: a role, for whom it reaches, and who may give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F

from members.access.rules import GRANTABLE, MAX_COUNTRIES, MAX_SITES, ROLES_WITHOUT_ORGANISATION, may_hand_out
from members.countries.models import Country
from members.organisations.models import Organisation, OrganisationKind
from members.scope import Role, Scope
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Forbidden, Invalid, Stale


@dataclass(frozen=True)
class Offer:
    """A role with its reach. `countries`: part of an LCR's mandates, all when empty. `site_ids`: a site editor's."""

    role: Role
    organisation_id: UUID | None
    countries: tuple[str, ...]
    site_ids: tuple[str, ...]

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a grant or an invitation."""
        return {
            "role": self.role.value,
            "organisation_id": self.organisation_id,
            "countries": list(self.countries),
            "site_ids": list(self.site_ids),
        }

    @property
    def changes(self) -> dict[str, list[Any]]:
        """The columns as the audit log shows what is new."""
        return {name: [None, value] for name, value in self.columns.items()}


def offer_of(
    *, role: str, organisation_id: UUID | None, countries: Iterable[str], site_ids: Iterable[UUID], actor: Actor
) -> Offer:
    """The offer, checked: well-formed, and the actor's to give. Raises Invalid with all faults, Forbidden.

    Jobs and commands of the register itself act as a plain Actor, without a scope, and may give every role.
    """
    faults = list(_faults(role, organisation_id, tuple(countries), tuple(site_ids)))
    if faults:
        raise Invalid("This role can't be held like that.", faults=tuple(faults))
    offer = Offer(
        Role(role), organisation_id, tuple(sorted(set(countries))), tuple(sorted({str(site) for site in site_ids}))
    )
    require_right_to_give(offer.role, organisation_id, actor=actor)
    return offer


def require_right_to_give(role: Role, organisation_id: UUID | None, *, actor: Actor) -> None:
    """Forbidden unless the actor may give or take away `role` in that organisation."""
    if not isinstance(actor, Scope):
        return
    facts = Organisation.objects.filter(pk__in=[organisation_id] if organisation_id else [])
    kind, country = facts.values_list("kind", "country_id").first() or (None, None)
    is_company = kind == OrganisationKind.COMPANY
    if not may_hand_out(
        actor, role=role, organisation_id=organisation_id, organisation_country=country, is_company=is_company
    ):
        raise Forbidden("This role is not yours to give there.", code="role_not_grantable")


def _faults(
    role: str, organisation_id: UUID | None, countries: tuple[str, ...], site_ids: tuple[UUID, ...]
) -> Iterator[Fault]:
    if role not in GRANTABLE:
        yield Fault("/role", "invalid_choice", "There is no such role to grant.")
        return
    if role not in ROLES_WITHOUT_ORGANISATION and organisation_id is None:
        yield Fault("/organisation", "required", "This role is held for an organisation.")
    if countries and role != Role.LCR:
        yield Fault("/countries", "not_for_this_role", "Only a Local Code Representative holds countries.")
    elif len(countries) > MAX_COUNTRIES or Country.objects.filter(pk__in=countries).count() != len(set(countries)):
        yield Fault("/countries", "unknown_reference", "There is no such country.")
    if bool(site_ids) != (role == Role.SITE_EDITOR):
        yield Fault("/site_ids", "sites_and_role_differ", "A site editor holds one site or more, nobody else any.")
    elif len(site_ids) > MAX_SITES:
        yield Fault("/site_ids", "too_many", f"At most {MAX_SITES} sites.")


def mark(row: models.Model, *, expected_version: int | None, **values: Any) -> None:
    """Set `values` on `row` if it is still at that version (the one loaded when None); Stale otherwise."""
    version = row.version if expected_version is None else expected_version  # type: ignore[attr-defined]
    rows = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not rows.update(version=F("version") + 1, **values):
        raise Stale("This has changed since you read it.")
    row.refresh_from_db()
