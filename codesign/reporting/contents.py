"""What a report says: its values, its sections with their wording, what a check finds, what a snapshot keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from codesign.reporting import answers as answering
from codesign.reporting import totals as adding
from codesign.reporting.models import (
    Answer,
    Question,
    QuestionLevel,
    Report,
    SectionVersion,
    SiteAnswer,
    SiteReturn,
    SiteSectionVersion,
)
from codesign.reporting.prefill import last_year_of_sites, last_year_values, of_sites
from codesign.reporting.rules import plain


def canonical(content: dict[str, Any]) -> bytes:
    """One form of JSON: equal content, equal bytes, whatever a database did to the order of keys."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def values_of(report_id: UUID) -> dict[str, Any]:
    """Value by question code; codes without an answer are absent or None. One query."""
    return dict(Answer.objects.of(report_id).values_list("question__code", "value"))


def questions_of(report: Report) -> list[Question]:
    """The questions of the report's year, in order. One query."""
    return list(Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id).in_order())


def cascading_values(report_id: UUID) -> dict[str, Any]:
    """What the company answers for all its sites. One query."""
    cascading = Answer.objects.filter(report=report_id, question__level=QuestionLevel.CASCADING).order_by("pk")
    return dict(cascading.values_list("question__code", "value"))


def findings_of(report: Report) -> list[answering.Finding]:
    """All errors and warnings of what the company answers itself. Four queries."""
    questions = questions_of(report)
    if report.is_by_site:
        questions = [question for question in questions if question.level != QuestionLevel.SITE]
    values = of_sites(report, questions) | {c: v for c, v in values_of(report.pk).items() if v is not None}
    comments = dict(Answer.objects.of(report.pk).exclude(comment="").values_list("question__code", "comment"))
    return answering.check(questions, values, last_year=last_year_values(report, questions), comments=comments)


def effective_values(row: SiteReturn) -> dict[str, Any]:
    """What counts for a site: the company's answers where they cascade, and its own above them. Two queries."""
    own = row.answers.order_by("pk").values_list("question__code", "value")
    return cascading_values(row.report_id) | {code: value for code, value in own if value is not None}


def snapshot_content(report: Report, *, number: int) -> dict[str, Any]:
    """What a submission froze: enough to read and to count it without any other row. At most six queries."""
    values, questions = values_of(report.pk), questions_of(report)
    content: dict[str, Any] = {
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
            for question in questions
        ],
    }
    if report.is_by_site:
        content["sites"] = _sites(report)
        content["totals"] = [_shown(total) for total in adding.totals_of(report.pk)]
    return content


def _sites(report: Report) -> list[dict[str, Any]]:
    """Each site with what it answered itself. Two queries."""
    answers: dict[UUID, dict[str, Any]] = {}
    given = SiteAnswer.objects.filter(site_return__report=report).order_by("question__position", "pk")
    for owner, code, value in given.values_list("site_return_id", "question__code", "value"):
        answers.setdefault(owner, {})[code] = value
    rows = report.site_returns.order_by("country", "site__name", "pk")
    return [
        {"site": str(site), "name": name, "country": country, "state": state, "answers": answers.get(key, {})}
        for key, site, name, country, state in rows.values_list("pk", "site_id", "site__name", "country_id", "state")
    ]


def _shown(total: adding.Total) -> dict[str, Any]:
    names = ("code", "country", "sites_in_scope", "sites_answering")
    decimals = {name: getattr(total, name) for name in ("value", "base", "base_value")}
    numbers = {name: plain(value) for name, value in decimals.items()}
    return {**{name: getattr(total, name) for name in names}, **numbers}


def return_sections(row: SiteReturn, *, language: str, only: str | None = None) -> list[dict[str, Any]]:
    """A site's return as it would be read: what sites are asked, with the company's answer where it cascades."""
    report = row.report
    questions = [question for question in questions_of(report) if question.level != QuestionLevel.COMPANY]
    answers = {answer.question_id: answer for answer in row.answers.all()}
    cascading = cascading_values(report.pk)
    own = {q.code: answers[q.pk].value for q in questions if q.pk in answers and answers[q.pk].value is not None}
    marks = {mark.section: mark for mark in SiteSectionVersion.objects.filter(site_return=row)}
    before = last_year_of_sites(report, questions).get(row.site_id, {})
    found = []
    for section in report.reporting_year.questionnaire.sections:
        code = section["code"]
        asked = [question for question in questions if question.section == code]
        if not asked or only not in {None, code}:
            continue
        shown = []
        for question in asked:
            entry = _question(question, answers.get(question.pk), cascading | own, language, before.get(question.code))
            shown.append(entry | {"company_value": cascading.get(question.code)})
        mark = marks.get(code)
        found.append(
            {
                "code": code,
                "criterion_number": section["criterion_number"],
                "title": _text(section["names"], language),
                "version": mark.version if mark else 1,
                "changed_at": mark.changed_at if mark else None,
                "questions": shown,
            }
        )
    return found


def sections_of(report: Report, *, language: str, only: str | None = None) -> list[dict[str, Any]]:
    """The report as it would be read, in `language` (else English); one section with `only`. Four queries."""
    answers = {answer.question_id: answer for answer in Answer.objects.filter(report=report.pk)}
    questions = questions_of(report)
    values = {q.code: answers[q.pk].value for q in questions if q.pk in answers}
    versions = {row.section: row for row in SectionVersion.objects.filter(report=report.pk)}
    before = last_year_values(report, questions)
    return [
        {
            "code": section["code"],
            "criterion_number": section["criterion_number"],
            "title": _text(section["names"], language),
            "version": versions[section["code"]].version,
            "changed_at": versions[section["code"]].changed_at,
            "questions": [
                _question(question, answers.get(question.pk), values, language, before.get(question.code))
                for question in questions
                if question.section == section["code"]
            ],
        }
        for section in report.reporting_year.questionnaire.sections
        if only in {None, section["code"]}
    ]


def _question(
    question: Question, answer: Answer | SiteAnswer | None, values: dict[str, Any], language: str, last_year: Any
) -> dict[str, Any]:
    return {
        "code": question.code,
        "kind": question.kind,
        "level": question.level,
        "unit": question.unit,
        "text": _text(question.names, language),
        "help": _text(question.help, language),
        "is_required": question.is_required,
        "is_asked": answering.is_asked(question, values),
        "options": _options(question.options, language),
        "is_multiple": question.is_multiple,
        "decimals": question.decimals,
        "value": answer.value if answer else None,
        "comment": answer.comment if answer else "",
        "origin": answer.origin if answer else "",
        "last_year": last_year,
        "company_value": None,
        "is_redacted": bool(answer and answer.redacted_at),
        "answered_at": answer.answered_at if answer else None,
        "answered_by": answer.answered_by_label if answer else None,
    }


def _options(options: Iterable[dict[str, Any]], language: str) -> list[dict[str, str]]:
    return [{"code": option["code"], "text": _text(option["names"], language)} for option in options]


def _text(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or ""


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Every answer that differs between the contents of two snapshots, the company's first."""
    old, new = _flat(before), _flat(after)
    places = [*old, *(place for place in new if place not in old)]
    return [
        {"site": site, "question": code, "before": old.get((site, code)), "after": new.get((site, code))}
        for site, code in places
        if old.get((site, code)) != new.get((site, code))
    ]


def _flat(content: dict[str, Any]) -> dict[tuple[str | None, str], Any]:
    values: dict[tuple[str | None, str], Any] = {(None, row["code"]): row["value"] for row in content["answers"]}
    for site in content.get("sites", ()):
        values |= {(site["site"], code): value for code, value in site["answers"].items()}
    return values
