"""What a report says: its values, its sections with their wording, what a check finds, what a snapshot keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from codesign.reporting import answers as answering
from codesign.reporting.models import Answer, Question, Report, SectionVersion


def canonical(content: dict[str, Any]) -> bytes:
    """One form of JSON: equal content, equal bytes, whatever a database did to the order of keys."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def values_of(report_id: UUID) -> dict[str, Any]:
    """Value by question code; codes without an answer are absent or None. One query."""
    return dict(Answer.objects.of(report_id).values_list("question__code", "value"))


def questions_of(report: Report) -> list[Question]:
    """The questions of the report's year, in order. One query."""
    return list(Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id).in_order())


def findings_of(report: Report) -> list[answering.Finding]:
    """All errors and warnings of the whole report. Two queries."""
    return answering.check(questions_of(report), values_of(report.pk))


def snapshot_content(report: Report, *, number: int) -> dict[str, Any]:
    """What a submission froze: enough to read and to count it without any other row. Two queries."""
    values = values_of(report.pk)
    return {
        "report": str(report.pk),
        "number": number,
        "company": {"id": str(report.company_id), "name": report.company.organisation.name},
        "year": report.reporting_year.year,
        "questionnaire": report.reporting_year.questionnaire.version,
        "answers": [
            {
                "code": question.code,
                "section": question.section,
                "criterion_number": question.criterion_number,
                "indicator_code": question.indicator_code,
                "unit": question.unit,
                "value": values.get(question.code),
            }
            for question in questions_of(report)
        ],
    }


def sections_of(report: Report, *, language: str, only: str | None = None) -> list[dict[str, Any]]:
    """The report as it would be read, in `language` (else English); one section with `only`. Three queries."""
    answers = {answer.question_id: answer for answer in Answer.objects.filter(report=report.pk)}
    questions = questions_of(report)
    values = {q.code: answers[q.pk].value for q in questions if q.pk in answers}
    versions = {row.section: row for row in SectionVersion.objects.filter(report=report.pk)}
    return [
        {
            "code": section["code"],
            "criterion_number": section["criterion_number"],
            "title": _text(section["names"], language),
            "version": versions[section["code"]].version,
            "changed_at": versions[section["code"]].changed_at,
            "questions": [
                _question(question, answers.get(question.pk), values, language)
                for question in questions
                if question.section == section["code"]
            ],
        }
        for section in report.reporting_year.questionnaire.sections
        if only in {None, section["code"]}
    ]


def _question(question: Question, answer: Answer | None, values: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": question.kind,
        "unit": question.unit,
        "text": _text(question.names, language),
        "help": _text(question.help, language),
        "is_required": question.is_required,
        "is_asked": answering.is_asked(question, values),
        "options": _options(question.options, language),
        "value": answer.value if answer else None,
        "answered_at": answer.answered_at if answer else None,
        "answered_by": answer.answered_by_label if answer else None,
    }


def _options(options: Iterable[dict[str, Any]], language: str) -> list[dict[str, str]]:
    return [{"code": option["code"], "text": _text(option["names"], language)} for option in options]


def _text(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or ""
