"""Begin a report and answer it, section by section."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.companies.lifecycle import MEMBER
from codesign.companies.models import CodeMembership
from codesign.reporting import answers as answering
from codesign.reporting.contents import values_of
from codesign.reporting.lifecycle import EDITABLE
from codesign.reporting.models import Answer, Question, Report, ReportingYear, SectionVersion
from codesign.reporting.rules import completeness_share, day_in
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale


class NotAMember(Refused):
    """Only members report."""

    default_code = "not_a_member"


class YearNotOpen(Refused):
    """The year has not begun to be reported on."""

    default_code = "year_not_open"


class ReportExists(Refused):
    """One report per company and year."""

    default_code = "report_exists"


class ReportNotEditable(Refused):
    """Handed in: it is the reviewer's turn."""

    default_code = "report_not_editable"


@transaction.atomic
def create(*, company_id: UUID, year: int, actor: Actor, at: datetime) -> Report:
    """Begin the report of a company for an open year. Raises NotAMember, YearNotOpen, ReportExists."""
    members = CodeMembership.objects.filter(company=company_id, state__in=MEMBER).select_related(
        "company__organisation"
    )
    membership = members.order_by("-is_current", "-member_since", "pk").first()
    if membership is None:
        raise NotAMember("Only members of The Code report.")
    today = day_in(at, membership.company.organisation.zone)
    open_year = ReportingYear.objects.open_on(today).select_related("questionnaire").filter(year=year).first()
    if open_year is None:
        raise YearNotOpen(f"The reporting year {year} is not open.")
    report, is_new = Report.objects.get_or_create(
        company_id=company_id, reporting_year=open_year, defaults={"membership": membership, "created_at": at}
    )
    if not is_new:
        raise ReportExists("This company has a report for this year.", details={"report": str(report.pk)})
    SectionVersion.objects.bulk_create(
        SectionVersion(report=report, section=section["code"], changed_at=at, changed_by_label=actor.label)
        for section in open_year.questionnaire.sections
    )
    record("reports.create", report, actor=actor, at=at, changes={"year": [None, year]})
    return report


@transaction.atomic
def answer_section(
    *, report_id: UUID, section: str, answers: dict[str, Any], expected_version: int | None, actor: Actor, at: datetime
) -> SectionVersion:
    """Keep answers of one section; null clears one. All faults at once, nothing kept if there is any.

    Raises NotFound, ReportNotEditable, Stale (with the version and the answers that stand now), Invalid.
    """
    # The lock keeps a submission from slipping between two answers; sections are told apart by their versions.
    report = Report.objects.locked().select_related("reporting_year").filter(pk=report_id).first()
    current = SectionVersion.objects.filter(report=report_id, section=section).first()
    if report is None or current is None:
        raise NotFound("There is no such section.")
    if report.state not in EDITABLE:
        raise ReportNotEditable("This report was handed in.", details={"state": report.state})
    questions = list(Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id).in_order())
    own = [question for question in questions if question.section == section]
    values = values_of(report.pk)
    if expected_version not in {None, current.version}:
        standing = {question.code: values.get(question.code) for question in own}
        details = {"version": current.version, "answers": standing}
        raise Stale("Somebody saved this section since you read it.", details=details)
    kept, faults = answering.faults_of(own, answers)
    if faults:
        raise Invalid("Some answers can't be kept; each is listed.", faults=tuple(faults))
    _write(report, {question.code: question for question in own}, kept, actor=actor, at=at)
    _count(report, questions, values | kept)
    _advance(current, actor=actor, at=at)
    # The audit log says which questions, never what was answered.
    changes: dict[str, list[Any]] = {"section": [None, section], "questions": [None, sorted(kept)]}
    record("reports.answer", report, actor=actor, at=at, changes=changes)
    return current


def _write(report: Report, asked: dict[str, Question], kept: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    rows = [
        Answer(
            report=report,
            question=asked[code],
            value=value,
            number=_number(asked[code], value),
            answered_at=at,
            answered_by_id=actor.user_id,
            answered_by_label=actor.label,
        )
        for code, value in kept.items()
    ]
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["report", "question"],
        update_fields=["value", "number", "answered_at", "answered_by_id", "answered_by_label"],
    )


def _number(question: Question, value: Any) -> Decimal | None:
    counted = {answering.QuestionKind.NUMBER, answering.QuestionKind.SHARE}
    return None if value is None or question.kind not in counted else Decimal(str(value))


def _count(report: Report, questions: list[Question], values: dict[str, Any]) -> None:
    answered, required = answering.progress(questions, values)
    share = completeness_share(answered=answered, required=required)
    Report.objects.filter(pk=report.pk).update(completeness_share=share, version=F("version") + 1)


def _advance(current: SectionVersion, *, actor: Actor, at: datetime) -> None:
    updated = SectionVersion.objects.filter(pk=current.pk, version=current.version).update(
        version=current.version + 1, changed_at=at, changed_by_label=actor.label
    )
    if not updated:
        raise Stale("Somebody saved this section at the same moment.", details={"version": current.version + 1})
    current.version, current.changed_at, current.changed_by_label = current.version + 1, at, actor.label
