"""Changes of organisations over HTTP."""

from __future__ import annotations

import pytest

from members.organisations.models import Organisation, Parentage
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation, make_parentage


def test_the_secretariat_registers_an_organisation(secretariat):
    body = {"name": "Réseau Fictif", "kind": "ngo", "country": "LU", "languages": ["fr", "pcm"]}

    response = secretariat.post("organisations/", body)

    assert response.status_code == 201, response.content
    row = response.json()
    assert (row["name"], row["country"], row["zone"], row["languages"]) == (
        "Réseau Fictif",
        "LU",
        "Europe/Luxembourg",
        ["fr", "pcm"],
    )
    assert response["Location"] == f"/api/v1/organisations/{row['id']}/"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"country": "ZZ"}, "/country", "unknown_reference"),
        ({"zone": "Mars/Base"}, "/zone", "unknown_zone"),
        ({"kind": "club"}, "/kind", "invalid_choice"),
        ({"languages": ["français"]}, "/languages/0", "invalid"),
        ({"is_demo": True}, "/is_demo", "unknown_field"),
        ({"name": ""}, "/name", "blank"),
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_written(secretariat, change, pointer, code):
    before = Organisation.objects.count()

    response = secretariat.post("organisations/", {"name": "Réseau Fictif", "kind": "ngo", **change})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("role", ["member_group", "stop_partner", "company_editor", "auditor"])
def test_only_the_secretariat_registers(client_for, role):
    client = client_for(role)
    before = Organisation.objects.count()

    response = client.post("organisations/", {"name": "Réseau Fictif", "kind": "ngo"})

    assert (response.status_code, Organisation.objects.count()) == (403, before)


@pytest.mark.parametrize("role", ["member_group", "stop_partner"])
def test_an_officer_keeps_the_own_record_and_no_other(client_for, role):
    client = client_for(role)
    other = make_organisation()
    make_network_membership(organisation=other)  # visible to everybody, and still not theirs

    own = client.patch(f"organisations/{client.organisation.pk}/profile/", {"website": "https://fictif.example/"})
    foreign = client.patch(f"organisations/{other.pk}/profile/", {"website": "https://fictif.example/"})

    assert (own.status_code, own.json()["website"], foreign.status_code) == (200, "https://fictif.example/", 404)
    other.refresh_from_db()
    assert (other.website, other.version) == ("", 1)


def test_an_officer_does_not_change_what_is_the_secretariats(client_for):
    client = client_for("member_group")

    response = client.patch(f"organisations/{client.organisation.pk}/profile/", {"is_listed": False})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "unknown_field")
    client.organisation.refresh_from_db()
    assert client.organisation.is_listed is True


def test_a_change_of_an_older_version_is_refused(secretariat):
    organisation = make_organisation()
    tag = secretariat.get(f"organisations/{organisation.pk}/")["ETag"]
    first = secretariat.patch(f"organisations/{organisation.pk}/", {"note": "one"}, if_match=tag)

    second = secretariat.patch(f"organisations/{organisation.pk}/", {"note": "two"}, if_match=tag)

    assert (first.status_code, second.status_code) == (200, 412)
    organisation.refresh_from_db()
    assert (organisation.note, organisation.version) == ("one", 2)


def test_a_new_name_keeps_the_old_one(secretariat):
    organisation = make_organisation(name="Vieux Nom Fictif")

    response = secretariat.post(
        f"organisations/{organisation.pk}/rename/", {"name": "Nom Fictif", "effective_on": "2026-12-01"}
    )

    assert response.status_code == 200, response.content
    assert [(name["text"], name["kind"], name["valid_until"]) for name in response.json()["names"]] == [
        ("Nom Fictif", "official", None),
        ("Vieux Nom Fictif", "former", "2026-11-30"),
    ]


def test_a_ring_of_parents_is_refused(secretariat):
    group, hotel = make_organisation(), make_organisation()
    make_parentage(child=hotel, parent=group)

    response = secretariat.post(f"organisations/{group.pk}/parent/", {"parent": str(hotel.pk)})

    assert (response.status_code, response.json()["code"]) == (409, "parent_ring")
    assert (Parentage.objects.count(), AuditEvent.objects.filter(action="organisations.set_parent").count()) == (1, 0)


def test_a_dry_run_leaves_nothing(secretariat):
    before = Organisation.objects.count()

    response = secretariat.post("organisations/?dry_run=true", {"name": "Réseau Fictif", "kind": "ngo"})

    assert (response.status_code, Organisation.objects.count()) == (201, before)
    assert AuditEvent.objects.filter(action="organisations.create").count() == 0
