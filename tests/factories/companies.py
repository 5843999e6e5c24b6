"""Companies, sites, memberships and decisions for tests: fictional, with fixed dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from codesign.companies.lifecycle import CLOSED, FORMER, MEMBER, MembershipState, Move
from codesign.companies.models import CodeMembership, Company, Decision, HeadCount, Site
from members.scope import Hat, Role, Scope
from registry.kernel.text import search_key
from tests.factories.organisations import make_organisation

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
EARLIER = datetime(2026, 1, 10, 9, tzinfo=UTC)
OFFICER = UUID(int=7)
_numbers = count(1)


def make_company(
    *, name: str = "", country: str | None = "BE", organisation: Any = None, is_demo: bool = True, **overrides: Any
) -> Company:
    """A hotel in Belgium with its band confirmed this year, and no membership."""
    organisation = organisation or make_organisation(
        kind="company", name=name or f"Hotel Fictif {next(_numbers)}", country_id=country, is_demo=is_demo
    )
    defaults: dict[str, Any] = {
        "category": "hotel",
        "revenue_band": "to_2_5m",
        "revenue_band_confirmed_on": date(2026, 1, 10),
        "created_at": EARLIER,
    }
    return Company.objects.create(organisation=organisation, **{**defaults, **overrides})


def make_membership(*, company: Company | None = None, state: str = MembershipState.ACTIVE, **overrides: Any) -> Any:
    """A membership in `state`, with the dates that the state asks for."""
    defaults: dict[str, Any] = {"created_at": EARLIER}
    if state in MEMBER | FORMER:
        number = f"TC-BE-{next(_numbers):05d}"
        defaults |= {"member_since": date(2024, 3, 1), "approved_on": date(2024, 2, 1), "number": number}
    if state == MembershipState.APPROVED:
        defaults |= {"approved_on": date(2026, 10, 1)}
    if state in CLOSED:
        defaults |= {"ended_on": date(2026, 6, 1)}
    return CodeMembership.objects.create(company=company or make_company(), state=state, **{**defaults, **overrides})


def make_site(*, company: Company | None = None, name: str = "", staff: int | None = None, **overrides: Any) -> Site:
    """An open site in Belgium; with `staff` its head count since January."""
    name = name or f"Site {next(_numbers)}"
    defaults = {
        "name": name,
        "search_key": search_key(name),
        "country_id": "BE",
        "zone": "Europe/Brussels",
        "created_at": EARLIER,
    }
    site = Site.objects.create(company=company or make_company(), **{**defaults, **overrides})
    if staff is not None:
        HeadCount.objects.create(site=site, staff_count=staff, valid_from=date(2026, 1, 1), recorded_at=EARLIER)
    return site


def make_decision(*, membership: CodeMembership, move: str = Move.SUSPEND, to_state: str = "", **overrides: Any) -> Any:
    """A decision on `membership`, the next of its versions."""
    defaults: dict[str, Any] = {
        "version": membership.decisions.count() + 2,
        "from_state": MembershipState.ACTIVE,
        "to_state": to_state or MembershipState.SUSPENDED,
        "effective_on": date(2026, 9, 1),
        "decided_at": AT,
        "actor_label": "secretariat",
    }
    return Decision.objects.create(membership=membership, move=move, **{**defaults, **overrides})


def make_scope(role: Role | str = Role.SECRETARIAT, **hat: Any) -> Scope:
    """A caller who wears one hat."""
    hat = {name: frozenset(value) if isinstance(value, set) else value for name, value in hat.items()}
    return Scope(user_id=OFFICER, label=str(role), hats=(Hat(role=Role(role), **hat),), day=AT.date())
