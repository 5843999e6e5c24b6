"""A learning system is pointed at the register: it says who completed what by the xAPI standard."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from typing import Any

import pytest

from codesign.statements.models import Statement
from codesign.training.models import Completion
from registry.kernel.audit.models import AuditEvent
from tests.factories import training

pytestmark = pytest.mark.django_db
PATH, KEY = "xapi/statements", "7ccd1322-e1a5-411a-a67d-6a735c76f119"
VERSION = {"X-Experience-API-Version": "1.0.3"}


def statement(**changes: Any) -> dict[str, Any]:
    """E1 completed the basics, late in the evening of London, with a name that nobody keeps."""
    told = {
        "id": KEY,
        "actor": {"name": "Invented Person", "account": {"homePage": "https://lms.fictif.example", "name": "e1"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
        "object": {"id": "https://lms.fictif.example/courses/basics", "objectType": "Activity"},
        "timestamp": "2026-11-02T23:30:00Z",
        "context": {"platform": "LMS Fictif"},
    }
    return {**told, **changes}


@pytest.fixture
def system(client_for):
    """The system of a company where E1 works, with the narrow token."""
    training.load_default_requirements()
    site = training.make_workplace()
    training.make_staff(site, reference="E1")
    training.make_course(code="basics")
    return client_for("company_system", organisation=site.company.organisation, scopes=["training:write"])


def test_a_completion_is_recorded_once_and_given_back_without_a_name(system):
    answers = [system.post(PATH, statement(), headers=VERSION) for _ in range(2)]
    answers.append(system.put(f"{PATH}?statementId={KEY}", statement(), headers=VERSION))

    assert [(answer.status_code, answer.content) for answer in answers] == [
        (200, f'["{KEY}"]'.encode()),
        (200, f'["{KEY}"]'.encode()),
        (204, b""),
    ]
    (row,) = Completion.objects.all()
    # Half past eleven in London is the next day in Brussels.
    assert (row.completed_on, row.source, row.staff_member.reference) == (date(2026, 11, 3), "company_system", "E1")
    found = system.get(PATH, statementId=KEY, headers=VERSION).json()
    assert found["actor"] == {"account": {"homePage": "https://lms.fictif.example", "name": "E1"}}
    assert (found["timestamp"], found["version"]) == ("2026-11-02T23:30:00Z", "1.0.3")
    assert "Invented" not in str(list(AuditEvent.objects.values_list("changes"))) + str(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/launched"}},
        {"object": {"id": "https://lms.fictif.example/courses/forklift"}},
        {"result": {"success": False}},
        {"result": {"completion": False}},
    ],
    ids=["another verb", "another course", "failed", "not completed"],
)
def test_what_is_no_completion_is_acknowledged_and_not_kept(system, changes: dict[str, Any]):
    answer = system.post(PATH, [statement(**changes)], headers=VERSION)

    assert (answer.status_code, answer.json()) == (200, [KEY])
    assert (Completion.objects.count(), Statement.objects.count()) == (0, 0)
    assert system.get(PATH, statementId=KEY, headers=VERSION).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"actor": {"mbox": "mailto:invented@fictif.example"}}, "/actor/account", "required"),
        (
            {"actor": {"account": {"homePage": "https://lms.example", "name": "E2"}}},
            "/actor/account/name",
            "unknown_reference",
        ),
        (
            {"actor": {"account": {"homePage": "urn:uuid:00000000-0000-7000-8000-000000000000", "name": "E1"}}},
            "/actor/account/homePage",
            "unknown_reference",
        ),
        ({"timestamp": "2026-11-02T23:30:00"}, "/timestamp", "invalid"),
        ({"timestamp": "2027-01-01T00:00:00Z"}, "/timestamp", "in_future"),
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}, "/verb/id", "not_voidable"),
        ({"id": "7"}, "/id", "invalid"),
    ],
)
def test_what_can_not_be_taken_is_refused_where_it_stands(system, changes: dict[str, Any], pointer: str, code: str):
    answer = system.post(PATH, statement(**changes), headers=VERSION)

    assert (answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]) == (
        400,
        [(pointer, code)],
    )
    assert "invented@" not in answer.content.decode()
    assert (Completion.objects.count(), Statement.objects.count()) == (0, 0)


def test_a_list_is_taken_as_a_whole_or_not_at_all(system):
    other = {"account": {"homePage": "https://lms.fictif.example", "name": "E2"}}

    answer = system.post(PATH, [statement(), statement(id=KEY[:-1] + "8", actor=other)], headers=VERSION)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/1/actor/account/name")
    assert Completion.objects.count() == 0


def test_one_id_says_one_thing(system):
    system.post(PATH, statement(), headers=VERSION)

    answer = system.post(PATH, statement(timestamp="2026-11-03T10:00:00Z"), headers=VERSION)

    assert (answer.status_code, answer.json()["code"], Completion.objects.count()) == (409, "statement_conflict", 1)
    mismatch = system.put(f"{PATH}?statementId={KEY[:-1]}8", statement(), headers=VERSION)
    assert (mismatch.status_code, mismatch.json()["errors"][0]["code"]) == (400, "mismatch")


def test_the_version_is_asked_for_and_another_company_finds_nothing(system, client_for):
    system.post(PATH, statement(), headers=VERSION)
    other = client_for("company_system", organisation=training.make_hotel_company().organisation)

    assert system.post(PATH, statement()).json()["code"] == "xapi_version"
    assert system.get(PATH, statementId=KEY, headers={"X-Experience-API-Version": "2.0.0"}).status_code == 400
    assert other.get(PATH, statementId=KEY, headers=VERSION).status_code == 404
    assert other.post(PATH, statement(), headers=VERSION).json()["errors"][0]["code"] == "unknown_reference"


def test_a_token_for_reading_says_nothing(client_for):
    reader = client_for("company_system", scopes=["training:read"])

    assert reader.post(PATH, statement(), headers=VERSION).status_code == 403


def basic(key: str, secret: str) -> dict[str, str]:
    return VERSION | {"Authorization": "Basic " + b64encode(f"{key}:{secret}".encode()).decode()}


def test_a_system_that_knows_keys_and_secrets_sends_its_token_in_two(system, anonymous):
    key, secret = system.token[:15], system.token[16:]

    answer = anonymous.post(PATH, statement(), headers=basic(key, secret))

    assert (answer.status_code, answer.json(), Completion.objects.get().source) == (200, [KEY], "company_system")
    assert anonymous.get(PATH, statementId=KEY, headers=basic(key, secret)).json()["id"] == KEY


@pytest.mark.parametrize("change", [("key", "x"), ("secret", "x"), ("secret", ":"), ("key", "\u00e9"), ("secret", "")])
def test_a_wrong_key_or_secret_is_no_login(system, anonymous, change: tuple[str, str]):
    part, text = change
    parts = {"key": system.token[:15], "secret": system.token[16:]}
    parts[part] = text and parts[part][:-1] + text

    answer = anonymous.post(PATH, statement(), headers=basic(**parts))

    assert (answer.status_code, answer.json()["code"], Completion.objects.count()) == (401, "invalid_token", 0)
    assert answer["WWW-Authenticate"] == 'Bearer realm="register", Basic realm="register"'


def test_basic_is_for_statements_alone_and_gives_a_narrow_token_no_more(system, anonymous, client_for):
    key, secret = system.token[:15], system.token[16:]
    reader = client_for("company_system", scopes=["training:read"])

    assert anonymous.get("completions/", headers=basic(key, secret)).status_code == 401
    narrow = anonymous.post(PATH, statement(), headers=basic(reader.token[:15], reader.token[16:]))
    assert (narrow.status_code, Completion.objects.count()) == (403, 0)
    broken = anonymous.post(PATH, statement(), headers=VERSION | {"Authorization": "Basic !"})
    assert (broken.status_code, Completion.objects.count()) == (401, 0)
