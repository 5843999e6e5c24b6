"""GET /me/: who am I, for tokens, log-ins and the public; and every way a token can be refused."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections

from members.access.models import ApiToken, Grant, User
from tests.api_client import ApiClient
from tests.factories.access import make_grant, make_token, make_user

pytestmark = pytest.mark.django_db

PUBLIC = {"role": "public", "organisation_id": None, "organisation_ids": [], "countries": [], "site_ids": []}


def test_the_public_is_nobody(anonymous):
    response = anonymous.get("me/")

    assert response.status_code == 200
    assert response.json() == {
        "user_id": None,
        "token_id": None,
        "email": None,
        "language": None,
        "zone": None,
        "token_scopes": None,
        "day": "2026-11-22",
        "countries": [],
        "hats": [PUBLIC],
    }


def test_a_representative_sees_its_mandate(lcr_be):
    organisation_id = str(lcr_be.organisation.pk)

    answer = lcr_be.get("me/").json()

    assert answer["countries"] == ["BE"]
    assert answer["hats"] == [
        {
            "role": "lcr",
            "organisation_id": organisation_id,
            "organisation_ids": [organisation_id],
            "countries": ["BE"],
            "site_ids": [],
        },
        PUBLIC,
    ]
    assert answer["token_scopes"] == ["read", "write"]


def test_a_session_is_a_login_too():
    grant = make_grant(user=make_user(email="officer@office.example"))

    answer = ApiClient(user=grant.user).get("me/").json()

    assert (answer["email"], answer["token_id"], answer["token_scopes"]) == ("officer@office.example", None, None)
    assert [hat["role"] for hat in answer["hats"]] == ["secretariat", "public"]


@pytest.mark.parametrize("role", ["secretariat", "lcr", "company_editor"])
def test_a_token_costs_at_most_two_queries(client_for, django_assert_max_num_queries, role):
    client = client_for(role)

    with django_assert_max_num_queries(2):
        response = client.get("me/")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "bearer nonsense",
        "Bearer cr_000000000000_" + "A" * 43,
        "Bearer " + "x" * 60_000,
        "Bearer cr_\0",
        "Bearer cr_é",
        "Bearer cr_\ud83d\ude00".encode("utf-8", "surrogatepass").decode("latin-1"),
        "Bearer a b c",
    ],
)
def test_any_other_bearer_is_401_with_a_challenge(anonymous, header):
    response = anonymous.http.get("/api/v1/me/", HTTP_AUTHORIZATION=header)

    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert response["WWW-Authenticate"] == 'Bearer realm="register"'
    assert response["Content-Type"] == "application/problem+json"


def test_an_expired_token_is_401_from_that_second_on(secretariat, at):
    ApiToken.objects.filter(pk=secretariat.token_row.pk).update(expires_at=at + timedelta(minutes=1))
    assert secretariat.get("me/").status_code == 200

    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        response = secretariat.get("me/")

    assert (response.status_code, response.json()["code"]) == (401, "token_expired")


def test_moving_the_business_clock_keeps_tokens_as_they_are(secretariat, at, settings):
    settings.STARTED_AT, settings.REGISTRY_NOW = at, at + timedelta(days=400)

    response = secretariat.get("me/")

    assert (response.status_code, response.json()["day"]) == (200, "2027-12-27")


def test_revoking_takes_effect_with_the_next_request(secretariat, at):
    Grant.objects.filter(pk=secretariat.grant.pk).update(revoked_at=at)
    assert secretariat.get("me/").json()["hats"] == [PUBLIC]

    ApiToken.objects.filter(pk=secretariat.token_row.pk).update(revoked_at=at)

    assert secretariat.get("me/").json()["code"] == "token_revoked"


def test_an_inactive_user_is_out(secretariat):
    User.objects.filter(pk=secretariat.user.pk).update(is_active=False)

    response = secretariat.get("me/")

    assert (response.status_code, response.json()["code"]) == (401, "user_inactive")


def test_the_last_use_is_noted_once_an_hour(at, django_assert_num_queries):
    token, text = make_token(user=make_user(), last_used_at=at - timedelta(hours=1))
    client = ApiClient(text)

    with django_assert_num_queries(2):
        client.get("me/")
    with django_assert_num_queries(1):
        client.get("me/")

    token.refresh_from_db()
    assert token.last_used_at == at


@pytest.mark.django_db(transaction=True)
def test_reading_does_not_wait_for_somebodys_long_write(at):
    """SQLite has one writer: while there is another, the use is not noted. PostgreSQL locks rows alone."""
    token, text = make_token(user=make_user(), last_used_at=None)
    other = connections.create_connection("default")
    waits = []

    def listen(execute, sql, params, many, context):
        if connection.vendor == "sqlite" and sql.startswith("UPDATE"):
            waits.extend(connection.connection.execute("PRAGMA busy_timeout").fetchone())
        return execute(sql, params, many, context)

    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
    with closing(other), connection.execute_wrapper(listen):
        response = ApiClient(text).get("me/")

    token.refresh_from_db()
    assert (response.status_code, token.last_used_at, waits) == (
        (200, None, [0]) if connection.vendor == "sqlite" else (200, at, [])
    )


def test_a_token_without_reading_still_says_what_it_is(client_for):
    client = client_for("company_system", scopes=["training:write"])

    assert client.get("me/").json()["token_scopes"] == ["training:write"]
    response = client.get("tokens/")
    assert (response.status_code, response.json()["code"]) == (403, "token_scope")
