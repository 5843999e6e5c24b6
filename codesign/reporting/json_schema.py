"""A questionnaire as JSON Schema, so that a company's own system can check before it sends. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codesign.reporting.answers import MAX_NUMBER, MAX_TEXT, SHARE_PLACES, Asked, QuestionKind
from codesign.reporting.models import QuestionLevel
from registry.kernel.calendar import EARLIEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(questions: Iterable[Asked], *, version: int, texts: dict[str, str]) -> dict[str, Any]:
    """The schema of a complete set of answers. `texts` maps a question's code to its wording.

    Bounds between two answers can't be said in JSON Schema; they stand in `x-at-most`. Decimal places stand in
    `x-decimals`: as a multiple, 0.07 is none of 0.01 to most validators. Null means unknown.
    """
    asked = list(questions)
    required = [question.code for question in asked if question.is_required and question.condition is None]
    return {
        "$schema": DIALECT,
        "title": f"Questionnaire {version}",
        "type": "object",
        "additionalProperties": False,
        "properties": {question.code: _property(question, texts[question.code]) for question in asked},
        "required": required,
        "allOf": [_condition(question) for question in asked if question.is_required and question.condition],
    }


def _property(question: Asked, text: str) -> dict[str, Any]:
    types: dict[QuestionKind, dict[str, Any]] = {
        QuestionKind.NUMBER: {
            "type": ["number" if question.decimals else "integer", "null"],
            "minimum": _plain(question.minimum, 0),
            "maximum": _plain(question.maximum, MAX_NUMBER),
            **({"x-decimals": question.decimals} if question.decimals else {}),
        },
        QuestionKind.SHARE: {"type": ["number", "null"], "minimum": 0, "maximum": 1, "x-decimals": SHARE_PLACES},
        QuestionKind.DATE: {"type": ["string", "null"], "format": "date", "x-earliest": EARLIEST.isoformat()},
        QuestionKind.TEXT: {"type": ["string", "null"], "maxLength": MAX_TEXT},
        QuestionKind.YES_NO: {"type": ["boolean", "null"]},
        QuestionKind.CHOICE: _options(question),
        QuestionKind.COUNTS: _counts(question),
        QuestionKind.FILE: {"type": ["string", "null"], "format": "uuid"},
    }
    bound = {"x-at-most": question.at_most} if question.at_most else {}
    shape = types[QuestionKind(question.kind)]
    if question.kind == QuestionKind.NUMBER and question.unit:
        # Or with its unit, so that no system sends another by mistake.
        shape = {
            **shape,
            "type": [*shape["type"], "object"],
            "properties": {"value": shape, "unit": {"const": question.unit}},
            "required": ["value", "unit"],
            "additionalProperties": False,
        }
    if question.level == QuestionLevel.SITE:
        # Of a report by site: a table, site id → value.
        table = {"type": "object", "propertyNames": {"format": "uuid"}, "additionalProperties": shape}
        shape = {"oneOf": [shape, table]}
    return {"description": text, **shape, **bound}


def _counts(question: Asked) -> dict[str, Any]:
    count = {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_NUMBER}
    codes = [option["code"] for option in question.options]
    return {"type": ["object", "null"], "properties": dict.fromkeys(codes, count), "additionalProperties": False}


def _options(question: Asked) -> dict[str, Any]:
    codes = [option["code"] for option in question.options]
    if question.is_multiple:
        return {"type": ["array", "null"], "items": {"enum": codes}, "uniqueItems": True}
    return {"enum": [*codes, None]}


def _condition(question: Asked) -> dict[str, Any]:
    condition = question.condition or {}
    other = condition["question"]
    return {
        "if": {"properties": {other: {"const": condition["equals"]}}, "required": [other]},
        "then": {"required": [question.code]},
    }


def _plain(value: Any, default: int) -> int | float:
    if value is None:
        return default
    return int(value) if value == int(value) else float(value)
