"""Who sees which organisation."""

from __future__ import annotations

from datetime import date

import pytest

from members.organisations.models import Organisation
from members.scope import Hat, Role, Scope
from tests.factories.network import make_channel, make_network_membership, make_participation
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)


@pytest.fixture
def book() -> dict[str, Organisation]:
    """One organisation for each reason to be seen or not."""
    book = {
        name: make_organisation(name=f"{name} (Fictif)", country_id=country, is_listed=name != "unlisted")
        for name, country in {
            "member": "NL",
            "unlisted": "DE",
            "american": "US",
            "former": "FR",
            "partner": "BE",
            "supporter": "BE",
            "line": "LU",
            "company_be": "BE",
            "company_fr": "FR",
        }.items()
    }
    make_network_membership(organisation=book["member"])
    make_network_membership(organisation=book["unlisted"])
    make_network_membership(organisation=book["american"], region_id="americas")
    make_network_membership(organisation=book["former"], valid_until=date(2026, 11, 21))
    make_participation(organisation=book["partner"])
    make_participation(organisation=book["supporter"], role="supporter")
    make_channel(organisation=book["line"])
    return book


PUBLIC = {"member", "american", "partner", "line"}


def seen(book: dict[str, Organisation], *hats: Hat) -> set[str]:
    """Names of those that a caller with these hats sees."""
    found = set(Organisation.objects.visible_to(Scope(hats=hats, day=DAY)))
    return {name for name, organisation in book.items() if organisation in found}


def test_the_public_sees_listed_members_partners_and_lines(book):
    assert seen(book, Hat(role=Role.PUBLIC)) == PUBLIC


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.AUDITOR])
def test_the_secretariat_and_auditors_see_all(book, role):
    assert seen(book, Hat(role=role)) == set(book)


def test_a_reader_of_totals_and_a_caller_without_hat_see_none(book):
    assert (seen(book, Hat(role=Role.EVALUATOR)), seen(book)) == (set(), set())


def test_a_company_sees_its_own_tree_besides_the_public(book):
    own = Hat(role=Role.COMPANY_EDITOR, organisation_ids=frozenset({book["company_be"].pk}))

    assert seen(book, own) == PUBLIC | {"company_be"}


def test_a_representative_sees_the_organisations_of_its_countries(book):
    assert seen(book, Hat(role=Role.LCR, countries=frozenset({"BE"}))) == PUBLIC | {"company_be", "supporter"}


def test_a_member_group_sees_the_unlisted_of_its_region(book):
    own = Hat(role=Role.MEMBER_GROUP, organisation_ids=frozenset({book["member"].pk}))

    assert seen(book, own) == PUBLIC | {"unlisted"}


def test_a_partner_sees_what_is_public_and_itself(book):
    own = Hat(role=Role.STOP_PARTNER, organisation_ids=frozenset({book["supporter"].pk}))

    assert seen(book, own) == PUBLIC | {"supporter"}
