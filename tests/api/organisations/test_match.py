"""POST /organisations/match/, and the door that refuses what is there already."""

from __future__ import annotations

import pytest

from members.organisations.models import Identifier, Organisation
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation

LEI = "00000000000000000098"


@pytest.fixture
def member(db):
    """A listed member group with an identifier and a website of its own."""
    organisation = make_organisation(name="Réseau Fictif des Enfants", domain="reseau-fictif.example")
    Identifier.objects.create(organisation=organisation, scheme="lei", value=LEI)
    make_network_membership(organisation=organisation)
    return organisation


def candidate(organisation, score, reasons, is_certain) -> dict[str, object]:
    key = str(organisation.pk)
    reference = {"id": key, "url": f"/api/v1/organisations/{key}/", "display": organisation.name}
    return {"organisation": reference, "score": score, "reasons": reasons, "is_certain": is_certain}


def test_an_applicant_finds_the_one_that_it_means(client_for, member):
    make_network_membership(organisation=make_organisation(name="Réseau Fictif"))

    response = client_for("applicant").post(
        "organisations/match/",
        {"name": "Reseau Fictif des Efants", "country": "BE", "website": "reseau-fictif.example"},
    )

    assert response.status_code == 200, response.content
    best, second = response.json()["candidates"]
    assert best == candidate(member, 0.99, ["similar_name", "same_website", "same_country"], True)
    assert (response.json()["chosen"], second["organisation"]["display"]) == (best, "Réseau Fictif")


def test_an_identifier_leaves_no_doubt(secretariat, member):
    response = secretariat.post(
        "organisations/match/", {"name": "Maison", "identifiers": [{"scheme": "lei", "value": LEI}]}
    )

    assert response.json()["chosen"] == candidate(member, 1.0, ["same_identifier", "similar_name"], True)


def test_nobody_is_an_answer_too(secretariat, member):
    response = secretariat.post("organisations/match/", {"name": "Maison du Monde", "country": "FR"})

    assert (response.status_code, response.json()) == (200, {"chosen": None, "candidates": []})


def test_an_applicant_matches_against_public_facts_only(client_for, secretariat, member):
    hidden = make_organisation(kind="company", name="Hotel Fictif (DEMO)")
    body = {"name": "Hotel Fictif (DEMO)", "country": "BE"}

    seen = client_for("applicant").post("organisations/match/", body)

    assert seen.json() == {"chosen": None, "candidates": []}
    chosen = secretariat.post("organisations/match/", body).json()["chosen"]
    assert chosen["organisation"]["id"] == str(hidden.pk)


@pytest.mark.parametrize("role", ["public", "stop_partner", "evaluator", "auditor"])
def test_others_do_not_ask(client_for, role):
    response = client_for(role).post("organisations/match/", {"name": "Réseau Fictif"})

    assert response.status_code == (401 if role == "public" else 403)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"country": "ZZ"}, "/country", "unknown_reference"),
        ({"identifiers": [{"scheme": "lei", "value": "1"}]}, "/identifiers/0/value", "bad_identifier"),
        ({"identifiers": [{"scheme": "isbn", "value": "1"}]}, "/identifiers/0/scheme", "invalid_choice"),
        ({"town": "Brussels"}, "/town", "unknown_field"),
        ({"name": ""}, "/name", "blank"),
    ],
)
@pytest.mark.parametrize("path", ["organisations/match/", "organisations/"])
def test_a_bad_body_is_refused_and_nothing_is_written(secretariat, path, change, pointer, code):
    kind = {} if "match" in path else {"kind": "ngo"}

    response = secretariat.post(path, {"name": "Réseau Fictif", **kind, **change})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (Organisation.objects.filter(name="Réseau Fictif").count(), AuditEvent.objects.count()) == (0, 0)


def test_a_certain_duplicate_is_refused_with_its_candidates(secretariat, member):
    body = {"name": "RESEAU FICTIF DES ENFANTS", "kind": "ngo", "country": "BE"}

    refused = secretariat.post("organisations/", body)
    taken = secretariat.post("organisations/", {**body, "is_another": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate")
    (found,) = refused.json()["details"]["candidates"]
    assert (found["id"], found["is_certain"], taken.status_code) == (str(member.pk), True, 201)


def test_a_likely_one_does_not_stand_in_the_way(secretariat, member):
    response = secretariat.post("organisations/", {"name": "Réseau Fictif des Enfants", "kind": "ngo", "country": "FR"})

    assert response.status_code == 201


def test_a_new_organisation_brings_its_identifiers(secretariat):
    identifiers = [{"scheme": "domain", "value": "https://www.Fictif.example/"}, {"scheme": "lei", "value": LEI}]

    response = secretariat.post("organisations/", {"name": "Réseau Fictif", "kind": "ngo", "identifiers": identifiers})

    assert response.json()["identifiers"] == [
        {"scheme": "domain", "value": "fictif.example"},
        {"scheme": "lei", "value": LEI},
    ]


def test_a_representative_is_told_before_it_enters_a_company_twice(lcr_be):
    make_organisation(kind="company", name="Hotel Fictif (DEMO)")
    body = {"name": "hotel fictif demo", "country": "BE", "category": "hotel"}

    refused = lcr_be.post("companies/", body)
    taken = lcr_be.post("companies/", {**body, "is_another": True})

    assert (refused.status_code, refused.json()["code"], taken.status_code) == (409, "duplicate", 201)
