"""Load questionnaires from data and publish them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from codesign.reporting.models import (
    Publicity,
    Question,
    QuestionKind,
    QuestionLevel,
    Questionnaire,
    QuestionnaireState,
)
from codesign.reporting.prefill import SOURCES
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, Refused

LANGUAGES = frozenset({"en", "fr", "nl", "de", "es"})
SHIPPED = Path(__file__).resolve().parents[2] / "data" / "questionnaires"
_OWN = frozenset(field.name for field in Question._meta.concrete_fields) - {
    "id", "questionnaire", "position", "section", "criterion_number",
}  # fmt: skip


class QuestionnaireFrozen(Refused):
    """A year uses this version: a change needs a new version."""

    default_code = "questionnaire_frozen"


@transaction.atomic
def load_shipped(*, actor: Actor, at: datetime, folder: Path = SHIPPED) -> int:
    """Load and publish every version of the data folder; safe to repeat. How many there are."""
    paths = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    for path in paths:  # one or two versions
        loaded = load_questionnaire(content=json.loads(path.read_text(encoding="utf-8")), actor=actor, at=at)
        publish_questionnaire(version=loaded.version, actor=actor, at=at)
    return len(paths)


@transaction.atomic
def load_questionnaire(*, content: dict[str, Any], actor: Actor, at: datetime) -> Questionnaire:
    """Write a version from a data file; the same file again changes nothing. Raises Invalid, QuestionnaireFrozen."""
    questions = list(_questions(content))
    if faults := [*_section_faults(content), *_faults(content, questions)]:
        raise Invalid("The questionnaire has faults.", faults=tuple(faults))
    sections = [{key: section[key] for key in ("code", "criterion_number", "names")} for section in content["sections"]]
    row = Questionnaire.objects.select_for_update().filter(version=content["version"]).first()
    if row is not None and (row.names, row.sections, _known(row)) == (content["names"], sections, _plain(questions)):
        return row
    if row is None:
        row = Questionnaire(version=content["version"], created_at=at)
    elif row.years.exists():
        raise QuestionnaireFrozen("A reporting year uses this version; make a new one.")
    row.names, row.sections = content["names"], sections
    row.save()
    row.questions.all().delete()
    for question in questions:
        question.questionnaire = row
    Question.objects.bulk_create(questions)
    record("questionnaires.load", row, actor=actor, at=at, changes={"questions": [None, len(questions)]})
    return row


@transaction.atomic
def publish_questionnaire(*, version: int, actor: Actor, at: datetime) -> Questionnaire:
    """Let years use a version; published before, it stays as it is."""
    row = Questionnaire.objects.select_for_update().get(version=version)
    if row.state != QuestionnaireState.PUBLISHED:
        row.state, row.published_at = QuestionnaireState.PUBLISHED, at
        row.save(update_fields=["state", "published_at"])
        record("questionnaires.publish", row, actor=actor, at=at, changes={"state": ["draft", "published"]})
    return row


def _questions(content: dict[str, Any]) -> Iterable[Question]:
    position = 0
    for section in content["sections"]:
        for given in section["questions"]:
            position += 1
            own = {name: value for name, value in given.items() if name in _OWN}
            yield Question(
                position=position, section=section["code"], criterion_number=section["criterion_number"], **own
            )


def _faults(content: dict[str, Any], questions: list[Question]) -> Iterable[Fault]:
    for section in content["sections"]:
        for given in section["questions"]:
            for name in given.keys() - _OWN:
                yield Fault(f"/{given.get('code')}/{name}", "unknown_field", "A question has no such field.")
    seen: dict[str, Question] = {}
    for question in questions:
        pointer = f"/{question.code}"
        if question.code in seen:
            yield Fault(pointer, "duplicate_code", "This code stands twice.")
        if question.kind not in QuestionKind.values:
            yield Fault(f"{pointer}/kind", "unknown_kind", "There is no such kind of question.")
        if question.kind in {QuestionKind.CHOICE, QuestionKind.COUNTS} and not question.options:
            yield Fault(f"{pointer}/options", "required", "A choice and counts need options.")
        yield from _level_faults(question, pointer)
        if missing := LANGUAGES - question.names.keys():
            yield Fault(f"{pointer}/names", "missing_language", f"Missing: {', '.join(sorted(missing))}.")
        # Only backwards: whoever answers in order knows by then whether the question is asked.
        for name, other in (("at_most", question.at_most), ("condition", (question.condition or {}).get("question"))):
            if other and other not in seen:
                yield Fault(f"{pointer}/{name}", "unknown_question", "It names a question that stands before it.")
        seen[question.code] = question


# What a site can answer: what adds up, or is its own matter. What cascades is no sum: it holds for each site.
_AT_SITES = {
    QuestionLevel.SITE: {QuestionKind.NUMBER, QuestionKind.YES_NO, QuestionKind.DATE, QuestionKind.TEXT},
    QuestionLevel.CASCADING: {QuestionKind.YES_NO, QuestionKind.DATE, QuestionKind.TEXT},
}


def _level_faults(question: Question, pointer: str) -> Iterable[Fault]:
    if question.level not in QuestionLevel.values:
        yield Fault(f"{pointer}/level", "unknown_level", "There is no such level.")
    elif question.level in _AT_SITES and question.kind not in _AT_SITES[QuestionLevel(question.level)]:
        yield Fault(f"{pointer}/level", "wrong_kind", "Questions of this kind are answered by the company.")
    if question.prefill and question.prefill not in SOURCES:
        yield Fault(f"{pointer}/prefill", "unknown_source", "There is no such source.")
    if question.jump_share is not None and question.kind not in {QuestionKind.NUMBER, QuestionKind.SHARE}:
        yield Fault(f"{pointer}/jump_share", "wrong_kind", "Only figures are compared with last year's.")
    if question.is_passed_on and (
        question.kind not in {QuestionKind.NUMBER, QuestionKind.COUNTS}
        or question.level != QuestionLevel.COMPANY
        or question.prefill
        or question.jump_share is not None
        or question.publicity != Publicity.NEVER
    ):
        message = "Suspicions are a count per company: nothing filled in, compared or public."
        yield Fault(f"{pointer}/is_passed_on", "more_than_a_count", message)


def _section_faults(content: dict[str, Any]) -> Iterable[Fault]:
    """What was passed on stands in a section of its own: no text or file beside it."""
    for section in content["sections"]:
        marks = {bool(question.get("is_passed_on")) for question in section["questions"]}
        if len(marks) > 1:
            message = "What was passed on stands in a section of its own."
            yield Fault(f"/sections/{section['code']}", "mixed_section", message)


def _plain(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Questions as values that can be compared, wherever they come from."""
    names = [*sorted(_OWN), "section", "criterion_number"]
    rows = [{name: getattr(question, name) for name in names} for question in questions]
    return [
        {n: Decimal(v) if n in {"minimum", "maximum", "jump_share"} and v is not None else v for n, v in r.items()}
        for r in rows
    ]


def _known(row: Questionnaire) -> list[dict[str, Any]]:
    return _plain(row.questions.in_order())
