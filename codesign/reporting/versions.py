"""Versions of the questionnaire beside each other, and one as a company would see it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codesign.reporting.models import Question, Questionnaire

COMPARED = (
    "section", "position", "kind", "level", "unit", "names", "help", "criterion_number", "indicator_code",
    "is_required", "is_multiple", "options", "minimum", "maximum", "decimals", "at_most", "condition", "prefill",
    "is_fresh",
    "jump_share", "publicity", "is_passed_on",
)  # fmt: skip


def difference(before: Iterable[Question], after: Iterable[Question]) -> dict[str, Any]:
    """Codes that were added and removed, and the fields that changed of those that stayed, in the order of `after`."""
    old, new = ({question.code: question for question in questions} for questions in (before, after))
    changed = []
    for code, question in new.items():
        if code in old:
            fields = [name for name in COMPARED if getattr(old[code], name) != getattr(question, name)]
            # Moving down by what was put in before it is no change.
            if fields and fields != ["position"]:
                changed.append({"code": code, "fields": [name for name in fields if name != "position"]})
    return {
        "added": [code for code in new if code not in old],
        "removed": [code for code in old if code not in new],
        "changed": changed,
        "indicators_lost": sorted({q.indicator_code for q in old.values()} - {q.indicator_code for q in new.values()}),
    }


def preview(questionnaire: Questionnaire, questions: Iterable[Question], *, language: str) -> list[dict[str, Any]]:
    """Sections with their questions as a company would read them."""

    def text(names: dict[str, str]) -> str:
        return names.get(language) or names.get("en") or ""

    asked = list(questions)
    return [
        {
            "code": section["code"],
            "criterion_number": section["criterion_number"],
            "title": text(section["names"]),
            "questions": [
                {
                    "code": question.code,
                    "kind": question.kind,
                    "level": question.level,
                    "unit": question.unit,
                    "text": text(question.names),
                    "help": text(question.help),
                    "is_required": question.is_required,
                    "condition": question.condition,
                    "options": [{"code": option["code"], "text": text(option["names"])} for option in question.options],
                }
                for question in asked
                if question.section == section["code"]
            ],
        }
        for section in questionnaire.sections
    ]
