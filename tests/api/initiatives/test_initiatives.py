"""Initiatives over HTTP: everybody reads, the secretariat keeps all, a lead its own."""

from __future__ import annotations

import pytest

from members.initiatives.models import Initiative
from registry.kernel.audit.models import AuditEvent
from tests.factories.initiatives import make_initiative
from tests.factories.organisations import make_organisation

ABSENT = "01900000-0000-7000-8000-00000000dead"


def body_for(lead=None, **changes):
    participants = [{"organisation": str(lead.pk), "role": "lead"}] if lead else []
    return {
        "code": "ensemble",
        "kind": "campaign",
        "names": {"en": "Together", "fr": "Ensemble"},
        "since": "2026-05",
        "participants": participants,
        "audiences": ["traveller", "lawyer"],
        "languages": ["pcm", "PT-br"],
        "links": [{"url": "https://ensemble-fictif.example/", "language": "fr"}],
        "figures": [{"unit": "EUR", "definition": "Asked for.", "target": "3000", "reached": "3147", "source": "plan"}],
        **changes,
    }


def test_a_member_group_adds_an_initiative_that_it_leads(client_for, anonymous):
    client = client_for("member_group")

    response = client.post("initiatives/", body_for(client.organisation))

    assert response.status_code == 201, response.content
    row = anonymous.get(f"initiatives/{response.json()['id']}/").json()
    assert {
        name: row[name] for name in ("code", "name", "since", "until", "audiences", "languages", "links", "note")
    } == {
        "code": "ensemble",
        "name": "Together",
        "since": "2026-05",
        "until": "",
        "audiences": ["lawyer", "traveller"],
        "languages": ["pcm", "pt-BR"],
        "links": [{"url": "https://ensemble-fictif.example/", "language": "fr", "title": ""}],
        "note": "",
    }
    assert [(one["organisation"]["display"], one["role"]) for one in row["participants"]] == [
        (client.organisation.name, "lead")
    ]
    assert [(one["target"], one["reached"], one["as_of"]) for one in row["figures"]] == [("3000.00", "3147.00", "")]


@pytest.mark.parametrize("role", ["member_group", "stop_partner"])
def test_an_initiative_of_others_is_the_secretariats_to_add(client_for, secretariat, role):
    client = client_for(role)

    refused = client.post("initiatives/", body_for())
    added = secretariat.post("initiatives/", body_for())

    fault = refused.json()["errors"][0]
    assert (refused.status_code, fault["pointer"], fault["code"]) == (400, "/participants", "own_lead_missing")
    assert (added.status_code, Initiative.objects.count()) == (201, 1)


def test_a_lead_keeps_its_own_and_nobody_elses(client_for):
    client = client_for("member_group")
    own = make_initiative(lead=client.organisation)
    partner = make_initiative(participants=[{"organisation_id": client.organisation.pk, "role": "partner"}])
    events = AuditEvent.objects.count()

    answers = [
        client.patch(f"initiatives/{key}/", {"place": "Gent"}).status_code for key in (own.pk, partner.pk, ABSENT)
    ]
    given_away = client.patch(f"initiatives/{own.pk}/", {"participants": []})
    removals = [client.delete(f"initiatives/{one.pk}/").status_code for one in (partner, own)]

    assert (answers, removals) == ([200, 404, 404], [404, 204])
    assert (given_away.status_code, given_away.json()["errors"][0]["code"]) == (400, "own_lead_missing")
    assert (Initiative.objects.get().pk, AuditEvent.objects.count()) == (partner.pk, events + 2)


@pytest.mark.parametrize(("role", "status"), [("public", 401), ("company_editor", 403), ("lcr", 403), ("auditor", 403)])
def test_others_read_and_do_not_write(client_for, role, status):
    initiative, client = make_initiative(), client_for(role)

    assert client.get("initiatives/").json()["results"][0]["id"] == str(initiative.pk)
    assert client.post("initiatives/", body_for()).status_code == status
    assert client.patch(f"initiatives/{initiative.pk}/", {"place": "Gent"}).status_code == status
    assert client.delete(f"initiatives/{initiative.pk}/").status_code == status
    initiative.refresh_from_db()
    assert (initiative.version, Initiative.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"languages": ["fr", "xx"]}, "/languages/1", "unknown_language"),
        ({"audiences": ["kings"]}, "/audiences/0", "invalid_choice"),
        ({"names": {}}, "/names", "empty"),
        ({"names": {"klingonese": "x"}}, "/names", "unknown_language"),
        ({"since": "2026-13"}, "/since", "bad_date"),
        ({"since": "2026", "until": "2025"}, "/until", "before_start"),
        ({"recurs_on": "02-30", "kind": "observance_day"}, "/recurs_on", "bad_date"),
        ({"recurs_on": "07-30"}, "/recurs_on", "not_a_day"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "/links/0/url", "invalid"),
        (
            {"participants": [{"organisation": ABSENT, "role": "lead"}]},
            "/participants/0/organisation",
            "unknown_reference",
        ),
        ({"figures": [{"unit": "EUR", "definition": "d", "source": "s"}]}, "/figures/0", "says_nothing"),
        ({"figures": [{"unit": "EUR", "definition": "d", "target": "1"}]}, "/figures/0/source", "required"),
        ({"code": "not a code"}, "/code", "invalid"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
def test_a_bad_body_writes_nothing(secretariat, change, pointer, code):
    response = secretariat.post("initiatives/", body_for(**change))

    assert response.status_code == 400, response.content
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (Initiative.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_code_is_given_once(secretariat):
    make_initiative(code="ensemble")

    response = secretariat.post("initiatives/", body_for())

    assert (response.status_code, response.json()["code"]) == (409, "initiative_exists")


def test_an_old_tag_is_refused(secretariat):
    initiative = make_initiative(since="2025")
    tag = secretariat.get(f"initiatives/{initiative.pk}/").headers["ETag"]
    secretariat.patch(f"initiatives/{initiative.pk}/", {"since": "2024"}, if_match=tag)

    response = secretariat.patch(f"initiatives/{initiative.pk}/", {"since": "2023"}, if_match=tag)

    initiative.refresh_from_db()
    assert (response.status_code, initiative.since, initiative.version) == (412, "2024", 2)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["a", "b", "c"]),
        ({"q": "regard"}, ["b"]),
        ({"kind": ["tool", "award"]}, ["b", "c"]),
        ({"audience": "police"}, ["b"]),
        ({"audience": ["police", "traveller"]}, ["a", "b"]),
        ({"language": "PCM"}, ["b"]),
        ({"year": 2014}, ["b"]),
        ({"year": [2014, 2025]}, ["a", "b"]),
        ({"year": 1999}, []),
        ({"code": "c"}, ["c"]),
    ],
)
def test_initiatives_are_found(anonymous, query, found):
    make_initiative(code="a", since="2025")
    make_initiative(
        code="b", kind="tool", names={"fr": "Régard"}, since="2012", until="2015-06", audiences=["police", "lawyer"],
        languages=["pcm", "fr"],
    )  # fmt: skip
    make_initiative(code="c", kind="award", since="", audiences=[])

    assert [row["code"] for row in anonymous.get("initiatives/", **query).json()["results"]] == found


@pytest.mark.parametrize(("query", "code"), [({"language": "xx"}, "unknown_language"), ({"year": "last"}, "invalid")])
def test_a_filter_takes_what_exists(anonymous, query, code):
    response = anonymous.get("initiatives/", **query)

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, code)


def test_an_unlisted_organisation_is_neither_named_nor_found(client_for, anonymous, secretariat):
    hidden, lead = make_organisation(is_listed=False), client_for("member_group")
    initiative = make_initiative(
        participants=[
            {"organisation_id": lead.organisation.pk, "role": "lead"},
            {"organisation_id": hidden.pk, "role": "partner"},
        ]
    )
    itself, outsider = client_for("member_group", organisation=hidden), client_for("member_group")

    def seen(client):
        shown = client.get(f"initiatives/{initiative.pk}/").json()["participants"]
        found = client.get("initiatives/", participant=str(hidden.pk)).json()["results"]
        return [one["role"] for one in shown], len(found)

    assert [seen(client) for client in (anonymous, outsider, lead, itself, secretariat)] == [
        (["lead"], 0),
        (["lead"], 0),
        (["lead", "partner"], 1),
        (["lead", "partner"], 1),
        (["lead", "partner"], 1),
    ]
    told = lead.get(f"initiatives/{initiative.pk}/").json()["participants"]
    again = [{"organisation": one["organisation"]["id"], "role": one["role"]} for one in told]
    assert lead.patch(f"initiatives/{initiative.pk}/", {"participants": again}).status_code == 200
    assert initiative.participants.count() == 2


def test_a_list_costs_the_same_for_one_and_for_many(anonymous, django_assert_max_num_queries):
    counts = []
    for more in (1, 9):
        for _ in range(more):
            make_initiative(lead=make_organisation(), languages=["fr", "nl"], audiences=["traveller", "youth"])
        with django_assert_max_num_queries(10) as captured:
            assert anonymous.get("initiatives/").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]
