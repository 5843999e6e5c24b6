"""POST /tokens/ and /tokens/machine/."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from members.access.models import ApiToken, Grant, User
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient
from tests.factories.access import make_grant, make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db

BODY = {"name": "dashboard", "scopes": ["read"], "days": 30}


def test_the_new_token_works_and_is_shown_once(secretariat, at):
    response = secretariat.post("tokens/", BODY)

    answer = response.json()
    assert (response.status_code, answer["scopes"], answer["name"]) == (201, ["read"], "dashboard")
    client = ApiClient(answer["token"])
    assert client.get("me/").json()["user_id"] == str(secretariat.user.pk)
    token = ApiToken.objects.get(pk=answer["id"])
    assert (token.user_id, token.expires_at) == (secretariat.user.pk, at + timedelta(days=30))
    assert answer["token"] not in client.get(f"tokens/{token.pk}/").content.decode()


def test_the_audit_log_names_the_token_and_holds_no_secret(secretariat):
    answer = secretariat.post("tokens/", BODY).json()

    event = AuditEvent.objects.get(action="tokens.create")
    assert str(event.object_id) == answer["id"]
    assert event.changes["scopes"] == [None, ["read"]]
    assert answer["token"].split("_", 2)[2] not in json.dumps(event.changes)


def test_a_repeated_key_issues_one_token_and_never_shows_it_again(secretariat):
    first = secretariat.post("tokens/", BODY, key="one")
    again = secretariat.post("tokens/", BODY, key="one")

    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "answer_not_kept")
    assert ApiToken.objects.filter(name="dashboard").count() == 1


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"scopes": []}, "/scopes", "min_length"),
        ({"scopes": ["everything"]}, "/scopes/0", "invalid_choice"),
        ({"days": 0}, "/days", "min_value"),
        ({"days": 367}, "/days", "max_value"),
        ({"name": ""}, "/name", "blank"),
        ({"surplus": 1}, "/surplus", "unknown_field"),
        ({"user": "0192f0c1-7d3a-7e2b-9b7a-3f1f5a1c2d3e"}, "/user", "unknown_field"),
    ],
)
def test_a_faulty_body_makes_no_token(secretariat, change, pointer, code):
    response = secretariat.post("tokens/", {**BODY, **change})

    assert response.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]] == [(pointer, code)]
    assert ApiToken.objects.count() == 1


def test_a_token_can_be_bound_to_one_own_grant_only(secretariat):
    own = make_grant(user=secretariat.user, role="auditor")
    foreign = make_grant(role="auditor")
    client = ApiClient(user=secretariat.user)

    refused = client.post("tokens/", {**BODY, "grant": str(foreign.pk)})
    bound = client.post("tokens/", {**BODY, "grant": str(own.pk)})

    assert refused.json()["errors"][0]["code"] == "unknown_reference"
    hats = ApiClient(bound.json()["token"]).get("me/").json()["hats"]
    assert [hat["role"] for hat in hats] == ["auditor", "public"]


@pytest.mark.parametrize("scopes", [["write"], ["read"], ["reports:read"]])
def test_a_token_begets_no_stronger_one(client_for, scopes):
    client = client_for("company_editor", scopes=["tokens:write"])

    response = client.post("tokens/", {**BODY, "scopes": scopes, "grant": str(client.grant.pk)})

    assert (response.status_code, response.json()["code"]) == (403, "token_scope")
    assert ApiToken.objects.count() == 1


def test_a_token_of_one_grant_passes_its_bond_on(client_for):
    client = client_for("company_editor")
    other = make_grant(user=client.user, role="auditor")

    bound = client.post("tokens/", BODY)
    refused = client.post("tokens/", {**BODY, "grant": str(other.pk)})

    assert ApiToken.objects.get(pk=bound.json()["id"]).grant_id == client.grant.pk
    assert (refused.status_code, refused.json()["code"]) == (403, "token_scope")
    assert ApiToken.objects.count() == 2


def test_the_public_gets_none(anonymous):
    response = anonymous.post("tokens/", BODY)

    assert (response.status_code, ApiToken.objects.count()) == (401, 0)


def test_a_company_gives_its_system_a_token(client_for):
    editor = client_for("company_editor")
    own = str(editor.organisation.pk)
    body = {"name": "rosters", "role": "company_system", "organisation": own, "scopes": ["training:write"]}

    response = editor.post("tokens/machine/", body)

    assert response.status_code == 201
    me = ApiClient(response.json()["token"]).get("me/").json()
    assert (me["email"], me["token_scopes"]) == (None, ["training:write"])
    assert [(hat["role"], hat["organisation_id"]) for hat in me["hats"]] == [("company_system", own), ("public", None)]
    assert User.objects.filter(is_machine=True).count() == 1
    listed = editor.get("tokens/").json()["results"]
    assert {row["name"] for row in listed} == {"test", "rosters"}


@pytest.mark.parametrize("role", ["secretariat", "auditor", "lcr", "member_group"])
def test_a_company_gives_its_system_no_other_role(client_for, role):
    editor = client_for("company_editor")
    body = {"name": "x", "role": role, "organisation": str(editor.organisation.pk), "scopes": ["read"]}

    response = editor.post("tokens/machine/", body)

    assert (response.status_code, response.json()["code"]) == (403, "role_not_grantable")
    assert (User.objects.filter(is_machine=True).count(), Grant.objects.count()) == (0, 1)


def test_a_company_reaches_no_foreign_organisation(client_for):
    editor, foreign = client_for("company_editor"), make_organisation(name="Foreign (DEMO)", is_listed=False)
    body = {"name": "x", "role": "company_system", "organisation": str(foreign.pk), "scopes": ["read"]}

    response = editor.post("tokens/machine/", body)

    assert response.status_code in {400, 403}
    assert (User.objects.filter(is_machine=True).count(), Grant.objects.count()) == (0, 1)


def test_a_person_lists_own_tokens_and_the_secretariat_all(secretariat, client_for):
    auditor = client_for("auditor")
    make_user()

    assert [row["user_id"] for row in auditor.get("tokens/").json()["results"]] == [str(auditor.user.pk)]
    everyone = {row["user_id"] for row in secretariat.get("tokens/").json()["results"]}
    assert everyone == {str(auditor.user.pk), str(secretariat.user.pk)}
    assert auditor.get(f"tokens/{secretariat.token_row.pk}/").status_code == 404
