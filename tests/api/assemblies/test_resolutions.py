"""Resolutions over HTTP: tabled, voted on, and who reads them."""

from __future__ import annotations

import pytest

from members.assemblies.models import Resolution
from registry.kernel.audit.models import AuditEvent
from tests.factories.assemblies import make_assembly, make_member_assembly, make_registration, make_resolution
from tests.factories.organisations import make_organisation

TITLES = {"en": "Strategy", "fr": "Stratégie"}


def recorded() -> int:
    return AuditEvent.objects.filter(action__startswith="resolutions.").exclude(actor_id=None).count()


def test_a_resolution_is_tabled_and_then_voted_on(secretariat):
    assembly = make_assembly()
    for kind in ("full", "full", "unknown", "affiliate"):
        make_registration(assembly=assembly, kind=kind)

    tabled = secretariat.post(
        "resolutions/", {"assembly": str(assembly.pk), "number": 1, "titles": TITLES, "texts": {"pcm": "Di plan"}}
    )
    url = f"resolutions/{tabled.json()['id']}/"
    voted = secretariat.patch(
        url, {"result": "adopted", "votes_for": 2, "votes_against": 0, "abstentions": 1}, if_match=tabled["ETag"]
    )

    assert (tabled.status_code, tabled.json()["result"], tabled.json()["votes_for"]) == (201, "", None)
    assert (voted.status_code, voted.json()["result"], voted.json()["votes_for"]) == (200, "adopted", 2)
    in_french = secretariat.get(url, headers={"Accept-Language": "fr"}).json()
    assert (in_french["title"], in_french["titles"], in_french["text"]) == ("Stratégie", TITLES, "Di plan")


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"votes_for": 12, "votes_against": 2, "abstentions": 1}, "/votes_for", "more_votes_than_voters"),
        ({"votes_for": 12, "votes_against": 2}, "/abstentions", "required"),
        ({"votes_for": -1, "votes_against": 2, "abstentions": 1}, "/votes_for", "min_value"),
        (
            {"result": "withdrawn", "votes_for": 1, "votes_against": 1, "abstentions": 1},
            "/result",
            "not_voted",
        ),
        ({"result": "postponed"}, "/result", "invalid_choice"),
        ({"titles": {}}, "/titles", "bad_languages"),
        ({"titles": {"English": "Strategy"}}, "/titles", "bad_languages"),
    ],
)
def test_a_bad_resolution_is_refused_with_its_place(secretariat, values, pointer, code):
    assembly = make_member_assembly(voter_count=14)
    body = {"assembly": str(assembly.pk), "titles": TITLES, "result": "adopted", **values}

    response = secretariat.post("resolutions/", body)

    errors = response.json()["errors"]
    assert (response.status_code, [(error["pointer"], error["code"]) for error in errors]) == (400, [(pointer, code)])
    assert (Resolution.objects.count(), recorded()) == (0, 0)


def test_votes_need_counted_voters_and_uncertain_ones_may_have_voted(secretariat):
    uncounted = make_member_assembly(voter_count=None, entitled_count=None)
    network = make_assembly()
    make_registration(assembly=network, kind="unknown")
    votes = {"titles": TITLES, "result": "rejected", "votes_against": 1, "abstentions": 0}

    answers = [
        secretariat.post("resolutions/", {"assembly": str(assembly.pk), **votes, "votes_for": votes_for})
        for assembly, votes_for in ((uncounted, 0), (network, 1), (network, 0))
    ]

    codes = [answer.json()["errors"][0]["code"] for answer in answers[:2]]
    assert codes == ["voters_unknown", "more_votes_than_voters"]
    assert (answers[2].status_code, Resolution.objects.count()) == (201, 1)


def test_a_number_is_given_once_per_assembly(secretariat):
    resolution = make_resolution(number=1)

    response = secretariat.post(
        "resolutions/", {"assembly": str(resolution.assembly_id), "number": 1, "titles": TITLES}
    )

    assert (response.status_code, response.json()["code"]) == (409, "resolution_number_taken")
    assert Resolution.objects.count() == 1


def test_a_withdrawal_takes_no_vote_away(secretariat):
    assembly = make_assembly()
    rows = [make_registration(assembly=assembly) for _ in range(2)]
    make_resolution(assembly=assembly, votes_for=2, votes_against=0, abstentions=0)

    response = secretariat.post(f"assemblies/{assembly.pk}/withdraw/", {"organisation": str(rows[0].organisation_id)})

    assert (response.status_code, response.json()["code"]) == (409, "fewer_voters_than_votes")
    assert assembly.participations.count() == 2


def test_a_change_needs_the_tag(secretariat):
    resolution = make_resolution()

    response = secretariat.patch(f"resolutions/{resolution.pk}/", {"result": "rejected"})

    resolution.refresh_from_db()
    assert (response.status_code, resolution.result, recorded()) == (428, "adopted", 0)


def test_who_reads_which(client_for, anonymous, secretariat):
    network, group = make_assembly(), make_organisation()
    adopted = make_resolution(assembly=network)
    rejected = make_resolution(assembly=network, result="rejected")
    own = make_resolution(assembly=make_member_assembly(organisation=group))
    keys = {str(row.pk): name for row, name in ((adopted, "adopted"), (rejected, "rejected"), (own, "own"))}

    def read(client) -> set[str]:
        return {keys[row["id"]] for row in client.get("resolutions/").json()["results"]}

    assert (read(anonymous), read(client_for("company_editor"))) == ({"adopted"}, {"adopted"})
    assert read(client_for("member_group")) == {"adopted", "rejected"}
    assert read(client_for("member_group", organisation=group)) == read(secretariat) == set(keys.values())


def test_a_member_group_changes_its_own_alone(client_for):
    group = make_organisation()
    own = make_resolution(assembly=make_member_assembly(organisation=group))
    networks = make_resolution()
    client = client_for("member_group", organisation=group)

    answers = [client.patch(f"resolutions/{row.pk}/", {"result": "rejected"}, if_match="*") for row in (own, networks)]
    foreign = client.post("resolutions/", {"assembly": str(networks.assembly_id), "titles": TITLES})

    assert [answer.status_code for answer in answers] == [200, 404]
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "unknown_reference")
