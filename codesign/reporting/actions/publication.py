"""Choose what of a report the public may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.reporting.actions import moving
from codesign.reporting.answers import pointer_to
from codesign.reporting.models import Publicity, Question, Report
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid


@transaction.atomic
def choose_public(
    *, report_id: UUID, questions: Iterable[str], expected_version: int | None, actor: Actor, at: datetime
) -> Report:
    """Show the answers to these questions once the report is published; it counts at once. Raises Invalid, Stale."""
    report = moving.locked(report_id, expected_version)
    known = dict(
        Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id).values_list("code", "publicity")
    )
    faults = []
    chosen = list(dict.fromkeys(questions))
    for index, code in enumerate(chosen):
        if code not in known:
            faults.append(Fault(pointer_to("questions", str(index)), "unknown_question", "There is no such question."))
        elif known[code] == Publicity.NEVER:
            faults.append(Fault(pointer_to("questions", str(index)), "never_public", "This answer is never public."))
    if faults:
        raise Invalid("Some answers can't be shown; each is listed.", faults=tuple(faults))
    before = report.public_codes
    if sorted(before) != sorted(chosen):
        report.public_codes, report.version = chosen, report.version + 1
        report.save(update_fields=["public_codes", "version"])
        record("reports.publicity", report, actor=actor, at=at, changes={"questions": [before, chosen]})
    return report
