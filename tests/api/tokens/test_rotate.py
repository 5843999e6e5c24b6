"""POST /tokens/{id}/rotate/ and /revoke/."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from members.access.models import ApiToken
from registry.kernel.audit.models import AuditEvent
from tests.api_client import ApiClient

pytestmark = pytest.mark.django_db


def test_the_successor_lives_as_long_and_the_old_token_for_a_day(secretariat, at):
    old = secretariat.token_row

    response = secretariat.post(f"tokens/{old.pk}/rotate/")

    assert response.status_code == 201
    new = ApiToken.objects.get(pk=response.json()["id"])
    old.refresh_from_db()
    assert (new.rotated_from_id, new.scopes, new.grant_id) == (old.pk, old.scopes, old.grant_id)
    assert (new.expires_at, old.expires_at) == (at + timedelta(days=100), at + timedelta(hours=24))
    assert ApiClient(response.json()["token"]).get("me/").status_code == 200
    with time_machine.travel(at + timedelta(hours=24), tick=False):
        assert secretariat.get("me/").status_code == 401
    actions = AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", flat=True)
    assert set(actions) == {"tokens.rotate", "tokens.create"}


def test_a_successor_whose_answer_was_lost_is_replaced(secretariat, at):
    path = f"tokens/{secretariat.token_row.pk}/rotate/"

    lost, kept = secretariat.post(path).json(), secretariat.post(path).json()

    assert ApiClient(lost["token"]).get("me/").json()["code"] == "token_revoked"
    assert ApiClient(kept["token"]).get("me/").status_code == 200
    assert ApiToken.objects.get(pk=kept["id"]).expires_at == at + timedelta(days=100)


def test_a_successor_in_use_ends_rotating(secretariat):
    path = f"tokens/{secretariat.token_row.pk}/rotate/"
    ApiClient(secretariat.post(path).json()["token"]).get("me/")

    response = secretariat.post(path)

    assert (response.status_code, response.json()["code"]) == (409, "already_rotated")
    assert ApiToken.objects.count() == 2


def test_a_revoked_token_is_out_at_once_and_stays_out(secretariat, client_for):
    auditor = client_for("auditor")
    path = f"tokens/{auditor.token_row.pk}/revoke/"

    first, again = secretariat.post(path), secretariat.post(path)

    assert (first.status_code, again.status_code, again.json()["code"]) == (200, 409, "already_revoked")
    assert auditor.get("me/").json()["code"] == "token_revoked"
    assert secretariat.post(f"tokens/{auditor.token_row.pk}/rotate/").json()["code"] == "token_not_live"
    assert AuditEvent.objects.filter(action="tokens.revoke").count() == 1


@pytest.mark.parametrize("move", ["rotate", "revoke"])
def test_a_foreign_token_is_absent(secretariat, client_for, move):
    auditor = client_for("auditor", scopes=["write"])

    response = auditor.post(f"tokens/{secretariat.token_row.pk}/{move}/")

    assert response.status_code == 404
    assert secretariat.get("me/").status_code == 200
    assert ApiToken.objects.count() == 2


def test_an_outdated_tag_changes_nothing(secretariat):
    path = f"tokens/{secretariat.token_row.pk}/"
    tag = secretariat.get(path)["ETag"]
    secretariat.post(f"{path}rotate/")

    response = secretariat.post(f"{path}revoke/", if_match=tag)

    assert (response.status_code, response.json()["code"]) == (412, "stale")
    assert secretariat.get("me/").status_code == 200
