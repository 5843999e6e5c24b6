"""Questionnaires: loaded from data, frozen once used."""

from __future__ import annotations

import copy

import jsonschema
import pytest

from codesign.reporting import actions
from codesign.reporting.json_schema import schema_of
from codesign.reporting.models import Question, Questionnaire
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid, Refused
from tests.factories.reporting import ANSWERS, OPENED_AT, first_questionnaire, make_questionnaire, make_year

pytestmark = pytest.mark.django_db
LANGUAGES = {"en", "fr", "nl", "de", "es"}


def load(content: dict) -> Questionnaire:
    return actions.load_questionnaire(content=content, actor=SYSTEM, at=OPENED_AT)


def changed() -> dict:
    content = copy.deepcopy(first_questionnaire())
    content["sections"][1]["questions"][0]["names"]["en"] = "How many people?"
    return content


def test_the_first_questionnaire_asks_16_questions_on_six_criteria_in_five_languages():
    questionnaire = make_questionnaire()

    questions = list(questionnaire.questions.in_order())
    assert (len(questions), {question.criterion_number for question in questions}) == (16, {1, 2, 3, 4, 5, 6})
    assert all(set(question.names) == LANGUAGES for question in questions)
    assert all(set(question.help) in (set(), LANGUAGES) for question in questions)
    assert all(set(option["names"]) == LANGUAGES for question in questions for option in question.options)


def test_suspicions_are_asked_as_counts_in_a_section_without_text():
    make_questionnaire()

    passed = Question.objects.filter(code__startswith="passed_to_")
    assert sorted(passed.values_list("code", "kind", "section")) == [
        ("passed_to_police", "number", "criterion-6"),
        ("passed_to_reporting_line", "number", "criterion-6"),
    ]
    assert not Question.objects.filter(section="criterion-6", kind="text").exists()


def test_loading_the_same_file_again_changes_nothing():
    make_year(2025)
    before = list(Question.objects.order_by("position").values_list("pk", flat=True))

    load(first_questionnaire())

    assert list(Question.objects.order_by("position").values_list("pk", flat=True)) == before
    assert AuditEvent.objects.filter(action="questionnaires.load").count() == 1


def test_a_version_that_no_year_uses_can_still_change():
    make_questionnaire()

    load(changed())

    assert Question.objects.get(code="staff_total").names["en"] == "How many people?"
    assert Question.objects.count() == 16


def test_a_version_in_use_is_frozen():
    make_year(2025)

    with pytest.raises(Refused) as refusal:
        load(changed())

    assert refusal.value.code == "questionnaire_frozen"
    assert Question.objects.get(code="staff_total").names["en"] == "How many people worked for you on 31 December?"


def test_faults_of_a_questionnaire_come_at_once():
    content = copy.deepcopy(first_questionnaire())
    first, second, *_ = content["sections"][0]["questions"]
    first["kind"] = "essay"
    del first["names"]["nl"]
    second["condition"]["question"] = "staff_total"
    second["colour"] = "red"

    with pytest.raises(Invalid) as refusal:
        load(content)

    assert {(fault.pointer, fault.code) for fault in refusal.value.faults} == {
        ("/has_policy/kind", "unknown_kind"),
        ("/has_policy/names", "missing_language"),
        ("/policy_date/condition", "unknown_question"),
        ("/policy_date/colour", "unknown_field"),
    }
    assert Questionnaire.objects.count() == 0


def schema() -> dict:
    questions = list(make_questionnaire().questions.in_order())
    return schema_of(questions, version=1, texts={question.code: question.names["fr"] for question in questions})


def test_the_json_schema_takes_a_complete_report_and_names_what_is_wrong():
    validator = jsonschema.Draft202012Validator(schema())
    complete = {code: value for section in ANSWERS.values() for code, value in section.items()}

    def wrong(**changes) -> set[str]:
        return {error.validator for error in validator.iter_errors({**complete, **changes})}

    validator.check_schema(schema())
    assert wrong() == set()
    assert wrong(staff_total=None) == set()
    assert wrong(staff_total="120") == {"type"}
    assert wrong(staff_total=-1) == {"minimum"}
    assert wrong(staff_total={"value": 120, "unit": "people"}) == set()
    assert wrong(staff_total={"value": 120, "unit": "FTE"}) == {"const"}
    assert wrong(staff_total={"value": 120}) == {"required"}
    assert wrong(ghost=1) == {"additionalProperties"}
    assert wrong(material_languages=["xx"]) == {"enum"}
    assert wrong(offers_voluntourism=True) == {"required"}
    assert wrong(offers_voluntourism=True, voluntourism_measures="We changed the tours.") == set()
