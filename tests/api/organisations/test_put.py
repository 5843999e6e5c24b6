"""PUT /organisations/by/{scheme}/{value}/: another system keeps an organisation under the code that it knows."""

from __future__ import annotations

from typing import Any

import pytest

from members.organisations.models import Identifier, Organisation, OrganisationName
from registry.kernel.audit.models import AuditEvent
from tests.factories.organisations import make_organisation

LEI, OTHER = "00000000000000000098", "529900T8BM49AURSDO55"
PATH = f"organisations/by/lei/{LEI}/"
SAID = {"name": "Réseau Fictif", "kind": "ngo", "country": "LU", "website": "https://reseau-fictif.example/"}


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Organisation, OrganisationName, Identifier, AuditEvent)
    ]


def test_the_first_time_registers_and_the_same_again_changes_nothing(secretariat):
    first = secretariat.put(PATH, SAID)
    before = everything()
    again = secretariat.put(f"organisations/by/lei/{LEI[:4]} {LEI[4:]}/", SAID)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert (again["ETag"], everything()) == (first["ETag"], before)
    row = Organisation.objects.get(pk=first.json()["id"])
    assert (row.name, row.country_id, row.zone, row.domain) == (
        "Réseau Fictif",
        "LU",
        "Europe/Luxembourg",
        "reseau-fictif.example",
    )
    assert list(row.identifiers.values_list("scheme", "value")) == [("lei", LEI)]


def test_what_is_said_anew_is_written_and_what_is_left_out_stays(secretariat):
    key = secretariat.put(PATH, {**SAID, "note": "Knows the field.", "languages": ["fr"]}).json()["id"]
    more = {"scheme": "domain", "value": "reseau-fictif.example"}

    said = {"name": "Réseau Fictif Neuf", "kind": "ngo", "languages": ["fr", "nl"], "identifiers": [more]}
    answer = secretariat.put(PATH, said)

    row = Organisation.objects.get(pk=key)
    assert (answer.status_code, answer.json()["id"]) == (200, key)
    assert (row.name, row.languages, row.note, row.country_id) == (
        "Réseau Fictif Neuf",
        ["fr", "nl"],
        "Knows the field.",
        "LU",
    )
    assert set(row.identifiers.values_list("scheme", "value")) == {("lei", LEI), ("domain", "reseau-fictif.example")}
    assert set(OrganisationName.objects.current().filter(organisation=row).values_list("text", "kind")) == {
        ("Réseau Fictif", "former"),
        ("Réseau Fictif Neuf", "official"),
    }
    assert list(AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", flat=True)) == [
        "organisations.create",
        "organisations.rename",
        "organisations.update",
        "organisations.add_identifier",
    ]


def test_one_that_is_there_under_another_code_is_refused_as_a_duplicate(secretariat):
    known = make_organisation(name="Réseau Fictif", kind="ngo", country_id="LU")
    domain = {"scheme": "domain", "value": "reseau-fictif.example"}
    secretariat.post(f"organisations/{known.pk}/identifiers/", domain)
    before = everything()

    refused = secretariat.put(PATH, {**SAID, "identifiers": [domain]})

    assert (refused.status_code, refused.json()["code"], everything()) == (409, "duplicate", before)
    assert [one["id"] for one in refused.json()["details"]["candidates"]] == [str(known.pk)]
    assert secretariat.put(PATH, {**SAID, "is_another": True}).status_code == 200
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "body", "status", "found"),
    [
        ("organisations/by/lei/123/", SAID, 400, ("/value", "bad_identifier")),
        (f"organisations/by/isbn/{LEI}/", SAID, 404, None),
        (PATH, {**SAID, "country": "ZZ"}, 400, ("/country", "unknown_reference")),
        (PATH, {"kind": "ngo"}, 400, ("/name", "required")),
        (PATH, {**SAID, "is_demo": True}, 400, ("/is_demo", "unknown_field")),
        (
            PATH,
            {**SAID, "identifiers": [{"scheme": "lei", "value": "1"}]},
            400,
            ("/identifiers/0/value", "bad_identifier"),
        ),
        (PATH, {**SAID, "identifiers": [{"scheme": "lei", "value": OTHER}]}, 409, None),
    ],
)
@pytest.mark.parametrize("is_known", [False, True])
def test_what_cannot_be_kept_writes_nothing(secretariat, path, body, status, found, is_known):
    if is_known:
        secretariat.put(PATH, SAID)
    before = everything()

    response = secretariat.put(path, body)

    faults = [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]
    assert (response.status_code, faults) == (status, [found] if found else [])
    assert everything() == before


def test_an_old_tag_is_too_old(secretariat):
    old = secretariat.put(PATH, SAID)["ETag"]
    present = secretariat.put(PATH, {**SAID, "languages": ["fr"]})["ETag"]
    before = everything()

    response = secretariat.put(PATH, {**SAID, "languages": ["nl"]}, if_match=old)

    assert (response.status_code, response.json()["code"], response["ETag"]) == (412, "stale", present)
    assert secretariat.put(f"organisations/by/lei/{OTHER}/", SAID, if_match=old).status_code == 412
    assert everything() == before


@pytest.mark.parametrize("role", ["member_group", "stop_partner", "company_editor", "lcr", "auditor"])
def test_only_the_secretariat_writes(client_for, role):
    client = client_for(role)
    before = everything()[:3]

    response = client.put(PATH, SAID)

    assert (response.status_code, everything()[:3]) == (403, before)
