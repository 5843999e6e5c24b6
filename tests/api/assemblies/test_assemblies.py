"""Assemblies over HTTP: added, changed, registered for, and who may."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.assemblies.models import Assembly, AssemblyParticipation
from registry.kernel.audit.models import AuditEvent
from tests.factories.assemblies import make_assembly, make_member_assembly, make_registration, make_resolution
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation


def events() -> list[str]:
    rows = AuditEvent.objects.filter(action__startswith="assemblies.").exclude(actor_id=None)
    return list(rows.order_by("at", "pk").values_list("action", flat=True))


def tag_of(client, assembly) -> str:
    return client.get(f"assemblies/{assembly.pk}/")["ETag"]


def body_of(organisation, **values) -> dict:
    named = {"organisation": str(organisation.pk), "kind": "network", "title": "Assemblée fictive"}
    return {**named, "starts_on": "2026-09-27", **values}


def test_a_member_group_keeps_its_own_assembly_with_its_voters_as_a_count(client_for, anonymous):
    group = make_organisation(name="Réseau Fictif Belge")
    client = client_for("member_group", organisation=group)

    created = client.post(
        "assemblies/",
        body_of(
            group,
            kind="member",
            starts_on="--09-27",
            place="Bruxelles",
            country="BE",
            mode="in_person",
            voter_count=9,
            entitled_count=20,
            quorum_share="0.5",
        ),
    )
    url = f"assemblies/{created.json()['id']}/"
    missed = client.get(f"{url}quorum/").json()
    changed = client.patch(url, {"voter_count": 10}, if_match=created["ETag"])
    met = client.get(f"{url}quorum/").json()

    assert (created.status_code, changed.status_code, created.json()["starts_on"]) == (201, 200, "--09-27")
    assert (missed["is_met"], missed["required_least"], missed["present"]) == (
        False,
        10,
        {"certain": 9, "uncertain": 0},
    )
    assert (met["is_met"], met["entitled"]) == (True, {"certain": 20, "uncertain": 0})
    assert client.get(f"{url}voting-rights/").json()["results"] == []
    assert events() == ["assemblies.create", "assemblies.update"]
    # An assembly is public, and makes its organiser so.
    assert anonymous.get(url).json()["organisation"]["display"] == "Réseau Fictif Belge"


def test_a_member_group_keeps_no_other_and_none_of_the_network(client_for):
    group = make_organisation()
    client = client_for("member_group", organisation=group)
    theirs, networks = make_member_assembly(), make_assembly(organisation=make_organisation(kind="network"))

    network = client.post("assemblies/", body_of(group))
    foreign = client.post("assemblies/", body_of(make_organisation(), kind="member"))
    patched = [client.patch(f"assemblies/{row.pk}/", {"title": "X"}, if_match="*") for row in (theirs, networks)]
    registered = client.post(f"assemblies/{networks.pk}/register/", {"organisations": [str(group.pk)]})

    assert (network.status_code, network.json()["errors"][0]["pointer"], network.json()["errors"][0]["code"]) == (
        400,
        "/kind",
        "right_missing",
    )
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "unknown_reference")
    assert [answer.status_code for answer in (*patched, registered)] == [404, 404, 404]
    assert (Assembly.objects.count(), AssemblyParticipation.objects.count(), events()) == (2, 0, [])


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"starts_on": "27 September"}, "/starts_on", "invalid_date"),
        ({"starts_on": ""}, "/starts_on", "blank"),
        ({"ends_on": "2026-09-26"}, "/ends_on", "before_start"),
        ({"voter_count": 3}, "/voter_count", "worked_out"),
        ({"kind": "member", "voter_count": 3, "entitled_count": 2}, "/voter_count", "more_than_entitled"),
        ({"quorum_share": "1.1"}, "/quorum_share", "max_value"),
        ({"quorum_share": "0"}, "/quorum_share", "min_value"),
        ({"number": 0}, "/number", "min_value"),
        ({"mode": "by_post"}, "/mode", "invalid_choice"),
        ({"country": "XX"}, "/country", "unknown_reference"),
    ],
)
def test_a_bad_assembly_is_refused_with_its_place(secretariat, values, pointer, code):
    response = secretariat.post("assemblies/", body_of(make_organisation(), **values))

    errors = response.json()["errors"]
    assert (response.status_code, [(error["pointer"], error["code"]) for error in errors]) == (400, [(pointer, code)])
    assert (Assembly.objects.count(), events()) == (0, [])


def test_a_number_is_given_once(secretariat):
    assembly = make_assembly(number=6)

    response = secretariat.post("assemblies/", body_of(assembly.organisation, number=6))
    elsewhere = secretariat.post("assemblies/", body_of(make_organisation(), number=6))

    assert (response.status_code, response.json()["code"]) == (409, "assembly_number_taken")
    assert (elsewhere.status_code, Assembly.objects.count()) == (201, 2)


def test_a_change_needs_the_tag_of_the_present_version(secretariat):
    assembly = make_assembly()
    old = tag_of(secretariat, assembly)
    Assembly.objects.filter(pk=assembly.pk).update(version=5)

    answers = [
        secretariat.patch(f"assemblies/{assembly.pk}/", {"title": "X"}, **options)
        for options in ({}, {"if_match": old})
    ]

    assembly.refresh_from_db()
    assert [answer.status_code for answer in answers] == [428, 412]
    assert (assembly.version, assembly.title == "X", events()) == (5, False, [])


def test_organisations_register_all_or_none(secretariat):
    assembly = make_assembly()
    there = make_registration(assembly=assembly).organisation_id
    new = make_network_membership().organisation_id
    url = f"assemblies/{assembly.pk}/register/"

    again = secretariat.post(url, {"organisations": [str(new), str(there)]})
    twice = secretariat.post(url, {"organisations": [str(new), str(new)]})
    good = secretariat.post(url, {"organisations": [str(new)]})
    gone = secretariat.post(f"assemblies/{assembly.pk}/withdraw/", {"organisation": str(there)})
    never = secretariat.post(f"assemblies/{assembly.pk}/withdraw/", {"organisation": str(there)})

    assert [
        (a.status_code, a.json()["errors"][0]["pointer"], a.json()["errors"][0]["code"]) for a in (again, twice)
    ] == [(400, "/organisations/1", "already_registered")] * 2
    assert (good.json()["registered_count"], gone.json()["registered_count"]) == (2, 1)
    assert (never.status_code, never.json()["errors"][0]["code"]) == (400, "not_registered")
    assert list(assembly.participations.values_list("organisation_id", flat=True)) == [new]
    assert events() == ["assemblies.register", "assemblies.withdraw"]


def test_voting_rights_say_why_and_why_not(secretariat, django_assert_max_num_queries):
    assembly = make_assembly(quorum_share="0.5")
    rows = {
        kind: make_registration(assembly=assembly, kind=kind).organisation for kind in ("full", "affiliate", "unknown")
    }
    stranger = make_organisation()
    url = f"assemblies/{assembly.pk}/"

    answer = secretariat.get(f"{url}voting-rights/").json()
    asked = secretariat.get(f"{url}voting-rights/", organisation=str(stranger.pk)).json()
    quorum = secretariat.get(f"{url}quorum/").json()

    found = {row["organisation"]["id"]: (row["vote"], row["reason"]) for row in answer["results"]}
    assert found == {
        str(rows["full"].pk): ("yes", "full_member"),
        str(rows["affiliate"].pk): ("no", "affiliate"),
        str(rows["unknown"].pk): ("uncertain", "kind_unknown"),
    }
    assert [(row["organisation"]["id"], row["vote"], row["reason"]) for row in asked["results"]] == [
        (str(stranger.pk), "no", "not_a_member")
    ]
    assert (quorum["is_met"], quorum["present"], quorum["entitled"], quorum["as_of"]) == (
        True,
        {"certain": 1, "uncertain": 1},
        {"certain": 1, "uncertain": 1},
        "2026-09-27",
    )


def test_who_looks_into_the_votes_of_an_assembly(client_for, auditor, anonymous, lcr_be):
    assembly = make_assembly(organisation=make_organisation(kind="network", country_id=None))
    member = client_for("member_group", organisation=make_registration(assembly=assembly).organisation)
    other = client_for("member_group")

    def status(client, path: str) -> int:
        return client.get(path).status_code

    for path in (f"assemblies/{assembly.pk}/quorum/", f"assemblies/{assembly.pk}/voting-rights/"):
        assert [status(client, path) for client in (member, auditor, other, lcr_be, anonymous)] == [
            200,
            200,
            404,
            404,
            401,
        ]
    listed = [len(c.get("assembly-participations/").json()["results"]) for c in (member, auditor, other, lcr_be)]
    assert listed == [1, 1, 0, 0]
    assert anonymous.get("assembly-participations/").status_code == 401


def test_the_unlisted_are_hidden(client_for, anonymous, auditor):
    hidden = make_organisation(is_listed=False)
    make_member_assembly(organisation=hidden, title="Cachée")
    public = make_assembly(title="Publique")
    member = client_for("member_group", organisation=make_registration(assembly=public).organisation)
    make_registration(assembly=public, organisation=hidden)

    def titles(client) -> list[str]:
        return [row["title"] for row in client.get("assemblies/", ordering="title").json()["results"]]

    assert (titles(anonymous), titles(member)) == (["Publique"], ["Publique"])
    assert titles(auditor) == titles(client_for("member_group", organisation=hidden)) == ["Cachée", "Publique"]
    assert len(member.get("assembly-participations/").json()["results"]) == 1
    assert len(member.get(f"assemblies/{public.pk}/voting-rights/").json()["results"]) == 1


def test_voters_never_fall_below_the_votes_counted(secretariat):
    assembly = make_member_assembly()
    make_resolution(assembly=assembly, votes_for=10, votes_against=3, abstentions=1)

    fewer = secretariat.patch(f"assemblies/{assembly.pk}/", {"voter_count": 13}, if_match=tag_of(secretariat, assembly))

    assembly.refresh_from_db()
    assert (fewer.status_code, fewer.json()["code"], fewer.json()["details"]) == (
        409,
        "fewer_voters_than_votes",
        {"votes": 14, "voters": 13},
    )
    assert (assembly.voter_count, assembly.version, events()) == (14, 1, [])


@pytest.mark.parametrize(
    "path", ["assemblies/", "assembly-participations/", "assemblies/{id}/quorum/", "assemblies/{id}/voting-rights/"]
)
def test_reading_costs_the_same_however_many_there_are(secretariat, django_assert_num_queries, path):
    assembly = make_assembly()
    make_registration(assembly=assembly)
    url = path.format(id=assembly.pk)
    secretariat.get(url)
    with CaptureQueriesContext(connection) as one:
        secretariat.get(url)
    for _ in range(5):
        make_assembly(organisation=assembly.organisation)
        make_registration(assembly=assembly)

    with django_assert_num_queries(len(one)):
        assert secretariat.get(url).status_code == 200
