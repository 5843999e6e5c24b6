"""Which organisation a row means, and what it would change."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.organisations.models import Identifier, Organisation
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_name, make_organisation

pytestmark = pytest.mark.django_db
NEW = {"name": "Réseau Neuf (DEMO)", "kind": "ngo", "country": "BE"}
LEI = "00000000000000000098"


@pytest.fixture
def known() -> Organisation:
    """An organisation with a former name and a website."""
    known = make_organisation(name="Maison Fictive (DEMO)", website="https://maison.example/", domain="maison.example")
    make_name(organisation=known, text="Foyer Fictif (DEMO)", kind="former")
    return known


def _like(known: Organisation, **cells: str) -> dict[str, str]:
    return {"name": known.name, "kind": "ngo", "country": "BE", **cells}


def test_a_plan_writes_nothing(labels, known):
    before = Organisation.objects.count()

    assert labels("organisations", NEW, _like(known, website="https://neuf.example/")) == [("create",), ("update",)]

    known.refresh_from_db()
    assert (Organisation.objects.count(), known.website, known.version) == (before, "https://maison.example/", 1)


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({}, ("match",)),
        ({"name": "maison fictive DEMO"}, ("match",)),
        ({"name": "Foyer Fictif (DEMO)"}, ("match",)),
        ({"website": "https://maison.example/", "zone": "Europe/Brussels", "is_demo": "no"}, ("match",)),
        ({"website": ""}, ("match",)),
        ({"website": "https://neuf.example/"}, ("update",)),
        ({"identifiers": f"lei:{LEI}"}, ("update",)),
        ({"confidence": "sourced_inferred"}, ("update",)),
        ({"is_demo": "yes"}, ("conflict", "is_demo differs")),
        ({"name": "Maison Fictiv (DEMO)"}, ("conflict", "name likely_known")),
        ({"name": "Maison Fictiv (DEMO)", "is_another": "true"}, ("create",)),
        ({"name": "Maison Fictive (DEMO)", "country": "NL"}, ("create",)),
        ({"name": "Fictive Maison (DEMO)"}, ("conflict", "name likely_known")),
        ({"name": "La Maison", "country": ""}, ("create",)),
        ({"name": "Maison Fictiv (DEMO)", "website": "www.maison.example"}, ("update",)),
        ({"name": "Fictiv", "website": "www.maison.example"}, ("create",)),
    ],
)
def test_a_row_is_labelled_by_what_the_register_has(labels, known, cells: dict[str, str], label: tuple[str, ...]):
    assert labels("organisations", _like(known, **cells)) == [label]


def test_an_identifier_tells_the_organisation_under_any_name(labels, known):
    Identifier.objects.create(organisation=known, scheme="lei", value=LEI)

    row = {"name": "Autre Nom", "kind": "ngo", "country": "BE", "identifiers": f"lei:{LEI}"}

    assert labels("organisations", row) == [("match",)]


def test_an_id_tells_it_too_and_its_name_is_not_changed_by_a_table(labels, known):
    rows = ({"id": str(known.pk), "name": name, "kind": "ngo"} for name in (known.name, "Autre Nom"))

    assert labels("organisations", *rows) == [("match",), ("conflict", "name differs")]


def test_two_of_one_name_are_a_conflict(labels, known):
    make_organisation(name=known.name)

    assert labels("organisations", _like(known)) == [("conflict", "name ambiguous_name")]


def test_every_fault_of_a_row_is_told_and_the_other_rows_go_on(labels):
    bad = {"name": "", "kind": "club", "country": "XX", "languages": "fr; xyzzy", "website": "=1+1"}

    assert labels("organisations", bad, NEW) == [
        (
            "error",
            "name required",
            "kind unknown_choice",
            "country unknown_country",
            "languages unknown_language",
            "website formula",
        ),
        ("create",),
    ]


def test_the_same_row_twice_is_told_with_the_first_ones_number(labels):
    assert labels("organisations", NEW, NEW, {**NEW, "name": "reseau NEUF demo"}) == [
        ("create",),
        ("error", "duplicate_row"),
        ("error", "duplicate_row"),
    ]


def test_two_rows_that_are_almost_the_same_are_told_too(labels):
    assert labels("organisations", NEW, {**NEW, "name": "Réseau Neuff (DEMO)"}) == [
        ("create",),
        ("conflict", "name likely_known"),
    ]


def test_an_organisation_that_is_merged_away_is_not_found(labels, known):
    merged = make_organisation(name="Ancien Réseau (DEMO)", merged_into=known)

    assert labels("organisations", _like(merged), {"id": str(merged.pk), **_like(merged, country="NL")}) == [
        ("create",),
        ("error", "id unknown_organisation"),
    ]


def test_the_number_of_queries_does_not_grow_with_rows_that_are_there(labels):
    rows = [_like(make_organisation(name=f"{word} (DEMO)")) for word in ("Un", "Deux", "Trois", "Quatre")]
    labels("organisations", rows[0])  # what is read once per process

    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as captured:
            labels("organisations", *some)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_likely_names_are_compared_within_a_country(labels):
    make_network_membership(organisation=make_organisation(name="Étoile du Nord (DEMO)", country_id="FR"))

    assert labels("organisations", {"name": "Etoiles du Nord (DEMO)", "kind": "ngo", "country": "BE"}) == [("create",)]
    assert labels("organisations", {"name": "Etoiles du Nord (DEMO)", "kind": "ngo", "country": "FR"}) == [
        ("conflict", "name likely_known")
    ]
