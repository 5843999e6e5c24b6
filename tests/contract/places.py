"""Callers of every role, and places where rows are theirs or somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from codesign.companies.models import Company
from members.access.models import User
from members.organisations.models import Organisation
from members.scope import Role
from registry.kernel.ids import new_id
from tests.api_client import ApiClient
from tests.factories import access, network, organisations

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
OWN, FOREIGN = "BE", "NL"
# Whose reach is a company or its sites.
OF_COMPANIES = frozenset(
    {Role.APPLICANT, Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.COMPANY_SYSTEM, Role.SITE_EDITOR}
)
OVERSIGHT = frozenset({Role.SECRETARIAT, Role.AUDITOR})
_numbers = count(1)


@dataclass
class Caller:
    """One user of one role with a token; an LCR has the confirmed mandate for Belgium."""

    role: Role
    client: ApiClient
    user: User | None = None
    organisation: Organisation | None = None

    @property
    def sees_all(self) -> bool:
        """Whether nothing of a company is foreign to this caller."""
        return self.role in OVERSIGHT


def make_caller(role: Role) -> Caller:
    """A caller of `role`, with an organisation where the role is one of an organisation."""
    if role is Role.PUBLIC:
        return Caller(role, ApiClient())
    user, organisation = access.make_user(), None
    if role in OF_COMPANIES:
        # A company of its own beside what a specimen needs: without any, the role would open nothing at all.
        # An applicant has none yet, and may enter one alone.
        name = f"Hotel Fictif {next(_numbers)} (DEMO)"
        first = None if role is Role.APPLICANT else organisations.make_organisation(kind="company", name=name)
        sites = [str(new_id())] if role is Role.SITE_EDITOR else []
        access.make_grant(user=user, role=role, organisation=first, site_ids=sites)
    else:
        if role in {Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER}:
            organisation = organisations.make_organisation(country_id=OWN)
        if role is Role.LCR:
            network.make_mandate(organisation=organisation, state="confirmed")
        access.make_grant(user=user, role=role, organisation=organisation)
    _, text = access.make_token(user=user)
    return Caller(role, ApiClient(text), user, organisation)


@dataclass
class Place:
    """Where a specimen is made: rows of `caller` when `is_own`, else rows that the caller must not find."""

    caller: Caller
    is_own: bool = True
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> Role:
        """The caller's role."""
        return self.caller.role

    @property
    def country(self) -> str:
        """The mandate's country, or one beyond it."""
        return OWN if self.is_own else FOREIGN

    def organisation(self, **values: Any) -> Organisation:
        """An unlisted organisation that belongs to the caller's tree or country; or does not."""
        name = f"Hotel Fictif {next(_numbers)} (DEMO)"
        values = {"kind": "company", "name": name, "country_id": self.country, "is_demo": True, **values}
        organisation = organisations.make_organisation(**values)
        self.hold(organisation)
        return organisation

    def hold(self, organisation: Organisation, *, site_ids: tuple[Any, ...] = ()) -> None:
        """Give the caller its role in `organisation`, where the role is one of companies."""
        if not self.is_own or self.role not in OF_COMPANIES or (self.role is Role.SITE_EDITOR) != bool(site_ids):
            return
        access.make_grant(
            user=self.caller.user, role=self.role, organisation=organisation, site_ids=[str(key) for key in site_ids]
        )

    def kept_organisation(self) -> Organisation:
        """The organisation whose own record the caller keeps."""
        return (self.is_own and self.caller.organisation) or self.organisation()

    def company(self, **values: Any) -> Company:
        """A hotel with a confirmed revenue band."""
        values = {
            "category": "hotel",
            "revenue_band": "to_2_5m",
            "revenue_band_confirmed_on": date(2026, 1, 10),
        } | values
        return Company.objects.create(organisation=self.organisation(), created_at=AT, **values)
