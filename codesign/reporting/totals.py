"""The roll-up of a group: what its sites answered, added up by country, with how many stand behind each total."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from codesign.reporting.answers import QuestionKind
from codesign.reporting.models import Question, QuestionLevel

ADDED = (QuestionKind.NUMBER, QuestionKind.YES_NO)


class Total(NamedTuple):
    """The sum of one question over the sites of one country; `value` is None while no site answered.

    `base`: what it is a part of, over the sites that answered both; None where it is a part of nothing.
    `base_value`: its own sum over those same sites.
    """

    code: str
    country: str
    value: Decimal | None
    sites_in_scope: int
    sites_answering: int
    base: Decimal | None = None
    base_value: Decimal | None = None


class _Asked(NamedTuple):
    """A question that is added up; `given` is what the company answered for all sites that answer nothing."""

    key: Any
    code: str
    kind: str
    bound: str
    given: Decimal | None


def added(questions: Iterable[Question]) -> list[Question]:
    """Those that sites answer and that can be added up."""
    return [question for question in questions if question.level != QuestionLevel.COMPANY and question.kind in ADDED]


def totals_of(report_id: UUID) -> list[Total]:
    """Totals of every question that sites answer and that can be added up, by question and country, in that order.

    A question that cascades takes the company's answer wherever a site gave none of its own. Three queries, and
    one for each question that another one bounds.
    """
    report = UUIDField().get_db_prep_value(report_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(_SITES, [report])
        sites = sorted(cursor.fetchall())
        cursor.execute(_QUESTIONS, [QuestionLevel.CASCADING, report, QuestionLevel.COMPANY, *ADDED])
        questions = [
            _Asked(key, code, kind, bound, None if given is None else _decimal(given))
            for key, code, kind, bound, given in cursor.fetchall()
        ]
        cursor.execute(_SUMS, [report])
        sums = _by_question(cursor.fetchall())
        keys = {question.code: question.key for question in questions}
        pairs = {}
        for question in questions:
            if question.bound in keys:
                cursor.execute(_PAIRS, [question.key, keys[question.bound], report])
                pairs[question.key] = {row[0]: (_decimal(row[1]), _decimal(row[2])) for row in cursor.fetchall()}
    return [
        _total(question, country, scope, own.get(country), paired.get(country))
        for question in questions
        for own, paired in [(sums.get(question.key, {}), pairs.get(question.key, {}))]
        for country, scope in sites
    ]


def _by_question(rows: Iterable[tuple[Any, str, int, Any]]) -> dict[Any, dict[str, tuple[int, Decimal]]]:
    found: dict[Any, dict[str, tuple[int, Decimal]]] = {}
    for question, country, count, value in rows:
        found.setdefault(question, {})[country] = count, _decimal(value)
    return found


def whole(totals: Iterable[Total]) -> list[Total]:
    """The same over all countries: the sum of the slices is the group."""
    found: dict[str, list[Total]] = {}
    for total in totals:
        found.setdefault(total.code, []).append(total)
    return [
        Total(
            code=code,
            country="",
            value=_plus(total.value for total in parts),
            sites_in_scope=sum(total.sites_in_scope for total in parts),
            sites_answering=sum(total.sites_answering for total in parts),
            base=_plus(total.base for total in parts),
            base_value=_plus(total.base_value for total in parts),
        )
        for code, parts in found.items()
    ]


# By hand: what the ORM needs to build these statements and to convert their rows costs more than the sums do.
_SITES = "SELECT country_id, COUNT(*) FROM codesign_sitereturn WHERE report_id = %s GROUP BY country_id"
_QUESTIONS = """
SELECT q.id, q.code, q.kind, q.at_most, g.number
FROM codesign_report r
JOIN codesign_reportingyear y ON y.id = r.reporting_year_id
JOIN codesign_question q ON q.questionnaire_id = y.questionnaire_id
LEFT JOIN codesign_answer g ON g.report_id = r.id AND g.question_id = q.id AND q.level = %s
WHERE r.id = %s AND q.level <> %s
  AND q.kind IN (%s, %s)
ORDER BY q.position, q.id
"""
_SUMS = """
SELECT a.question_id, r.country_id, COUNT(*), SUM(a.number)
FROM codesign_siteanswer a JOIN codesign_sitereturn r ON r.id = a.site_return_id
WHERE r.report_id = %s AND a.number IS NOT NULL GROUP BY a.question_id, r.country_id
"""
_PAIRS = """
SELECT r.country_id, SUM(a.number), SUM(b.number)
FROM codesign_sitereturn r
JOIN codesign_siteanswer a ON a.site_return_id = r.id AND a.question_id = %s AND a.number IS NOT NULL
JOIN codesign_siteanswer b ON b.site_return_id = r.id AND b.question_id = %s AND b.number IS NOT NULL
WHERE r.report_id = %s GROUP BY r.country_id
"""


def _decimal(value: Any) -> Decimal:
    # SQLite keeps and adds decimals up as plain numbers.
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _total(
    question: _Asked,
    country: str,
    scope: int,
    own: tuple[int, Decimal] | None,
    pair: tuple[Decimal, Decimal] | None,
) -> Total:
    answering, value = own or (0, Decimal(0))
    if question.given is not None:
        answering, value = scope, value + question.given * (scope - answering)
    if not answering:
        return Total(question.code, country, None, scope, 0)
    if question.kind == QuestionKind.YES_NO:
        # A share of yes is taken over all that said yes or no.
        return Total(question.code, country, value, scope, answering, Decimal(answering), value)
    base_value, base = pair or (None, None)
    return Total(question.code, country, value, scope, answering, base, base_value)


def _plus(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
