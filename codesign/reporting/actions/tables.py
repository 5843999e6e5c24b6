"""Tables in a company's section: one value for each site, as a company's own system has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from codesign.reporting import answers as answering
from codesign.reporting.actions import returns, writing
from codesign.reporting.models import Question, Report, SiteAnswer, SiteReturn
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault

Filled = dict[SiteReturn, dict[str, Any]]


def read(report: Report, questions: list[Question], given: Mapping[str, Any]) -> tuple[Filled, list[Fault]]:
    """Values by return and question, and every fault with its pointer. Locks the returns concerned."""
    filled: Filled = {}
    faults: list[Fault] = []
    if not given:
        return filled, faults
    asked = {question.code: question for question in questions}
    open_to = {str(row.site_id): row for row in returns.locked_of(report)}
    for code, table in given.items():
        if not isinstance(table, dict):
            message = "Each site answers this: send a table, site id → value."
            faults.append(Fault(answering.pointer_to("answers", code), "wrong_type", message))
            continue
        for site, value in table.items():
            pointer = answering.pointer_to("answers", code, site)
            row = open_to.get(site)
            if row is None:
                faults.append(Fault(pointer, "unknown_site", "This report has no such site."))
                continue
            if obstacle := returns.obstacle(row, report):
                faults.append(Fault(pointer, obstacle, "The return of this site can't be changed now."))
                continue
            try:
                filled.setdefault(row, {})[code] = answering.read_value(asked[code], value)
            except answering.Unfit as unfit:
                faults.append(unfit.at("answers", code, site))
    return filled, faults


def write(filled: Filled, questions: Mapping[str, Question], *, actor: Actor, at: datetime) -> set[str]:
    """Keep what is new; the codes of the questions concerned. A fixed number of statements."""
    if not filled:
        return set()
    values: dict[Any, dict[str, Any]] = {}
    known = SiteAnswer.objects.filter(site_return__in=filled, question__in=questions.values(), origin="")
    for owner, code, value in known.order_by("pk").values_list("site_return_id", "question__code", "value"):
        values.setdefault(owner, {})[code] = value
    rows: list[SiteAnswer] = []
    touched: dict[SiteReturn, set[str]] = {}
    for row, kept in filled.items():
        if new := writing.changed(kept, values.get(row.pk, {}), {}):
            rows += writing.rows(SiteAnswer, questions, new, {}, actor=actor, at=at, site_return=row)
            touched[row] = {questions[code].section for code in new}
    writing.save(SiteAnswer, rows, owner="site_return")
    returns.advance(touched, actor=actor, at=at)
    return {row.question.code for row in rows}
