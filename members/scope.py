"""Who the caller is and what is theirs: plain values, built once per request by `access.scopes`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from registry.kernel.audit.actor import Actor


class Role(StrEnum):
    """The roles of the rights table."""

    PUBLIC = "public"
    APPLICANT = "applicant"
    COMPANY_EDITOR = "company_editor"
    COMPANY_VIEWER = "company_viewer"
    SITE_EDITOR = "site_editor"
    COMPANY_SYSTEM = "company_system"
    LCR = "lcr"
    MEMBER_GROUP = "member_group"
    STOP_PARTNER = "stop_partner"
    SECRETARIAT = "secretariat"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"


COMPANY_ROLES = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.COMPANY_SYSTEM})
OVERSIGHT = frozenset({Role.SECRETARIAT, Role.AUDITOR})


@dataclass(frozen=True, kw_only=True)
class CountrySpan:
    """A confirmed mandate that has ended: `first` to `last`, both inclusive, as legal days of `zone`."""

    country: str
    first: date
    last: date
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Hat:
    """One grant as it counts today.

    `organisation_ids`: the organisation and, for company roles, its whole tree of today.
    `countries`: for an LCR the ISO codes whose confirmed mandate covers today; else empty.
    `site_ids`: for a site editor the sites; else empty.
    `spans`: for an LCR its ended confirmed mandates: what it may read back, and nothing that it may do.
    """

    role: Role
    organisation_id: UUID | None = None
    organisation_ids: frozenset[UUID] = frozenset()
    countries: frozenset[str] = frozenset()
    site_ids: frozenset[UUID] = frozenset()
    spans: tuple[CountrySpan, ...] = ()


PUBLIC_HAT = Hat(role=Role.PUBLIC)


@dataclass(frozen=True, kw_only=True)
class Scope(Actor):
    """The caller with everything that may be asked of them. Also the `actor` of every action.

    `hats`: those that the operation admits; `worn`: all of them, once narrowed.
    """

    hats: tuple[Hat, ...] = (PUBLIC_HAT,)
    worn: tuple[Hat, ...] = ()
    token_scopes: frozenset[str] | None = field(default=None)
    day: date

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(hat.role for hat in self.hats)

    def wears(self, *roles: Role) -> bool:
        """Whether any of `roles` is among the caller's."""
        return not self.roles.isdisjoint(roles)

    def narrowed(self, roles: Iterable[str]) -> Scope:
        """The same caller with only the hats that one operation admits."""
        admitted = frozenset(roles)
        hats = tuple(hat for hat in self.hats if hat.role in admitted)
        return replace(self, hats=hats, worn=self.worn or self.hats)

    def organisations(self, *roles: Role) -> frozenset[UUID]:
        """Own organisations (with their trees for company roles) under any of `roles`, or under all."""
        return frozenset().union(*(hat.organisation_ids for hat in self.hats if not roles or hat.role in roles))

    @property
    def countries(self) -> frozenset[str]:
        """Countries that a confirmed mandate covers today."""
        return frozenset().union(*(hat.countries for hat in self.hats))

    def spans_on(self, day: date) -> tuple[CountrySpan, ...]:
        """Ended mandates that covered `day`, of countries that none covers today: the caller reads them back."""
        spans = {span for hat in self.hats for span in hat.spans}
        return tuple(span for span in spans if span.first <= day <= span.last and span.country not in self.countries)

    @property
    def sites(self) -> frozenset[UUID]:
        """Sites that a site editor holds."""
        return frozenset().union(*(hat.site_ids for hat in self.hats))

    def belongs_to(self, organisation_id: UUID) -> bool:
        """Whether the caller holds any role inside that organisation: nobody decides on their own.

        Asks all hats, also those that the operation did not admit (`worn`).
        """
        return any(
            organisation_id == hat.organisation_id or organisation_id in hat.organisation_ids
            for hat in self.worn or self.hats
        )
