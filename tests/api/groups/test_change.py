"""POST and PATCH /groups/, /group-participations/: by the secretariat, and by who coordinates the group."""

from __future__ import annotations

import pytest

from members.network.models import Group, GroupParticipation
from registry.kernel.audit.models import AuditEvent
from tests.factories.network import make_group, make_network_membership, make_participation


@pytest.fixture
def coordinator(client_for):
    """An officer of the organisation that coordinates a group."""
    client = client_for("stop_partner")
    client.group = make_participation(organisation=client.organisation, role="coordinator").group
    return client


def public_organisation() -> str:
    return str(make_network_membership().organisation_id)


def test_the_secretariat_adds_a_group_under_a_code_of_its_own(secretariat):
    body = {"code": "groupe-fictif", "name": "Groupe Fictif (DEMO)", "country": "BE"}

    first, second = (secretariat.post("groups/", body) for _ in range(2))

    assert (first.status_code, first.json()["code"], first.json()["partner_count"]) == (201, "groupe-fictif", 0)
    assert (second.status_code, second.json()["code"], Group.objects.count()) == (409, "group_exists", 1)


def test_a_coordinator_keeps_its_own_group_and_no_other(coordinator):
    foreign = make_group(name="Autre")

    own = coordinator.patch(f"groups/{coordinator.group.pk}/", {"name": "Groupe Fictif Neuf"})
    other = coordinator.patch(f"groups/{foreign.pk}/", {"name": "Pris"})

    foreign.refresh_from_db()
    assert (own.status_code, own.json()["name"]) == (200, "Groupe Fictif Neuf")
    assert (other.status_code, foreign.name) == (404, "Autre")


def test_a_partner_that_does_not_coordinate_changes_nothing(client_for):
    partner = client_for("stop_partner")
    row = make_participation(organisation=partner.organisation)

    answers = [
        partner.patch(f"groups/{row.group_id}/", {"name": "Pris"}),
        partner.post(f"group-participations/{row.pk}/end/", {"valid_until": "2026-12-31"}, if_match="*"),
        partner.post(
            "group-participations/",
            {"group": str(row.group_id), "organisation": public_organisation(), "role": "partner"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400]
    assert [fault["pointer"] for fault in answers[2].json()["errors"]] == ["/group"]
    assert (GroupParticipation.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_a_coordinator_lets_partners_in_and_decides_their_last_day(coordinator, anonymous):
    body = {"group": str(coordinator.group.pk), "organisation": public_organisation(), "role": "partner"}

    joined = coordinator.post("group-participations/", {**body, "valid_from": "2026-01-01"})
    path = f"group-participations/{joined.json()['id']}/"
    again = coordinator.post("group-participations/", body)
    ended = coordinator.post(f"{path}end/", {"valid_until": "2026-06-30"}, if_match=joined["ETag"])

    assert (joined.status_code, again.status_code, again.json()["code"]) == (201, 409, "participation_exists")
    assert (ended.status_code, ended.json()["valid_until"]) == (200, "2026-06-30")
    days = {
        day: anonymous.get("groups/", valid_on=day).json()["results"][0]["partner_count"]
        for day in ("2025-12-31", "2026-06-30", "2026-07-01")
    }
    assert days == {"2025-12-31": 1, "2026-06-30": 2, "2026-07-01": 1}


def test_who_coordinates_is_the_secretariats_to_say(coordinator, secretariat):
    body = {"group": str(coordinator.group.pk), "organisation": public_organisation(), "role": "coordinator"}
    own = coordinator.group.participations.get()

    answers = [
        coordinator.post("group-participations/", body),
        coordinator.post(f"group-participations/{own.pk}/end/", {"valid_until": "2026-12-31"}, if_match="*"),
        secretariat.post("group-participations/", body),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, "secretariat_decides"),
        (404, "not_found"),
        (409, "coordinator_exists"),
    ]
    own.refresh_from_db()
    assert (own.valid_until, AuditEvent.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"role": "friend"}, "/role", "invalid_choice"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-31"}, "/valid_until", "before_start"),
        ({"organisation": "01900000-0000-7000-8000-00000000dead"}, "/organisation", "unknown_reference"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(secretariat, body, pointer, code):
    good = {"group": str(make_group().pk), "organisation": public_organisation(), "role": "partner"}

    response = secretariat.post("group-participations/", good | body)

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (GroupParticipation.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["auditor", "company_editor", "evaluator", "public"])
def test_other_roles_are_refused(client_for, role):
    group = make_group()

    answer = client_for(role).patch(f"groups/{group.pk}/", {"name": "Pris"})

    group.refresh_from_db()
    assert (answer.status_code, group.version) == (401 if role == "public" else 403, 1)
