"""Questionnaires over HTTP."""

from __future__ import annotations

import jsonschema
import pytest

from codesign.reporting import actions
from registry.kernel.audit.actor import SYSTEM
from tests.factories.reporting import OPENED_AT, first_questionnaire, make_questionnaire

pytestmark = pytest.mark.django_db


def test_a_questionnaire_shows_its_questions_in_order(lcr_be):
    row = make_questionnaire()

    body = lcr_be.get(f"questionnaires/{row.pk}/", headers={"Accept-Language": "de"}).json()

    assert (body["version"], body["state"], body["title"]) == (
        1,
        "published",
        "Jahresbericht eines Mitglieds von The Code",
    )
    assert [question["code"] for question in body["questions"]][:2] == ["has_policy", "policy_date"]
    assert body["questions"][1]["condition"] == {"question": "has_policy", "equals": True}
    assert (len(body["questions"]), len(body["sections"])) == (16, 6)


def test_drafts_are_seen_by_the_secretariat_alone(secretariat, lcr_be):
    draft = {**first_questionnaire(), "version": 2}
    actions.load_questionnaire(content=draft, actor=SYSTEM, at=OPENED_AT)
    make_questionnaire()

    def versions(client) -> list[int]:
        return [row["version"] for row in client.get("questionnaires/").json()["results"]]

    assert (versions(secretariat), versions(lcr_be)) == ([1, 2], [1])


def test_the_json_schema_is_one_and_speaks_the_callers_language(lcr_be):
    row = make_questionnaire()

    schema = lcr_be.get(f"questionnaires/{row.pk}/json-schema/", headers={"Accept-Language": "es"}).json()

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["stakeholder_actions"] == {
        "description": "¿Cuántas acciones con partes interesadas realizó o apoyó?",
        "type": ["integer", "null", "object"],
        "minimum": 0,
        "maximum": 10**12,
        "properties": {
            "value": {"type": ["integer", "null"], "minimum": 0, "maximum": 10**12},
            "unit": {"const": "actions"},
        },
        "required": ["value", "unit"],
        "additionalProperties": False,
    }
    assert schema["properties"]["staff_trained"]["x-at-most"] == "staff_total"
