"""What an accepted snapshot adds to the indicators: made from its content alone, so a recount says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import ROUND_UP, Decimal
from typing import Any

from codesign.reporting.answers import QuestionKind, number_of
from codesign.reporting.models import Contribution, Question, Report
from codesign.reporting.totals import added

_ONE = Decimal(1)


def contributions_of(report: Report, content: dict[str, Any], questions: Iterable[Question]) -> list[Contribution]:
    """Rows, unsaved: by country where sites answered, else one of the company's country."""
    asked = [question for question in questions if question.indicator_code]
    values = {row["code"]: row["value"] for row in content["answers"]}
    summed = {question.code for question in added(asked)} if "totals" in content else set()
    by_code = {question.code: question for question in asked}
    category = report.company.category
    shared = {"report": report, "reporting_year_id": report.reporting_year_id, "category": category}
    rows = [
        _of_total(total, by_code[total["code"]], shared)
        for total in content.get("totals", ())
        if total["code"] in summed
    ]
    sites = _sites(content, values)
    for question in asked:
        if question.code not in summed:
            bound = (
                number_of(by_code[question.at_most], values.get(question.at_most))
                if _bounded(question, by_code)
                else None
            )
            rows += _of_answer(question, values.get(question.code), bound, sites, report, shared)
    return _weighed(rows)


def _weighed(rows: list[Contribution]) -> list[Contribution]:
    """Each row with its part of the one company that the report is of; rounded up, so that five are never four."""
    for chosen, name in ((rows, "weight"), ([row for row in rows if row.value is not None], "answering_weight")):
        counts = Counter(row.indicator_code for row in chosen)
        for row in chosen:
            share = (_ONE / counts[row.indicator_code]).quantize(Decimal("0.0001"), rounding=ROUND_UP)
            setattr(row, name, share)
    return rows


def _bounded(question: Question, by_code: dict[str, Question]) -> bool:
    return bool(question.at_most) and question.at_most in by_code


def _sites(content: dict[str, Any], values: dict[str, Any]) -> tuple[int, int]:
    """Sites in scope and answering of what a company answers once; it is one place where it says nothing of sites."""
    if "sites" in content:
        return len(content["sites"]), len(content["sites"])
    scope, answering = values.get("sites_in_scope"), values.get("sites_answering")
    return (scope, min(answering, scope)) if scope and answering is not None else (1, 1)


def _of_total(total: dict[str, Any], question: Question, shared: dict[str, Any]) -> Contribution:
    number = {name: None if total[name] is None else Decimal(total[name]) for name in ("value", "base", "base_value")}
    return Contribution(
        country_id=total["country"],
        criterion_number=question.criterion_number,
        indicator_code=question.indicator_code,
        value=number["value"],
        part=number["base_value"],
        whole=number["base"],
        sites_in_scope=total["sites_in_scope"],
        sites_answering=total["sites_answering"],
        **shared,
    )


def _of_answer(
    question: Question,
    value: Any,
    bound: Decimal | None,
    sites: tuple[int, int],
    report: Report,
    shared: dict[str, Any],
) -> Iterator[Contribution]:
    for code, number, part, whole in _numbers(question, value, bound):
        yield Contribution(
            country_id=report.company.organisation.country_id,
            criterion_number=question.criterion_number,
            indicator_code=code,
            is_passed_on=question.is_passed_on,
            value=number,
            part=part,
            whole=whole,
            sites_in_scope=sites[0],
            sites_answering=sites[1] if number is not None else 0,
            **shared,
        )


Numbers = Iterator[tuple[str, Decimal | None, Decimal | None, Decimal | None]]


def _numbers(question: Question, value: Any, bound: Decimal | None) -> Numbers:
    """Indicator code, sum, part and whole of one answer; unknown is None in all three."""
    code, number = question.indicator_code, number_of(question, value)
    match QuestionKind(question.kind):
        case QuestionKind.NUMBER | QuestionKind.SHARE:
            both = number is not None and bound is not None
            yield code, number, number if both else None, bound if both else None
        case QuestionKind.YES_NO:
            yield code, number, number, None if number is None else _ONE
        case QuestionKind.CHOICE:
            chosen = None if value is None else {value} if isinstance(value, str) else set(value)
            for option in question.options:
                held = None if chosen is None else Decimal(option["code"] in chosen)
                yield f"{code}:{option['code']}", held, held, None if held is None else _ONE
        case QuestionKind.COUNTS:
            yield code, number, None, None
            for option in question.options:
                one = None if value is None else value.get(option["code"])
                yield f"{code}:{option['code']}", None if one is None else Decimal(one), None, None
        case _:  # days, text and files add up to nothing
            return
