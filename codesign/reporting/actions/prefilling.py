"""Fill in what the register knows, with its origin, where nobody has answered. A fresh figure stays empty.

A value that was filled in is brought up to date as often as one likes; what somebody answered is never touched.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from codesign.reporting import prefill
from codesign.reporting.actions import returns, writing
from codesign.reporting.answers import Unfit, read_value
from codesign.reporting.contents import questions_of
from codesign.reporting.models import Answer, Question, QuestionLevel, Report, SiteAnswer, SiteReturn
from registry.kernel.audit.actor import SYSTEM, Actor


def fill(report: Report, *, actor: Actor, at: datetime) -> set[str]:
    """The codes that were filled in. A fixed number of queries for each source, whatever the number of sites."""
    questions = [question for question in questions_of(report) if question.prefill and not question.is_fresh]
    if not questions:
        return set()
    known = prefill.Known.of(report)
    by_site = [q for q in questions if report.is_by_site and q.level == QuestionLevel.SITE]
    once = [q for q in questions if q not in by_site]
    filled = _fill_company(report, known, once, at=at)
    return filled | _fill_sites(report, known, by_site, actor=actor, at=at)


def _fill_company(report: Report, known: prefill.Known, questions: list[Question], *, at: datetime) -> set[str]:
    answered = set(Answer.objects.filter(report=report, origin="").values_list("question__code", flat=True))
    before = prefill.last_year_values(report, questions)
    kept: dict[str, Any] = {}
    for question in questions:
        if question.code in answered:
            continue
        if question.prefill == prefill.LAST_YEAR:
            value = before.get(question.code)
        else:
            value = prefill.COMPANY[question.prefill](known, question)
        if (read := _fitting(question, value)) is not None:
            kept[question.code] = read
    by_code = {question.code: question for question in questions}
    origins = {code: prefill.ORIGINS[by_code[code].prefill] for code in kept}
    rows = writing.rows(Answer, by_code, kept, {}, actor=SYSTEM, at=at, origins=origins, report=report)
    writing.save(Answer, rows, owner="report")
    return set(kept)


def _fill_sites(
    report: Report, known: prefill.Known, questions: list[Question], *, actor: Actor, at: datetime
) -> set[str]:
    sourced = [question for question in questions if question.prefill in prefill.SITE]
    if not sourced:
        return set()
    owners = {row.site_id: row for row in SiteReturn.objects.filter(report=report).order_by("pk")}
    answered = set(
        SiteAnswer.objects.filter(site_return__report=report, origin="").values_list("site_return_id", "question__code")
    )
    rows: list[SiteAnswer] = []
    touched: dict[SiteReturn, set[str]] = {}
    for question in sourced:
        values: dict[UUID, int] = prefill.SITE[question.prefill](known, question)
        origins = {question.code: prefill.ORIGINS[question.prefill]}
        for site, value in values.items():
            row = owners[site]
            read = _fitting(question, value)
            if read is None or (row.pk, question.code) in answered:
                continue
            kept = {question.code: read}
            rows += writing.rows(
                SiteAnswer, {question.code: question}, kept, {}, actor=SYSTEM, at=at, origins=origins, site_return=row
            )
            touched.setdefault(row, set()).add(question.section)
    writing.save(SiteAnswer, rows, owner="site_return")
    returns.advance(touched, actor=SYSTEM, at=at)
    return {row.question.code for row in rows}


def _fitting(question: Question, value: Any) -> Any:
    try:
        return read_value(question, value)
    except Unfit:  # an option that this version no longer has: the company answers anew
        return None
