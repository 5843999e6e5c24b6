"""One shape for everything that is not a result, whatever was asked, in the caller's language."""

from __future__ import annotations

import json

import pytest
from django.db import DataError, InterfaceError, OperationalError

from members.organisations.models import Organisation

pytestmark = pytest.mark.django_db
KEYS = {"type", "title", "status", "detail", "code", "request_id", "errors"}
COMPANY = {"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing/", 404, "not_found"),
        ("POST", "/api/v1/companies", 404, "not_found"),
        ("GET", "/api/v1/companies/17/", 404, "not_found"),
        ("GET", "/api/v1/companies/01900000-0000-7000-8000-00000000dead/", 404, "not_found"),
        ("GET", "/api/v1/countries/%00/", 404, "not_found"),
        ("PUT", "/api/v1/companies/", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/countries/BE/", 405, "method_not_allowed"),
        ("TRACE", "/api/v1/companies/", 405, "method_not_allowed"),
        ("GET", "/api/v2/", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_a_problem_too(secretariat, method: str, path: str, status: int, code: str):
    response = secretariat.http.generic(method, path)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert (set(body), body["status"], body["code"]) == (KEYS, status, code)
    assert body["request_id"] == response["X-Request-ID"]


def test_only_reading_is_sent_on_to_the_path_with_its_slash(secretariat):
    """Followed, a redirect turns a POST into a GET."""
    read = secretariat.http.get("/api/v1/companies")
    written = secretariat.http.post("/api/v1/companies", json.dumps(COMPANY), content_type="application/json")

    assert (read.status_code, read["Location"]) == (301, "/api/v1/companies/")
    assert (written.status_code, Organisation.objects.filter(kind="company").count()) == (404, 0)


def test_a_method_that_is_not_there_names_those_that_are(secretariat):
    assert secretariat.put("companies/", {})["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_body_over_the_limit_is_413_and_not_read(secretariat, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = secretariat.post("companies/", {**COMPANY, "website": "https://hotel.example/" + "x" * 100})

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert response["Content-Type"] == "application/problem+json"
    assert Organisation.objects.filter(kind="company").count() == 0


def test_a_list_over_the_limit_is_413(client_for):
    company = client_for("company_editor")

    response = company.post("completions/", [{}] * 1001)

    assert (response.status_code, response.json()["code"]) == (413, "too_many_items")


def test_a_browsers_accept_header_still_gets_json(secretariat):
    response = secretariat.get("countries/", headers={"Accept": "text/html,application/xhtml+xml;q=0.9"}, page_size="1")

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert [row["code"] for row in response.json()["results"]] == ["AD"]


def test_every_fault_comes_at_once(secretariat):
    response = secretariat.post("companies/", {"name": "x" * 201, "country": "XX", "colour": "blue"})
    faults = {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}
    known = secretariat.post("companies/", {"name": "x" * 201, "country": "XX"})

    assert faults == {("/colour", "unknown_field")}
    assert {(fault["pointer"], fault["code"]) for fault in known.json()["errors"]} == {
        ("/name", "max_length"),
        ("/country", "unknown_reference"),
        ("/category", "required"),
    }


def test_the_message_follows_the_language_and_the_code_never_changes(secretariat):
    english, french = (
        secretariat.post(
            "companies/", {"name": "Hotel Fictif (DEMO)", "country": "BE"}, headers={"Accept-Language": tag}
        )
        for tag in ("en", "fr-BE, en;q=0.5")
    )

    messages = [response.json()["errors"][0]["message"] for response in (english, french)]
    codes = [(response.json()["code"], response.json()["errors"][0]["code"]) for response in (english, french)]
    assert messages == ["This field is required.", "Ce champ est obligatoire."]
    assert codes == [("invalid", "required")] * 2


def test_a_text_follows_the_language_and_says_which(secretariat):
    dutch = secretariat.get("countries/BE/", headers={"Accept-Language": "nl"})

    assert (dutch.json()["name"], dutch["Content-Language"]) == ("België", "nl")


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("en", "In conflict with the present state", "This organisation is a company of the register already."),
        ("fr", "En conflit avec l'état actuel", "Cette organisation est déjà une entreprise du registre."),
        ("nl", "In strijd met de huidige toestand", "Deze organisatie is al een bedrijf in het register."),
    ],
)
def test_a_refusal_of_the_domain_follows_the_language(secretariat, language: str, title: str, detail: str):
    known = secretariat.post("companies/", COMPANY).json()["organisation"]["id"]

    response = secretariat.post(
        "companies/", {"organisation": known, "category": "hotel"}, headers={"Accept-Language": language}
    )

    assert response.status_code == 409
    assert (response.json()["title"], response.json()["detail"]) == (title, detail)


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [("trace-0001.A_b", True), ("short", False), ("x" * 65, False), ("with blank 1", False), ("<script>alert", False)],
)
def test_a_request_keeps_its_name_when_it_is_well_formed(secretariat, sent: str, is_kept: bool):
    response = secretariat.get("nothing/", headers={"X-Request-ID": sent})

    assert (response["X-Request-ID"] == sent, response.json()["request_id"]) == (is_kept, response["X-Request-ID"])


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (OperationalError("database is locked"), 503, "unavailable", "2"),
        (InterfaceError("connection already closed"), 503, "unavailable", "2"),
        (DataError("value too long"), 400, "invalid", None),
        (ZeroDivisionError("secret of the house"), 500, "internal_error", None),
    ],
    ids=["busy", "gone", "value", "bug"],
)
def test_what_breaks_inside_says_nothing_of_the_inside(secretariat, monkeypatch, error, status, code, retry):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr("members.api.countries.CountryViews.rows", broken)
    response = secretariat.get("countries/")

    assert (response.status_code, response.json()["code"], response.get("Retry-After")) == (status, code, retry)
    assert str(error) not in response.content.decode()


def test_a_problem_is_one_line_of_json(anonymous):
    response = anonymous.get("companies/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="register"')
    assert json.loads(response.content)["code"] == "not_authenticated"
