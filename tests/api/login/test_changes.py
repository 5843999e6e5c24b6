"""A change by a logged-in person: the body arrives, once a page of the register asked for it."""

from __future__ import annotations

import pytest
from django.test import Client

from codesign.companies.models import Company
from tests.factories.access import make_grant

pytestmark = pytest.mark.django_db
BODY = {"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel"}


@pytest.fixture
def browser() -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_grant(role="secretariat").user)
    client.get("/")
    return client


def test_a_page_of_the_register_changes_something(browser: Client) -> None:
    proof = browser.cookies["csrftoken"].value

    answer = browser.post("/api/v1/companies/", BODY, "application/json", headers={"X-CSRFToken": proof})

    assert (answer.status_code, answer.json()["name"]) == (201, BODY["name"])


def test_another_page_does_not(browser: Client) -> None:
    form = {**BODY, "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}

    answers = [browser.post("/api/v1/companies/", BODY, "application/json"), browser.post("/api/v1/companies/", form)]

    assert ([answer.status_code for answer in answers], Company.objects.count()) == ([403, 403], 0)
