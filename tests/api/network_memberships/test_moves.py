"""Memberships of the network over HTTP: recorded, applied for, moved by the secretariat alone."""

from __future__ import annotations

import pytest

from members.network.models import NetworkDecision, NetworkMembership
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_applicant, make_network_membership
from tests.factories.organisations import make_organisation

DECISION = {"effective_on": "2026-11-10", "reason": "Decided by the Assembly."}


def tag_of(client, membership) -> str:
    return client.get(f"network-memberships/{membership.pk}/")["ETag"]


def test_an_application_is_opened_and_admitted(secretariat, anonymous):
    organisation = make_organisation()
    opened = secretariat.post(
        "network-memberships/apply/",
        {"organisation": str(organisation.pk), "region": "europe", "kind": "affiliate", "applied_on": "2026-11-01"},
    )
    path = f"network-memberships/{opened.json()['id']}/"
    assert (opened.status_code, opened.json()["state"], anonymous.get(path).status_code) == (201, "applicant", 404)

    admitted = secretariat.post(f"{path}admit/", {**DECISION, "kind": "affiliate"}, if_match=opened["ETag"])

    assert (admitted.status_code, admitted.json()["state"], admitted.json()["valid_from"]) == (
        200,
        "active",
        "2026-11-10",
    )
    assert anonymous.get(path).json()["kind"] == "affiliate"


def test_a_membership_is_recorded_with_what_the_source_knows(secretariat):
    organisation = make_organisation()

    response = secretariat.post(
        "network-memberships/",
        {
            "organisation": str(organisation.pk),
            "region": "americas",
            "since": "2018-06",
            "since_basis": "first seen",
            "until": "2021",
            "confidence": "sourced",
        },
    )

    shown = ("state", "kind", "valid_from", "proven_from", "proven_until", "valid_until", "is_uncertain")
    assert response.status_code == 201, response.content
    assert [response.json()[name] for name in shown] == [
        "recorded",
        "unknown",
        None,
        "2018-06-30",
        "2021-01-01",
        "2021-12-31",
        True,
    ]


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        ({"region": "atlantis"}, 400, {("/region", "unknown_reference")}),
        ({"since": "2018-13"}, 400, {("/since", "invalid")}),
        ({"since": "2018", "until": "2017"}, 400, {("/until", "before_start")}),
        ({"kind": "friend", "colour": "red"}, 400, {("/kind", "invalid_choice"), ("/colour", "unknown_field")}),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(secretariat, body, status, found):
    organisation = make_organisation()

    response = secretariat.post(
        "network-memberships/", {"organisation": str(organisation.pk), "region": "europe", **body}
    )

    faults = {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}
    assert (response.status_code, faults <= found, bool(faults)) == (status, True, True)
    assert (NetworkMembership.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_second_membership_at_the_same_time_is_refused(secretariat):
    held = make_network_membership()

    response = secretariat.post(
        "network-memberships/", {"organisation": str(held.organisation_id), "region": "europe", "since": "2020"}
    )

    assert (response.status_code, response.json()["code"]) == (409, "membership_exists")
    assert NetworkMembership.objects.count() == 1


def test_a_move_needs_the_tag_of_what_was_read(secretariat):
    membership = make_network_membership()
    path = f"network-memberships/{membership.pk}/leave/"

    without = secretariat.post(path, DECISION)
    first = secretariat.post(path, DECISION, if_match=tag_of(secretariat, membership))
    stale = secretariat.post(path, DECISION, if_match='"1-0000000000000000"')

    assert [response.status_code for response in (without, first, stale)] == [428, 200, 412]
    assert NetworkDecision.objects.count() == 1


def test_a_move_that_does_not_start_here_is_refused(secretariat):
    membership = make_applicant()

    response = secretariat.post(
        f"network-memberships/{membership.pk}/expel/", DECISION, if_match=tag_of(secretariat, membership)
    )

    assert (response.status_code, response.json()["code"]) == (409, "move_not_allowed")
    membership.refresh_from_db()
    assert (membership.state, membership.version, NetworkDecision.objects.count()) == ("applicant", 1, 0)


def test_a_dry_run_shows_the_move_and_writes_nothing(secretariat):
    membership = make_network_membership()

    response = secretariat.post(
        f"network-memberships/{membership.pk}/confirm/?dry_run=true",
        {**DECISION, "kind": "full"},
        if_match=tag_of(secretariat, membership),
    )

    membership.refresh_from_db()
    assert (response.status_code, response.json()["state"]) == (200, "active")
    assert (membership.state, NetworkDecision.objects.count(), AuditEvent.objects.count()) == ("recorded", 0, 0)


@pytest.mark.parametrize("role", ["member_group", "lcr", "auditor", "stop_partner", "company_editor"])
def test_nobody_else_decides_on_a_membership(client_for, role):
    client = client_for(role)
    membership = make_network_membership(organisation=client.organisation or make_organisation())

    response = client.post(f"network-memberships/{membership.pk}/leave/", DECISION, if_match="*")

    membership.refresh_from_db()
    assert (response.status_code, membership.state, AuditEvent.objects.count()) == (403, "recorded", 0)


def test_moves_tell_what_is_open_and_why_the_rest_is_not(secretariat, client_for):
    own = client_for("member_group")
    membership = make_network_membership(organisation=own.organisation)
    path = f"network-memberships/{membership.pk}/moves/"

    staff = {row["move"]: (row["is_allowed"], row["reason"], row["to_state"]) for row in secretariat.get(path).json()}

    assert {move: found for move, found in staff.items() if found[0]} == {
        "confirm": (True, None, "active"),
        "decline": (True, None, "declined"),
        "leave": (True, None, "left"),
    }
    assert staff["expel"] == (False, "move_not_allowed", None)
    assert {row["reason"] for row in own.get(path).json()} == {"right_missing"}
    urls = [row["url"] for row in secretariat.get(path).json() if row["move"] == "make_dormant"]
    assert urls == [f"/api/v1/network-memberships/{membership.pk}/make-dormant/"]


def test_reasons_are_read_by_the_own_organisation_and_oversight_alone(secretariat, auditor, client_for, anonymous):
    own, other = client_for("member_group"), client_for("member_group")
    membership = make_network_membership(organisation=own.organisation)
    secretariat.post(f"network-memberships/{membership.pk}/leave/", DECISION, if_match=tag_of(secretariat, membership))
    path = f"network-memberships/{membership.pk}/decisions/"

    read = [[row["reason"] for row in client.get(path).json()] for client in (secretariat, auditor, own, other)]

    assert read == [["Decided by the Assembly."]] * 3 + [[]]
    assert anonymous.get(path).status_code == 401


def test_an_applicant_is_seen_by_itself_and_oversight_alone(secretariat, client_for, anonymous):
    own, other = client_for("member_group"), client_for("member_group")
    membership = make_applicant(organisation=own.organisation)
    make_network_membership(organisation=other.organisation)

    clients = (secretariat, own, other, anonymous)
    listed = [
        str(membership.pk)
        in {row["id"] for row in client.get("network-memberships/", state="applicant").json()["results"]}
        for client in clients
    ]

    assert listed == [True, True, False, False]
    assert [client.get(f"network-memberships/{membership.pk}/").status_code for client in clients] == [
        200,
        200,
        404,
        404,
    ]


def test_the_list_tells_state_and_kind_as_of_the_day(secretariat):
    membership = make_network_membership(kind="affiliate")
    for move, body in (("confirm", {"kind": "affiliate"}), ("change-kind", {"kind": "full"})):
        day = "2020-01-01" if move == "confirm" else "2024-01-01"
        secretariat.post(
            f"network-memberships/{membership.pk}/{move}/",
            {"effective_on": day, "reason": "Decided.", **body},
            if_match=tag_of(secretariat, membership),
        )

    def found(day: str, **params: str) -> list[tuple[str, str]]:
        rows = secretariat.get("network-memberships/", valid_on=day, **params).json()["results"]
        return [(row["state"], row["kind"]) for row in rows]

    assert [found("2019-12-31"), found("2020-01-01"), found("2024-01-01")] == [
        [("recorded", "affiliate")],
        [("active", "affiliate")],
        [("active", "full")],
    ]
    assert [found("2023-12-31", kind="full"), found("2024-01-01", kind="full")] == [[], [("active", "full")]]
    assert [found("2019-12-31", state="active"), found("2020-01-01", state="active")] == [[], [("active", "affiliate")]]


def test_one_row_and_many_cost_the_same(secretariat, django_assert_num_queries):
    for _ in range(3):
        make_network_membership()

    with django_assert_num_queries(2):
        assert len(secretariat.get("network-memberships/").json()["results"]) == 3
