"""What a grant, a token and an invitation may be: pure functions of plain values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from members.scope import COMPANY_ROLES, Role, Scope

# Roles of the network as a whole; every other role is held for one organisation.
ROLES_WITHOUT_ORGANISATION = frozenset({Role.SECRETARIAT, Role.AUDITOR, Role.EVALUATOR, Role.APPLICANT, Role.PUBLIC})
# Nobody is granted what everybody has.
GRANTABLE = frozenset(Role) - {Role.PUBLIC}
# Roles that reach an organisation's whole tree. A site editor sees its sites, and only inside that tree.
TREE_ROLES = COMPANY_ROLES | {Role.SITE_EDITOR}
COMPANY_PEOPLE = frozenset({Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.SITE_EDITOR})

MAX_TOKEN_DAYS = 366
ROTATION_OVERLAP = timedelta(hours=24)
INVITATION_LIFETIME = timedelta(days=14)
SIGN_IN_LINK_LIFETIME = timedelta(minutes=20)
SIGN_IN_LINK_KEPT = timedelta(days=1)
LAST_USE_STEP = timedelta(hours=1)
MAX_COUNTRIES = 60
MAX_SITES = 1000


class TokenScope(StrEnum):
    """What a token may be used for, within what its user may do. Writing includes reading in the same area."""

    READ = "read"
    WRITE = "write"
    TRAINING_READ = "training:read"
    TRAINING_WRITE = "training:write"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    RETURNS_WRITE = "returns:write"
    FIGURES_READ = "figures:read"
    TOKENS_WRITE = "tokens:write"


# The resources of each area, by the first part of an operation's name.
AREAS: dict[str, frozenset[str]] = {
    "training": frozenset(
        {
            "completions",
            "courses",
            "credentials",
            "head-count-sessions",
            "rosters",
            "sessions",
            "staff",
            "training",
            "training-requirements",
            "xapi/statements",
        }
    ),
    "reports": frozenset(
        {
            "extensions",
            "indicators",
            "questionnaires",
            "report-obligations",
            "report-slices",
            "reporting-years",
            "reports",
            "site-returns",
        }
    ),
    # Of the link to one site's return: which one, the link says.
    "returns": frozenset({"site-returns"}),
    "figures": frozenset({"figures"}),
    "tokens": frozenset({"tokens"}),
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def may_call(scope: Scope, method: str, operation: str) -> bool:
    """Whether the caller's token is meant for `operation` (`<resource>.<method>`); True without a token.

    `me` can be read with any token: whoever holds one may ask what it is.
    """
    held = scope.token_scopes
    if held is None:
        return True
    resource, reads = operation.partition(".")[0], method in _SAFE
    if "write" in held or (reads and ("read" in held or resource == "me")):
        return True
    areas = [area for area, resources in AREAS.items() if resource in resources]
    return any(f"{area}:write" in held or (reads and f"{area}:read" in held) for area in areas)


def covers(held: Collection[str], wanted: Collection[str]) -> bool:
    """Whether `held` token scopes include everything that `wanted` allows: no token begets a stronger one."""
    return all(
        scope in held
        or "write" in held
        or f"{scope.partition(':')[0]}:write" in held
        or (scope.endswith(":read") and "read" in held)
        for scope in wanted
    )


def counts_on(day: date, *, valid_from: date, valid_until: date | None) -> bool:
    """Whether a period covers `day`, both ends included; an open end covers everything after."""
    return valid_from <= day and (valid_until is None or day <= valid_until)


def may_hand_out(
    scope: Scope, *, role: Role, organisation_id: object, organisation_country: str | None, is_company: bool
) -> bool:
    """Whether the caller may give `role` in that organisation to somebody.

    The secretariat gives every role; a company editor company roles in its own tree; an LCR those of
    companies in the countries of its confirmed mandates.
    """
    if scope.wears(Role.SECRETARIAT):
        return role in GRANTABLE
    if role not in TREE_ROLES or organisation_id is None:
        return False
    if organisation_id in scope.organisations(Role.COMPANY_EDITOR):
        return True
    return is_company and role in COMPANY_PEOPLE and organisation_country in scope.countries
