"""People over HTTP: kept by their organisation, its representative and the secretariat; never public."""

from __future__ import annotations

import pytest

from members.people.models import Person, PersonRole
from registry.kernel.audit.models import AuditEvent
from tests.factories.organisations import make_organisation
from tests.factories.people import make_contact, make_held_role, make_person


def body_for(house, **changes):
    return {
        "name": "Camille Fictif",
        "organisation": str(house.pk),
        "role": "director",
        "language": "nl",
        **changes,
    }


@pytest.mark.parametrize("role", ["company_editor", "member_group", "stop_partner"])
def test_an_officer_enters_a_person_of_the_own_organisation(client_for, role):
    client = client_for(role)

    response = client.post("people/", body_for(client.organisation))

    assert response.status_code == 201, response.content
    row = response.json()
    assert {name: row[name] for name in ("name", "language", "zone", "contacts")} == {
        "name": "Camille Fictif",
        "language": "nl",
        "zone": "Europe/Brussels",
        "contacts": [],
    }
    assert [(one["organisation"]["id"], one["role"], one["valid_from"]) for one in row["roles"]] == [
        (str(client.organisation.pk), "director", "2026-11-22")
    ]


def test_a_representative_keeps_people_of_its_country_alone(lcr_be, lcr_nl):
    person = make_person()

    seen = [client.get(f"people/{person.pk}/").status_code for client in (lcr_be, lcr_nl)]
    changed = [client.patch(f"people/{person.pk}/", {"language": "nl"}).status_code for client in (lcr_be, lcr_nl)]

    assert (seen, changed) == ([200, 404], [200, 404])


@pytest.mark.parametrize(
    ("role", "status"), [("public", 401), ("auditor", 403), ("evaluator", 403), ("site_editor", 403)]
)
@pytest.mark.parametrize("path", ["people/", "people/counts/"])
def test_people_are_never_public(client_for, role, status, path):
    assert client_for(role).get(path).status_code == status


def test_a_foreign_person_looks_like_an_absent_one(client_for):
    client, person = client_for("company_editor"), make_person()
    absent = "01900000-0000-7000-8000-00000000dead"
    calls = [
        [client.get(f"people/{key}/") for key in (person.pk, absent)],
        [client.patch(f"people/{key}/", {"language": "nl"}) for key in (person.pk, absent)],
        [client.post(f"people/{key}/erase/") for key in (person.pk, absent)],
    ]

    for foreign, missing in calls:
        told = [{**answer.json(), "request_id": ""} for answer in (foreign, missing)]
        assert (foreign.status_code, missing.status_code, told[0]) == (404, 404, told[1])
    assert (Person.objects.get().language, AuditEvent.objects.count()) == ("fr", 0)


def test_roles_elsewhere_are_not_shown_nor_found(client_for):
    client, elsewhere = client_for("member_group"), make_organisation(name="Maison Fictive")
    person = make_person(organisation=client.organisation)
    make_held_role(person=person, organisation=elsewhere, role="board_member")
    make_contact(organisation=elsewhere, person=person, email="elsewhere@maison-fictive.example")

    row = client.get(f"people/{person.pk}/").json()

    assert ([one["role"] for one in row["roles"]], row["contacts"]) == (["reporting_officer"], [])
    assert client.get("people/", organisation=str(elsewhere.pk)).json()["results"] == []
    assert client.get("people/", role="board_member").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "zoe"}, ["Zoé Fictif"]),
        ({"role": "trainer"}, ["Ada Fictif"]),
        ({"language": "nl"}, ["Ada Fictif"]),
        ({"country": "NL"}, ["Ada Fictif"]),
        ({"valid_on": "2025-12-31"}, []),
        ({}, ["Ada Fictif", "Zoé Fictif"]),
        ({"ordering": "-name"}, ["Zoé Fictif", "Ada Fictif"]),
    ],
)
def test_people_are_found(secretariat, query, found):
    make_person(name="Zoé Fictif")
    make_person(name="Ada Fictif", language="nl", role="trainer", organisation=make_organisation(country_id="NL"))

    results = secretariat.get("people/", **query).json()["results"]

    assert [row["name"] for row in results] == found


def test_leaving_takes_the_person_off_the_list_and_keeps_the_old_days(secretariat):
    house = make_organisation()
    person = make_person(organisation=house)
    make_contact(organisation=house, person=person)

    response = secretariat.post(
        f"people/{person.pk}/leave/", {"organisation": str(house.pk), "valid_until": "2026-11-22"}
    )

    assert response.status_code == 200
    assert [one["valid_until"] for one in response.json()["roles"] + response.json()["contacts"]] == ["2026-11-22"] * 2
    lists = [secretariat.get("people/", valid_on=day).json()["results"] for day in ("2026-11-22", "2026-11-23")]
    assert [[row["id"] for row in rows] for rows in lists] == [[str(person.pk)], []]


def test_a_further_role_is_given(secretariat):
    person, house = make_person(), make_organisation()

    response = secretariat.post(f"people/{person.pk}/roles/", {"organisation": str(house.pk), "role": "trainer"})

    assert (response.status_code, {one["role"] for one in response.json()["roles"]}) == (
        201,
        {"reporting_officer", "trainer"},
    )


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": ""}, "/name", "blank"),
        ({"name": "x" * 201}, "/name", "max_length"),
        ({"role": "king"}, "/role", "invalid_choice"),
        ({"organisation": "01900000-0000-7000-8000-00000000dead"}, "/organisation", "unknown_reference"),
        ({"language": "xx"}, "/language", "invalid_choice"),
        ({"zone": "Mars/Base"}, "/zone", "unknown_zone"),
        ({"valid_from": "1800-01-01"}, "/valid_from", "out_of_range"),
        ({"email": "a@b.example"}, "/email", "unknown_field"),
    ],
)
def test_a_bad_body_writes_nothing(secretariat, change, pointer, code):
    response = secretariat.post("people/", body_for(make_organisation(), **change))

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (Person.objects.count(), PersonRole.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_an_old_tag_is_refused(secretariat):
    person = make_person()
    tag = secretariat.get(f"people/{person.pk}/").headers["ETag"]
    secretariat.patch(f"people/{person.pk}/", {"language": "nl"}, if_match=tag)

    response = secretariat.patch(f"people/{person.pk}/", {"language": "de"}, if_match=tag)

    person.refresh_from_db()
    assert (response.status_code, person.language, person.version) == (412, "nl", 2)


def test_a_list_costs_the_same_for_one_and_for_many(client_for, django_assert_max_num_queries):
    client = client_for("member_group")
    counts = []
    for more in (1, 9):
        for _ in range(more):
            person = make_person(organisation=client.organisation)
            make_contact(organisation=client.organisation, person=person)
        with django_assert_max_num_queries(20) as captured:
            assert client.get("people/").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_roles_are_counted_as_of_a_day(client_for):
    client = client_for("member_group")
    make_person(organisation=client.organisation)
    make_person(organisation=client.organisation, role="trainer")
    make_person()

    answers = [client.get("people/counts/", valid_on=day).json() for day in ("2026-11-22", "2025-12-31")]

    assert answers == [
        {
            "on": "2026-11-22",
            "total": 2,
            "roles": [{"role": "reporting_officer", "count": 1}, {"role": "trainer", "count": 1}],
        },
        {"on": "2025-12-31", "total": 0, "roles": []},
    ]
