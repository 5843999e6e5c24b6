"""Versions of the questionnaire: made, previewed, compared, published; and their JSON Schema at work."""

from __future__ import annotations

import copy

import jsonschema
import pytest

from codesign.reporting.models import Questionnaire
from tests.factories.reporting import first_questionnaire, make_questionnaire, make_year

pytestmark = pytest.mark.django_db


def version(number: int, **changes) -> dict:
    content = copy.deepcopy(first_questionnaire(2))
    content["version"] = number
    question = content["sections"][1]["questions"][0]
    question.update(changes)
    return content


def test_a_draft_is_made_previewed_compared_and_published(secretariat, lcr_be):
    old = make_questionnaire(2)
    content = version(3, jump_share="0.30")
    gone = content["sections"][4]["questions"].pop()

    made = secretariat.post("questionnaires/", content)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    path = f"questionnaires/{made.json()['id']}/"
    preview = secretariat.get(f"{path}preview/", headers={"Accept-Language": "nl"}).json()
    assert preview[1]["questions"][0]["text"] == "Hoeveel mensen werkten er op 31 december voor u?"
    assert secretariat.get(f"{path}diff/", against=str(old.pk)).json() == {
        "added": [],
        "removed": [gone["code"]],
        "changed": [{"code": "staff_total", "fields": ["jump_share"]}],
        "indicators_lost": [gone["indicator_code"]],
    }
    assert lcr_be.get(f"{path}preview/").status_code == 404

    assert secretariat.post("questionnaires/", version(3)).json()["id"] == made.json()["id"]
    assert secretariat.post(f"{path}publish/").json()["state"] == "published"
    assert lcr_be.get(f"{path}preview/").status_code == 200
    assert lcr_be.post("questionnaires/", version(4)).status_code == 403


def test_a_version_in_use_is_frozen(secretariat):
    make_year(2025, version=2)

    response = secretariat.post("questionnaires/", version(2, jump_share="0.30"))

    assert (response.status_code, response.json()["code"]) == (409, "questionnaire_frozen")
    assert Questionnaire.objects.get().questions.get(code="staff_total").jump_share == 0.5


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"kind": "riddle"}, "/sections/1/questions/0/kind", "invalid_choice"),
        ({"colour": "red"}, "/sections/1/questions/0/colour", "unknown_field"),
        ({"names": {"en": "How many?"}}, "/staff_total/names", "missing_language"),
        ({"level": "site", "kind": "share"}, "/staff_total/level", "wrong_kind"),
        ({"condition": {"question": "goal_for_next_year", "equals": 1}}, "/staff_total/condition", "unknown_question"),
        ({"is_passed_on": True}, "/staff_total/is_passed_on", "more_than_a_count"),
        ({"is_passed_on": True}, "/sections/criterion-2", "mixed_section"),
        ({"jump_share": "0.5", "kind": "yes_no"}, "/staff_total/jump_share", "wrong_kind"),
    ],
)
def test_a_questionnaire_with_faults_is_refused(secretariat, changes, pointer, code):
    response = secretariat.post("questionnaires/", version(3, **changes))

    assert response.status_code == 400
    assert (pointer, code) in {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}
    assert Questionnaire.objects.count() == 0


GOOD = {
    "has_policy": True, "policy_date": "2024-05-01", "offers_voluntourism": False, "staff_total": 10,
    "staff_trained": 7, "contracts_total": 3, "contracts_with_clause": 2, "travellers_informed": 100,
    "material_languages": ["nl"], "stakeholder_actions": 1, "sites_in_scope": 1, "sites_answering": 1,
    "passed_on": {"police": 0}, "given_amount": 0.07, "spend_under_clause_share": 0.29,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "is_good"),
    [
        ({}, True),
        ({"staff_total": {"0190a5d0-0000-7000-8000-000000000003": 12}}, True),
        ({"staff_trained": None}, True),
        ({"has_policy": False, "policy_date": None}, True),
        ({"staff_total": "10"}, False),
        ({"staff_total": -1}, False),
        ({"spend_under_clause_share": 1.01}, False),
        ({"passed_on": {"neighbour": 1}}, False),
        ({"passed_on": {"police": 0.5}}, False),
        ({"material_languages": ["xx"]}, False),
        ({"policy_date": "1 May"}, False),
        ({"ghost": 1}, False),
    ],
)
def test_the_json_schema_takes_what_the_register_takes(lcr_be, changes, is_good):
    row = make_questionnaire(2)
    schema = lcr_be.get(f"questionnaires/{row.pk}/json-schema/").json()
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

    assert validator.is_valid({**GOOD, **changes}) is is_good
    without = {code: value for code, value in GOOD.items() if code != "policy_date"}
    assert not validator.is_valid(without)
