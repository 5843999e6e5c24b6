"""The audit log is read by auditors and the secretariat alone."""

from __future__ import annotations

import pytest


def register(secretariat):
    return secretariat.post("organisations/", {"name": "Réseau Fictif (DEMO)", "kind": "ngo", "country": "BE"})


@pytest.mark.parametrize("role", ["auditor", "secretariat"])
def test_a_change_can_be_found_by_its_row_and_its_request(client_for, secretariat, role):
    answer = register(secretariat)
    reader = client_for(role)

    by_row = reader.get("audit/", object=answer.json()["id"]).json()["results"]
    by_request = reader.get("audit/", request_id=answer["X-Request-ID"]).json()["results"]

    assert [event["action"] for event in by_row] == ["organisations.create"]
    assert by_request == by_row
    assert by_row[0]["actor_id"] == str(secretariat.user.pk)


@pytest.mark.parametrize("role", ["lcr", "company_editor", "evaluator", "member_group"])
def test_others_may_not_read_it(client_for, role):
    assert client_for(role).get("audit/").status_code == 403


def test_a_bad_moment_is_named(auditor):
    answer = auditor.get("audit/", recorded_after="yesterday")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "?recorded_after")
