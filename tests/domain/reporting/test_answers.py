"""One value against its question, and a whole set of answers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from codesign.reporting import answers
from codesign.reporting.models import Question


def ask(code: str = "q", kind: str = "number", **fields) -> Question:
    return Question(code=code, kind=kind, **fields)


OPTIONS = [{"code": "en", "names": {}}, {"code": "fr", "names": {}}]


@pytest.mark.parametrize(
    ("question", "value", "kept"),
    [
        (ask(), 12, 12),
        (ask(), 12.0, 12),
        (ask(), 0, 0),
        (ask(), None, None),
        (ask(decimals=2), 1.25, 1.25),
        (ask(kind="share"), 0.125, 0.125),
        (ask(kind="share"), 1, 1),
        (ask(kind="date"), "2024-02-29", "2024-02-29"),
        (ask(kind="choice", options=OPTIONS), "fr", "fr"),
        (ask(kind="choice", options=OPTIONS, is_multiple=True), ["fr", "en", "fr"], ["en", "fr"]),
        (ask(kind="choice", options=OPTIONS, is_multiple=True), [], []),
        (ask(kind="text"), "  We changed the tours.  ", "We changed the tours."),
        (ask(kind="text"), "   ", None),
        (ask(kind="yes_no"), False, False),
    ],
)
def test_a_fitting_value_is_kept_in_one_form(question, value, kept):
    assert answers.read_value(question, value) == kept


@pytest.mark.parametrize(
    ("question", "value", "code"),
    [
        (ask(), "12", "wrong_type"),
        (ask(), True, "wrong_type"),
        (ask(), [1], "wrong_type"),
        (ask(), -1, "out_of_range"),
        (ask(), 1e300, "out_of_range"),
        (ask(), float("nan"), "out_of_range"),
        (ask(), 1.5, "too_precise"),
        (ask(maximum=Decimal(10)), 11, "out_of_range"),
        (ask(kind="share"), 1.01, "out_of_range"),
        (ask(kind="share"), 0.12345, "too_precise"),
        (ask(kind="date"), 20240229, "wrong_type"),
        (ask(kind="date"), "2023-02-29", "wrong_format"),
        (ask(kind="date"), "20240229", "wrong_format"),
        (ask(kind="date"), "1899-12-31", "out_of_range"),
        (ask(kind="choice", options=OPTIONS), "nl", "unknown_option"),
        (ask(kind="choice", options=OPTIONS), ["fr"], "wrong_type"),
        (ask(kind="choice", options=OPTIONS, is_multiple=True), "fr", "wrong_type"),
        (ask(kind="choice", options=OPTIONS, is_multiple=True), [{}], "wrong_type"),
        (ask(kind="text"), 12, "wrong_type"),
        (ask(kind="text"), "x" * 4001, "too_long"),
        (ask(kind="text"), "ask jan@hotel.example", "looks_like_a_person"),
        (ask(kind="text"), "a guest was seen with a girl", "looks_like_a_case"),
        (ask(kind="yes_no"), 1, "wrong_type"),
        (ask(kind="yes_no"), "yes", "wrong_type"),
    ],
)
def test_a_value_that_does_not_answer_the_question_is_refused_without_being_repeated(question, value, code):
    with pytest.raises(answers.Unfit) as refusal:
        answers.read_value(question, value)

    assert refusal.value.code == code
    assert str(value) not in refusal.value.message


def test_all_faults_come_at_once_with_pointers():
    questions = [ask("total"), ask("share", "share"), ask("note", "text")]

    kept, faults = answers.faults_of(questions, {"total": 3, "share": 2, "note": 5, "ghost~/": 1})

    assert kept == {"total": 3}
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/answers/share", "out_of_range"),
        ("/answers/note", "wrong_type"),
        ("/answers/ghost~0~1", "unknown_question"),
    ]


QUESTIONS = [
    ask("offers", "yes_no", is_required=True),
    ask("measures", "text", is_required=True, condition={"question": "offers", "equals": True}),
    ask("total", is_required=True),
    ask("trained", at_most="total"),
]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, [("error", "offers", "missing"), ("error", "total", "missing"), ("warning", "trained", "unanswered")]),
        ({"offers": True, "total": 5, "trained": 5}, [("error", "measures", "missing")]),
        ({"offers": False, "total": 0, "trained": 0}, []),
        ({"offers": False, "measures": "x", "total": 5, "trained": 5}, [("warning", "measures", "not_asked")]),
        ({"offers": False, "total": 5, "trained": 6}, [("error", "trained", "above_other_answer")]),
    ],
)
def test_a_check_finds_everything_at_once(values, found):
    assert [(f.level, f.question, f.code) for f in answers.check(QUESTIONS, values)] == found


@pytest.mark.parametrize(
    ("values", "progress"),
    [({}, (0, 2)), ({"offers": True}, (1, 3)), ({"offers": False, "total": 0}, (2, 2)), ({"trained": 1}, (0, 2))],
)
def test_progress_counts_what_is_required_with_these_answers(values, progress):
    assert answers.progress(QUESTIONS, values) == progress
