"""Erasing over HTTP: by the secretariat or the own organisation; stored answers go with the person."""

from __future__ import annotations

import pytest

from members.people.models import Contact, ErasureLedger, Person
from registry.kernel.audit.models import AuditEvent
from tests.factories.people import make_contact, make_held_role, make_person


@pytest.mark.parametrize("role", ["secretariat", "company_editor", "member_group", "stop_partner", "lcr"])
def test_the_own_organisation_and_the_secretariat_erase(client_for, role):
    client = client_for(role)
    person = make_person(**({"organisation": client.organisation} if client.organisation else {}))
    make_contact(organisation=person.roles.get().organisation, person=person)

    response = client.post(f"people/{person.pk}/erase/")

    assert response.status_code == 200, response.content
    assert response.json() == {
        "id": str(person.pk),
        "erased_at": "2026-11-22T10:00:00Z",
        "rows": {"contacts": 1, "people": 1, "logins": 0, "invitations": 0},
        "roles_kept": 1,
        "stored_answers": 0,
    }
    assert (Person.objects.count(), Contact.objects.count(), ErasureLedger.objects.count()) == (0, 0, 2)
    assert client.get(f"people/{person.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("company_viewer", 403), ("lcr", 404), ("auditor", 403), ("public", 401)])
def test_nobody_else_erases(client_for, role, status):
    client = client_for(role)
    own = {"organisation": client.organisation} if role == "company_viewer" else {}
    person = make_person(**own)

    response = client.post(f"people/{person.pk}/erase/")

    assert (response.status_code, Person.objects.count(), AuditEvent.objects.count()) == (status, 1, 0)


def test_who_works_elsewhere_too_is_left_to_the_secretariat(client_for, secretariat):
    client = client_for("member_group")
    person = make_person(organisation=client.organisation)
    make_held_role(person=person, organisation=make_person().roles.get().organisation)

    refused = client.post(f"people/{person.pk}/erase/")
    done = secretariat.post(f"people/{person.pk}/erase/")

    assert (refused.status_code, refused.json()["code"], done.status_code) == (409, "held_elsewhere", 200)


def test_a_stored_answer_is_not_told_again(client_for):
    client = client_for("member_group")
    body = {"name": "Camille Fictif", "organisation": str(client.organisation.pk), "role": "director"}
    person = client.post("people/", body, key="enter-1").json()
    first = client.post("people/", body, key="enter-1")

    erased = client.post(f"people/{person['id']}/erase/", key="erase-1")
    again = client.post("people/", body, key="enter-1")

    assert (first.status_code, first.json()["name"]) == (201, "Camille Fictif")
    assert (erased.json()["stored_answers"], again.status_code, again.json()["code"]) == (1, 409, "answer_not_kept")
    assert client.post(f"people/{person['id']}/erase/", key="erase-1").json() == erased.json()
    assert Person.objects.count() == 0


def test_a_dry_run_erases_nobody(secretariat):
    person = make_person()

    response = secretariat.post(f"people/{person.pk}/erase/?dry_run=true")

    assert (response.status_code, response.json()["rows"]["people"]) == (200, 1)
    assert (Person.objects.count(), ErasureLedger.objects.count()) == (1, 0)
