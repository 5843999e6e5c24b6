"""Retries are harmless: one key, one effect, one answer."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections

from codesign.companies.models import Company
from members.access.models import ApiToken
from registry.kernel.idempotency.models import StoredAnswer
from tests.api_client import ApiClient
from tests.conftest import AT, _client_for
from tests.factories.companies import make_company, make_site

KEY = "0191d0c6-retry"
COMPANY = {"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel"}


@pytest.mark.django_db
def test_the_same_request_gets_the_first_answer_again_to_the_byte(secretariat):
    first = secretariat.post("companies/", COMPANY, key=KEY)
    again = secretariat.post("companies/", COMPANY, key=KEY)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (first.has_header("Idempotent-Replay"), again["Idempotent-Replay"]) == (False, "true")
    assert again["Content-Type"] == first["Content-Type"]
    assert Company.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "path", "if_match"),
    [
        ({**COMPANY, "category": "hotel_chain"}, "companies/", None),
        (COMPANY, "companies/?dry_run=false", None),
        (COMPANY, "companies/", '"1-0123456789abcdef"'),
    ],
    ids=["body", "query", "tag"],
)
def test_the_same_key_for_another_request_is_refused(secretariat, body, path, if_match):
    secretariat.post("companies/", COMPANY, key=KEY)

    response = secretariat.post(path, body, key=KEY, if_match=if_match)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_is_kept_with_its_request_id(secretariat):
    absent = "sites/01900000-0000-7000-8000-00000000dead/close/"

    first = secretariat.post(absent, {"closed_on": "2026-10-31"}, key=KEY)
    again = secretariat.post(absent, {"closed_on": "2026-10-31"}, key=KEY)

    assert (first.status_code, again.status_code, again.content) == (404, 404, first.content)
    assert (again["Content-Type"], again["Idempotent-Replay"]) == ("application/problem+json", "true")
    assert again.json()["request_id"] == first["X-Request-ID"] != again["X-Request-ID"]


@pytest.mark.django_db
def test_a_conflict_is_asked_again_and_leaves_nothing(secretariat):
    company = make_company()
    secretariat.post("code-memberships/", {"company": str(company.pk)})
    (membership,) = company.memberships.all()
    body = {"company": str(company.pk)}

    refused = secretariat.post("code-memberships/", body, key=KEY)
    kept = StoredAnswer.objects.count()
    company.memberships.filter(pk=membership.pk).update(state="withdrawn", ended_on=AT.date())
    taken = secretariat.post("code-memberships/", body, key=KEY)

    assert (refused.status_code, kept, taken.status_code) == (409, 0, 201)
    assert company.memberships.count() == 2


@pytest.mark.django_db
def test_what_is_malformed_takes_no_key(secretariat):
    malformed = secretariat.post("companies/", {"name": "x"}, key=KEY)
    repaired = secretariat.post("companies/", COMPANY, key=KEY)

    assert (malformed.status_code, repaired.status_code) == (400, 201)


@pytest.mark.django_db
def test_a_secret_is_neither_kept_nor_made_twice(secretariat):
    body = {"name": "dashboard", "scopes": ["read"], "days": 5}

    first = secretariat.post("tokens/", body, key=KEY)
    again = secretariat.post("tokens/", body, key=KEY)

    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "answer_not_kept")
    assert ApiToken.objects.filter(name="dashboard").count() == 1
    secret = first.json()["token"]
    assert [row.body for row in StoredAnswer.objects.all()] == [None]
    assert secret not in str(list(StoredAnswer.objects.values_list("headers", "fingerprint", "key")))


@pytest.mark.django_db
def test_a_key_belongs_to_its_caller(secretariat, lcr_be):
    first = secretariat.post("companies/", COMPANY, key=KEY)
    other = lcr_be.post("companies/", {**COMPANY, "name": "Auberge Fictive (DEMO)"}, key=KEY)

    assert (first.status_code, other.status_code) == (201, 201)
    assert other.json()["name"] == "Auberge Fictive (DEMO)"


@pytest.mark.django_db
def test_a_key_is_kept_for_a_day_of_the_real_clock(secretariat):
    site = make_site()
    path, body = f"sites/{site.pk}/head-counts/", {"staff_count": 5, "valid_from": "2026-09-01"}
    first = secretariat.post(path, body, key=KEY)

    with time_machine.travel(AT + timedelta(hours=23, minutes=59), tick=False):
        within = secretariat.post(path, body, key=KEY)
    with time_machine.travel(AT + timedelta(hours=24, seconds=1), tick=False):
        after = secretariat.post(path, body, key=KEY)

    assert (within.content, within["Idempotent-Replay"]) == (first.content, "true")
    assert (after.status_code, after.has_header("Idempotent-Replay")) == (200, False)


@pytest.mark.django_db
def test_a_dry_run_takes_no_key(secretariat):
    dry = secretariat.post("companies/?dry_run=true", COMPANY, key=KEY)
    wet = secretariat.post("companies/", COMPANY, key=KEY)

    assert (dry.status_code, wet.status_code, Company.objects.count()) == (201, 201, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "clé", "a\tb", "a\nb"])
def test_a_key_is_short_printable_ascii(secretariat, key):
    response = secretariat.post("companies/", COMPANY, key=key)

    assert (response.status_code, response.json()["code"]) == (400, "bad_idempotency_key")
    assert (Company.objects.count(), StoredAnswer.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_have_one_effect_and_one_answer():
    client = _client_for("secretariat")
    assert client.token is not None

    answers = at_once(*[(client.token, {"key": KEY})] * 6)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.get("Idempotent-Replay", "") for answer in answers) == ["", *["true"] * 5]
    assert (Company.objects.count(), StoredAnswer.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_two_keys_have_two_effects():
    client = _client_for("secretariat")
    assert client.token is not None

    other = {**COMPANY, "name": "Auberge Fictive (DEMO)"}
    answers = at_once((client.token, {"key": "one"}), (client.token, {"key": "two", "body": other}))

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Company.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_second_one_that_has_waited_too_long_is_asked_to_come_again():
    """Only where two can write at once: SQLite's second writer waits for the whole database, and is told 503."""
    if connection.vendor != "postgresql":
        return
    client = _client_for("secretariat")
    holder = connections.create_connection("default")
    holder.set_autocommit(False)
    with holder.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_storedanswer (id, caller, key, fingerprint, status, headers, created_at)"
            " VALUES (gen_random_uuid(), %s, %s, 'x', 0, '{}', now())",
            [f"token:{client.token_row.pk}", KEY],
        )
    try:
        response = client.post("companies/", COMPANY, key=KEY)
    finally:
        holder.rollback()
        holder.close()

    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (409, "still_running", "2")
    assert Company.objects.count() == 0


def at_once(*callers: tuple[str, dict[str, Any]]) -> list[Any]:
    """One POST of each caller, all released at one moment; connections are closed behind them."""
    gate, answers = threading.Barrier(len(callers)), [None] * len(callers)

    def run(index: int, token: str, options: dict[str, Any]) -> None:
        client = ApiClient(token)
        gate.wait()
        answers[index] = client.post("companies/", **{"body": COMPANY, **options})
        connections.close_all()

    threads = [threading.Thread(target=run, args=(index, *caller)) for index, caller in enumerate(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
