"""The roll-up of a group: what its sites answered, added up by country, with how many stand behind each total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, UUIDField

from codesign.reporting.answers import QuestionKind, number_of
from codesign.reporting.models import Question, QuestionLevel, SiteReturn

ADDED = frozenset({QuestionKind.NUMBER, QuestionKind.YES_NO})


@dataclass(frozen=True, kw_only=True)
class Total:
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


@dataclass(frozen=True)
class _Sum:
    count: int = 0
    value: Decimal = Decimal(0)
    pairs: int = 0
    pair_value: Decimal = Decimal(0)
    pair_base: Decimal = Decimal(0)


def added(questions: Iterable[Question]) -> list[Question]:
    """Those that sites answer and that can be added up."""
    return [question for question in questions if question.level != QuestionLevel.COMPANY and question.kind in ADDED]


def totals_of(report_id: UUID, questions: Iterable[Question], given: Mapping[str, Any]) -> list[Total]:
    """Totals by question and country, in that order; `given` are the company's own values.

    A question that cascades takes the company's answer wherever a site gave none of its own. Two queries, and
    one for each question that another one bounds.
    """
    sites = dict(SiteReturn.objects.filter(report=report_id).order_by().values_list("country").annotate(n=Count("pk")))
    summed = added(questions)
    sums = _sums(report_id, summed)
    return [
        _total(question, country, sites[country], sums.get((question.pk, country), _Sum()), given)
        for question in summed
        for country in sorted(sites)
    ]


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
_ANSWERS = """
FROM codesign_siteanswer a JOIN codesign_sitereturn r ON r.id = a.site_return_id
WHERE r.report_id = %s AND a.number IS NOT NULL
"""
_PLAIN = f"SELECT a.question_id, r.country_id, COUNT(*), SUM(a.number) {_ANSWERS} GROUP BY a.question_id, r.country_id"
_PAIRED = f"""
SELECT r.country_id, COUNT(*), SUM(a.number), SUM(b.number)
{_ANSWERS.replace("WHERE", "JOIN codesign_siteanswer b ON b.site_return_id = r.id AND b.question_id = %s WHERE")}
  AND a.question_id = %s AND b.number IS NOT NULL GROUP BY r.country_id
"""


def _sums(report_id: UUID, questions: list[Question]) -> dict[tuple[UUID, str], _Sum]:
    """One GROUP BY over the answers of the report's sites, and one for each question that another one bounds."""
    key = UUIDField().get_db_prep_value
    report = key(report_id, connection)
    keys = {question.code: key(question.pk, connection) for question in questions}
    own = {keys[question.code]: question for question in questions}
    found: dict[tuple[UUID, str], _Sum] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [report])
        for question, country, count, value in cursor.fetchall():
            if question in own:
                found[own[question].pk, country] = _Sum(count, _decimal(value))
        for one in questions:
            if one.at_most in keys:
                cursor.execute(_PAIRED, [keys[one.at_most], report, keys[one.code]])
                for country, count, value, base in cursor.fetchall():
                    place = one.pk, country
                    found[place] = replace(
                        found[place], pairs=count, pair_value=_decimal(value), pair_base=_decimal(base)
                    )
    return found


def _decimal(value: Any) -> Decimal:
    # SQLite adds decimals up as plain numbers.
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _total(question: Question, country: str, sites: int, own: _Sum, given: Mapping[str, Any]) -> Total:
    count, value = own.count, own.value
    if question.level == QuestionLevel.CASCADING:
        cascaded = number_of(question, given.get(question.code))
        if cascaded is not None:
            value, count = value + cascaded * (sites - count), sites
    base, base_value = (own.pair_base, own.pair_value) if own.pairs else (None, None)
    if question.kind == QuestionKind.YES_NO and count:
        base, base_value = Decimal(count), value
    return Total(
        code=question.code,
        country=country,
        value=value if count else None,
        sites_in_scope=sites,
        sites_answering=count,
        base=base,
        base_value=base_value,
    )


def _plus(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
