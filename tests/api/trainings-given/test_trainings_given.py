"""Trainings given over HTTP: everybody reads, the secretariat keeps all, a member those that it gave."""

from __future__ import annotations

import pytest

from members.initiatives.models import TrainingGiven
from registry.kernel.audit.models import AuditEvent
from tests.factories.initiatives import make_initiative, make_training_given
from tests.factories.organisations import make_organisation

ABSENT = "01900000-0000-7000-8000-00000000dead"


def body_for(giver=None, **changes):
    return {
        "title": "Journée fictive du barreau",
        "given_by": str(giver.pk) if giver else None,
        "held_on": "2026-05-18",
        "place": "Brussels",
        "country": "BE",
        "audiences": ["lawyer"],
        "languages": ["fr", "ps"],
        "attendance": 25,
        **changes,
    }


def test_a_member_records_a_training_that_it_gave(client_for, anonymous):
    client, initiative = client_for("member_group"), make_initiative(names={"en": "Fictional project"})

    response = client.post("trainings-given/", body_for(client.organisation, initiative=str(initiative.pk)))

    assert response.status_code == 201, response.content
    row = anonymous.get(f"trainings-given/{response.json()['id']}/").json()
    assert (row["given_by"]["display"], row["initiative"]["display"]) == (client.organisation.name, "Fictional project")
    assert {name: row[name] for name in ("held_on", "attendance", "audiences", "languages", "partners")} == {
        "held_on": "2026-05-18",
        "attendance": 25,
        "audiences": ["lawyer"],
        "languages": ["fr", "ps"],
        "partners": [],
    }


def test_a_training_of_others_is_the_secretariats_to_record(client_for, secretariat):
    client = client_for("stop_partner")

    refused = client.post("trainings-given/", body_for())
    recorded = secretariat.post("trainings-given/", body_for())

    fault = refused.json()["errors"][0]
    assert (refused.status_code, fault["pointer"], fault["code"]) == (400, "/given_by", "own_training_only")
    assert (recorded.status_code, recorded.json()["given_by"], TrainingGiven.objects.count()) == (201, None, 1)


def test_a_member_keeps_its_own_and_nobody_elses(client_for):
    client = client_for("member_group")
    own = make_training_given(given_by_id=client.organisation.pk)
    foreign = make_training_given(given_by_id=make_organisation().pk)

    changed = [
        client.patch(f"trainings-given/{key}/", {"attendance": 30}).status_code for key in (own.pk, foreign.pk, ABSENT)
    ]
    given_away = client.patch(f"trainings-given/{own.pk}/", {"given_by": None})
    removed = [client.delete(f"trainings-given/{one.pk}/").status_code for one in (foreign, own)]

    assert (changed, given_away.status_code, removed) == ([200, 404, 404], 400, [404, 204])
    assert list(TrainingGiven.objects.values_list("pk", "attendance")) == [(foreign.pk, 25)]


@pytest.mark.parametrize(("role", "status"), [("public", 401), ("company_editor", 403), ("lcr", 403), ("auditor", 403)])
def test_others_read_and_do_not_write(client_for, role, status):
    training, client = make_training_given(), client_for(role)

    assert client.get("trainings-given/").json()["results"][0]["id"] == str(training.pk)
    assert client.post("trainings-given/", body_for()).status_code == status
    assert client.delete(f"trainings-given/{training.pk}/").status_code == status
    assert TrainingGiven.objects.get().version == 1


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": ""}, "/title", "blank"),
        ({"given_by": ABSENT}, "/given_by", "unknown_reference"),
        ({"partners": [ABSENT]}, "/partners/0", "unknown_reference"),
        ({"initiative": ABSENT}, "/initiative", "unknown_reference"),
        ({"country": "XX"}, "/country", "unknown_reference"),
        ({"attendance": -1}, "/attendance", "min_value"),
        ({"held_on": "18 May"}, "/held_on", "bad_date"),
        ({"languages": ["xx"]}, "/languages/0", "unknown_language"),
        ({"names_of_those_who_came": ["x"]}, "/names_of_those_who_came", "unknown_field"),
    ],
)
def test_a_bad_body_writes_nothing(secretariat, change, pointer, code):
    response = secretariat.post("trainings-given/", body_for(**change))

    assert response.status_code == 400, response.content
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (TrainingGiven.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["A", "B"]),
        ({"q": "liege"}, ["B"]),
        ({"audience": "police"}, ["B"]),
        ({"language": "fa"}, ["B"]),
        ({"country": "NL"}, ["B"]),
        ({"year": 2017}, ["B"]),
        ({"year": 2016}, []),
        ({"ordering": "-title"}, ["B", "A"]),
    ],
)
def test_trainings_are_found(anonymous, query, found):
    make_training_given(title="A")
    make_training_given(
        title="B", place="Liège", country_id="NL", held_on="2017-01", audiences=["police"], languages=["fa"]
    )

    assert [row["title"] for row in anonymous.get("trainings-given/", **query).json()["results"]] == found


def test_an_unlisted_giver_is_neither_named_nor_found(anonymous, secretariat):
    hidden = make_organisation(is_listed=False)
    make_training_given(given_by_id=hidden.pk, partners=[hidden.pk])

    def seen(client):
        row = client.get("trainings-given/").json()["results"][0]
        found = [
            len(client.get("trainings-given/", **{end: str(hidden.pk)}).json()["results"])
            for end in ("given_by", "partner")
        ]
        return row["given_by"] is not None, len(row["partners"]), found

    assert (seen(anonymous), seen(secretariat)) == ((False, 0, [0, 0]), (True, 1, [1, 1]))


def test_a_list_costs_the_same_for_one_and_for_many(anonymous, django_assert_max_num_queries):
    counts = []
    for more in (1, 9):
        for _ in range(more):
            make_training_given(given_by_id=make_organisation().pk, partners=[make_organisation().pk])
        with django_assert_max_num_queries(10) as captured:
            assert anonymous.get("trainings-given/").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]
