"""Contacts over HTTP: kept by their organisation, its representative and the secretariat; never public."""

from __future__ import annotations

import pytest

from members.people.models import Contact, PersonRole
from tests.factories.organisations import make_organisation
from tests.factories.people import make_contact, make_person


def body_for(organisation, **changes):
    return {
        "organisation": str(organisation.pk),
        "role": "reporting_officer",
        "email": "reports@hotel-fictif.example",
        "language": "nl",
        **changes,
    }


@pytest.mark.parametrize("role", ["company_editor", "member_group", "stop_partner"])
def test_an_officer_adds_a_contact_of_the_own_organisation(client_for, role):
    client = client_for(role)

    response = client.post("contacts/", body_for(client.organisation))

    assert response.status_code == 201, response.content
    row = response.json()
    assert (row["email"], row["language"], row["zone"], row["valid_from"]) == (
        "reports@hotel-fictif.example",
        "nl",
        "Europe/Brussels",
        "2026-11-22",
    )


def test_a_foreign_organisation_is_an_unknown_one(client_for):
    client = client_for("company_editor")

    response = client.post("contacts/", body_for(make_organisation()))

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/organisation")
    assert (response.json()["errors"][0]["code"], Contact.objects.count()) == ("unknown_reference", 0)


def test_a_representative_keeps_contacts_of_its_country_alone(lcr_be, lcr_nl):
    contact = make_contact()

    seen = [client.get(f"contacts/{contact.pk}/").status_code for client in (lcr_be, lcr_nl)]
    changed = [client.patch(f"contacts/{contact.pk}/", {"language": "nl"}).status_code for client in (lcr_be, lcr_nl)]

    assert (seen, changed) == ([200, 404], [200, 404])


def test_a_viewer_reads_and_does_not_write(client_for):
    viewer = client_for("company_viewer")
    contact = make_contact(organisation=viewer.organisation)

    assert viewer.get(f"contacts/{contact.pk}/").status_code == 200
    assert viewer.patch(f"contacts/{contact.pk}/", {"language": "nl"}).status_code == 403
    contact.refresh_from_db()
    assert (contact.language, contact.version) == ("fr", 1)


@pytest.mark.parametrize(("role", "status"), [("public", 401), ("auditor", 403), ("evaluator", 403)])
def test_contacts_are_never_public(client_for, role, status):
    assert client_for(role).get("contacts/").status_code == status


@pytest.mark.parametrize("email", ["a@b.example, v@y.example", "a@b", "nobody", "a@b.example\nBcc: v@y.example"])
def test_one_proper_address_is_taken(secretariat, email):
    response = secretariat.post("contacts/", body_for(make_organisation(), email=email))

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/email")
    assert Contact.objects.count() == 0


def test_an_ended_contact_leaves_the_list_after_its_last_day(secretariat):
    contact = make_contact()

    response = secretariat.post(f"contacts/{contact.pk}/end/", {"valid_until": "2026-11-22"})

    assert (response.status_code, response.json()["valid_until"]) == (200, "2026-11-22")
    lists = [secretariat.get("contacts/", valid_on=day).json()["results"] for day in ("2026-11-22", "2026-11-23")]
    assert [[row["id"] for row in rows] for rows in lists] == [[str(contact.pk)], []]


def test_a_contact_names_its_person_to_whoever_may_see_that_one(client_for, secretariat):
    client = client_for("member_group")
    person = make_person(organisation=client.organisation, name="Camille Fictif")

    response = client.post(
        "contacts/", {**body_for(client.organisation), "person": str(person.pk), "phone": "+32 2 555 01 00"}
    )

    assert response.status_code == 201, response.content
    key, shown = response.json()["id"], response.json()["person"]
    assert (shown["id"], shown["display"], response.json()["phone"]) == (
        str(person.pk),
        "Camille Fictif",
        "+3225550100",
    )
    # Once the person works elsewhere, this organisation is told no more of that one.
    client.post(
        f"people/{person.pk}/leave/", {"organisation": str(client.organisation.pk), "valid_until": "2026-11-21"}
    )
    PersonRole.objects.create(
        person=person,
        organisation=make_organisation(),
        role="trainer",
        valid_from="2026-11-22",
        created_at=person.created_at,
    )
    assert client.get(f"contacts/{key}/").json()["person"] is None
    assert secretariat.get(f"contacts/{key}/").json()["person"]["display"] == "Camille Fictif"


def test_a_foreign_person_is_an_unknown_one(client_for):
    client = client_for("member_group")

    response = client.post("contacts/", {**body_for(client.organisation), "person": str(make_person().pk)})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/person")
    assert (response.json()["errors"][0]["code"], Contact.objects.count()) == ("unknown_reference", 0)


@pytest.mark.parametrize("phone", ["02 555 01 00", "+0 2 555 01 00", "+32", "call me", "+32255501001234567"])
def test_one_proper_number_is_taken(secretariat, phone):
    response = secretariat.post("contacts/", body_for(make_organisation(), phone=phone))

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "bad_number")
    assert Contact.objects.count() == 0
