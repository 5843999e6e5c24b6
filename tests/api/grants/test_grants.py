"""/grants/: given and revoked by those who may, seen by those whom they concern."""

from __future__ import annotations

import pytest

from members.access.models import Grant
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient
from tests.factories.access import make_grant, make_token, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def test_the_secretariat_gives_a_role(secretariat, at):
    user = make_user(email="somebody@office.example")

    response = secretariat.post("grants/", {"user": str(user.pk), "role": "auditor", "valid_until": "2027-01-31"})

    assert response.status_code == 201
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.granted_by_id, grant.created_at) == ("auditor", secretariat.user.pk, at)
    assert response.json() | {"created_at": None} == {
        "id": str(grant.pk),
        "user_id": str(user.pk),
        "email": "somebody@office.example",
        "role": "auditor",
        "organisation": None,
        "countries": [],
        "site_ids": [],
        "valid_from": "2026-11-22",
        "valid_until": "2027-01-31",
        "created_at": None,
        "revoked_at": None,
    }
    event = AuditEvent.objects.get(action="grants.create")
    assert (event.changes["role"], event.changes["user_id"]) == ([None, "auditor"], [None, str(user.pk)])
    assert "somebody@office.example" not in str(event.changes)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"role": "company_editor"}, "/organisation", "required"),
        ({"role": "public"}, "/role", "invalid_choice"),
        ({"role": "auditor", "countries": ["BE"]}, "/countries", "not_for_this_role"),
        ({"role": "lcr", "countries": ["XX"], "organisation": True}, "/countries", "unknown_reference"),
        ({"role": "site_editor", "organisation": True}, "/site_ids", "sites_and_role_differ"),
        ({"role": "auditor", "valid_until": "2026-11-21"}, "/valid_until", "period_out_of_order"),
        ({"role": "auditor", "valid_from": "0001-01-01"}, "/valid_from", "out_of_range"),
        ({"role": "auditor", "user": "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e"}, "/user", "unknown_reference"),
    ],
)
def test_a_faulty_grant_is_refused_with_its_fault(secretariat, body, pointer, code):
    if body.get("organisation"):
        body = {**body, "organisation": str(make_organisation().pk)}

    response = secretariat.post("grants/", {"user": str(make_user().pk), **body})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert (Grant.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_the_same_role_is_not_given_twice(secretariat):
    body = {"user": str(make_user().pk), "role": "auditor"}

    first, again = secretariat.post("grants/", body), secretariat.post("grants/", body)

    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "already_granted")
    assert Grant.objects.count() == 2


def test_a_company_editor_gives_company_roles_in_its_own_house(client_for):
    editor = client_for("company_editor")
    colleague = make_grant(role="company_viewer", organisation=editor.organisation).user

    body = {"user": str(colleague.pk), "role": "company_editor", "organisation": str(editor.organisation.pk)}
    given = editor.post("grants/", body)
    refused = editor.post("grants/", {"user": str(colleague.pk), "role": "secretariat"})

    assert (given.status_code, refused.status_code, refused.json()["code"]) == (201, 403, "role_not_grantable")
    assert set(colleague.grants.values_list("role", flat=True)) == {"company_viewer", "company_editor"}


def test_a_company_editor_sees_neither_foreign_users_nor_foreign_grants(client_for):
    editor, foreign = client_for("company_editor"), make_grant(role="company_viewer")

    response = editor.post(
        "grants/",
        {"user": str(foreign.user_id), "role": "company_viewer", "organisation": str(editor.organisation.pk)},
    )

    assert response.json()["errors"][0] | {"message": ""} == {
        "pointer": "/user",
        "code": "unknown_reference",
        "message": "",
    }
    assert [row["id"] for row in editor.get("grants/").json()["results"]] == [str(editor.grant.pk)]
    assert editor.get(f"grants/{foreign.pk}/").status_code == 404
    assert editor.post(f"grants/{foreign.pk}/revoke/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.revoked_at is None


def test_a_revoked_grant_ends_with_the_next_request(secretariat, client_for, at):
    auditor = client_for("auditor")

    response = secretariat.post(f"grants/{auditor.grant.pk}/revoke/")

    assert (response.status_code, response.json()["revoked_at"]) == (200, "2026-11-22T10:00:00Z")
    assert [hat["role"] for hat in auditor.get("me/").json()["hats"]] == ["public"]
    again = secretariat.post(f"grants/{auditor.grant.pk}/revoke/")
    assert (again.status_code, again.json()["code"]) == (409, "already_revoked")
    assert AuditEvent.objects.filter(action="grants.revoke").count() == 1


def test_the_last_officer_of_the_secretariat_stays(secretariat):
    refused = secretariat.post(f"grants/{secretariat.grant.pk}/revoke/")
    make_grant(role="secretariat")
    allowed = secretariat.post(f"grants/{secretariat.grant.pk}/revoke/")

    assert (refused.status_code, refused.json()["code"]) == (409, "last_secretariat")
    assert allowed.status_code == 200


@pytest.mark.parametrize("role", ["auditor", "evaluator", "lcr", "company_viewer", "company_system", "stop_partner"])
def test_other_roles_have_no_part_in_grants(client_for, role):
    client = client_for(role)

    answers = {client.get("grants/").status_code, client.post("grants/", {}).status_code}

    assert answers == {403}


def test_a_login_without_any_role_is_told_so():
    _token, text = make_token(user=make_user())

    response = ApiClient(text).get("grants/")

    assert (response.status_code, response.json()["code"]) == (403, "right_missing")
