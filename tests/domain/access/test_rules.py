"""Token scopes, periods and who may hand out what."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from members.access.models import GrantedRole
from members.access.rules import GRANTABLE, TokenScope, counts_on, covers, may_call, may_hand_out
from members.scope import Hat, Role, Scope

DAY = date(2026, 11, 22)
OWN, FOREIGN = UUID(int=1), UUID(int=2)


def scope_with(*token_scopes: str) -> Scope:
    return Scope(day=DAY, token_scopes=frozenset(token_scopes))


@pytest.mark.parametrize(
    ("held", "method", "operation", "expected"),
    [
        ({"read"}, "GET", "companies.list", True),
        ({"read"}, "POST", "companies.create", False),
        ({"read"}, "DELETE", "sites.destroy", False),
        ({"write"}, "POST", "companies.create", True),
        ({"write"}, "GET", "companies.list", True),
        ({"training:write"}, "POST", "completions.create", True),
        ({"training:write"}, "GET", "staff.list", True),
        ({"training:write"}, "GET", "companies.list", False),
        ({"training:read"}, "POST", "completions.create", False),
        ({"training:read"}, "GET", "completions.list", True),
        ({"reports:write"}, "POST", "reports.submit", True),
        ({"reports:write"}, "POST", "completions.create", False),
        ({"figures:read"}, "GET", "figures.read", True),
        ({"figures:read"}, "GET", "companies.list", False),
        ({"figures:read"}, "GET", "me.show", True),
        ({"tokens:write"}, "POST", "tokens.rotate", True),
        ({"read"}, "POST", "tokens.rotate", False),
        (set(), "GET", "me.show", True),
        (set(), "GET", "companies.list", False),
        ({"read"}, "HEAD", "companies.list", True),
        ({"read"}, "PATCH", "me.update", False),
    ],
)
def test_a_token_calls_only_what_its_scopes_name(held, method, operation, expected):
    assert may_call(scope_with(*held), method, operation) is expected


def test_a_logged_in_person_is_not_narrowed():
    assert may_call(Scope(day=DAY), "DELETE", "companies.destroy") is True


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [
        (["write"], [scope.value for scope in TokenScope], True),
        (["read"], ["read", "training:read", "figures:read"], True),
        (["read"], ["training:write"], False),
        (["read"], ["write"], False),
        (["training:write"], ["training:read", "training:write"], True),
        (["training:write"], ["read"], False),
        (["figures:read"], ["reports:read"], False),
    ],
)
def test_no_token_begets_a_stronger_one(held, wanted, expected):
    assert covers(held, wanted) is expected


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (DAY, DAY, True),
        (date(2026, 1, 1), None, True),
        (date(2026, 11, 23), None, False),
        (date(2026, 1, 1), date(2026, 11, 21), False),
    ],
)
def test_both_ends_of_a_period_count(valid_from, valid_until, expected):
    assert counts_on(DAY, valid_from=valid_from, valid_until=valid_until) is expected


EDITOR = Hat(role=Role.COMPANY_EDITOR, organisation_id=OWN, organisation_ids=frozenset({OWN}))
OFFICER = Hat(role=Role.LCR, organisation_id=FOREIGN, countries=frozenset({"BE"}))
SECRETARIAT = Hat(role=Role.SECRETARIAT)


@pytest.mark.parametrize(
    ("hat", "organisation_id", "country", "expected"),
    [
        (SECRETARIAT, FOREIGN, "NL", GRANTABLE),
        (
            EDITOR,
            OWN,
            "NL",
            {Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.SITE_EDITOR, Role.COMPANY_SYSTEM},
        ),
        (EDITOR, FOREIGN, "NL", set()),
        (EDITOR, None, None, set()),
        (OFFICER, OWN, "BE", {Role.COMPANY_EDITOR, Role.COMPANY_VIEWER, Role.SITE_EDITOR}),
        (OFFICER, OWN, "NL", set()),
        (Hat(role=Role.COMPANY_VIEWER, organisation_ids=frozenset({OWN})), OWN, "BE", set()),
        (Hat(role=Role.AUDITOR), OWN, "BE", set()),
    ],
)
def test_each_role_hands_out_exactly_its_own_set(hat, organisation_id, country, expected):
    scope = Scope(day=DAY, hats=(hat,))

    given = {
        role
        for role in Role
        if may_hand_out(
            scope, role=role, organisation_id=organisation_id, organisation_country=country, is_company=True
        )
    }

    assert given == expected


def test_a_representative_gives_no_role_in_another_ngo_of_its_country():
    scope = Scope(day=DAY, hats=(OFFICER,))

    assert not may_hand_out(
        scope, role=Role.COMPANY_EDITOR, organisation_id=OWN, organisation_country="BE", is_company=False
    )


def test_every_role_but_the_public_can_be_granted():
    assert set(GrantedRole.values) == GRANTABLE
