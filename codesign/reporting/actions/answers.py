"""Begin a report and answer it, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.companies.lifecycle import MEMBER
from codesign.companies.models import CodeMembership
from codesign.reporting import answers as answering
from codesign.reporting.actions import prefilling, returns, tables, writing
from codesign.reporting.actions.writing import ReportNotEditable
from codesign.reporting.contents import values_of
from codesign.reporting.lifecycle import EDITABLE, SliceState
from codesign.reporting.models import (
    Answer,
    Question,
    QuestionKind,
    QuestionLevel,
    Report,
    ReportingYear,
    SectionVersion,
)
from codesign.reporting.rules import completeness_share, day_in
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, NotFound, Refused, Stale


class NotAMember(Refused):
    """Only members report."""

    default_code = "not_a_member"


class YearNotOpen(Refused):
    """The year has not begun to be reported on."""

    default_code = "year_not_open"


class ReportExists(Refused):
    """One report per company and year."""

    default_code = "report_exists"


@transaction.atomic
def create(*, company_id: UUID, year: int, actor: Actor, at: datetime, by_site: bool | None = None) -> Report:
    """Begin the report of a company for an open year, with what the register knows of the year filled in.

    `by_site`: each site in scope gets a return of its own; None: where the sites lie in several countries.
    Raises NotAMember, YearNotOpen, ReportExists.
    """
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
    returns.open_at_begin(report, by_site=by_site, at=at)
    if prefilling.fill(report, actor=actor, at=at):
        _count(report)
    return report


@transaction.atomic
def answer_section(
    *,
    report_id: UUID,
    section: str,
    answers: dict[str, Any],
    expected_version: int | None,
    actor: Actor,
    at: datetime,
    comments: Mapping[str, str] | None = None,
) -> SectionVersion:
    """Keep answers of one section; null clears one. All faults at once, nothing kept if there is any.

    What a site answers comes as a table, site id → value. Raises NotFound, ReportNotEditable, Invalid, Stale
    (with the version and the answers that stand now, and those that were sent).
    """
    # The lock keeps a submission from slipping between two answers; sections are told apart by their versions.
    report = Report.objects.locked().select_related("reporting_year").filter(pk=report_id).first()
    current = SectionVersion.objects.filter(report=report_id, section=section).first()
    if report is None or current is None:
        raise NotFound("There is no such section.")
    _require_editable(report)
    questions = Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id, section=section)
    own = list(questions.in_order())
    by_site = [question for question in own if report.is_by_site and question.level == QuestionLevel.SITE]
    once = [question for question in own if question not in by_site]
    of_sites = {question.code: answers[question.code] for question in by_site if question.code in answers}
    values, comments = values_of(report.pk), comments or {}
    kept, faults = writing.read(once, {c: v for c, v in answers.items() if c not in of_sites}, comments)
    filled, more = tables.read(report, by_site, of_sites)
    writing.refuse([*faults, *more, *_file_faults(report, once, kept)])
    writing.refuse_stale(
        owner=report.pk,
        version=current.version,
        expected=expected_version,
        standing={question.code: values.get(question.code) for question in once},
        yours=kept,
        changed_by=current.changed_by_label,
    )
    # A value that was filled in beforehand and is sent again has been confirmed: from now on it is somebody's.
    claimed = dict(Answer.objects.of(report.pk).filter(origin="").values_list("question__code", "value"))
    new = writing.changed(kept, claimed, comments)
    questions_by_code = {question.code: question for question in own}
    rows = writing.rows(Answer, questions_by_code, new, comments, actor=actor, at=at, report=report)
    writing.save(Answer, rows, owner="report")
    written = tables.write(filled, {question.code: question for question in by_site}, actor=actor, at=at)
    if not new and not written:
        return current
    _count(report)
    _advance(current, actor=actor, at=at)
    # The audit log says which questions, never what was answered.
    codes = sorted({*new, *written})
    record(
        "reports.answer", report, actor=actor, at=at, changes={"section": [None, section], "questions": [None, codes]}
    )
    return current


@transaction.atomic
def prefill(*, report_id: UUID, actor: Actor, at: datetime) -> Report:
    """Fill in anew what the register knows, where nobody has answered yet. Raises ReportNotEditable."""
    report = Report.objects.locked().select_related("reporting_year__questionnaire").filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    _require_editable(report)
    if filled := prefilling.fill(report, actor=actor, at=at):
        _count(report)
        record("reports.prefill", report, actor=actor, at=at, changes={"questions": [None, sorted(filled)]})
    return report


def _file_faults(report: Report, questions: list[Question], kept: Mapping[str, Any]) -> list[Fault]:
    """An answer names a file of this report, one that was not removed."""
    named = {q.code: kept[q.code] for q in questions if q.kind == QuestionKind.FILE and kept.get(q.code)}
    if not named:
        return []
    known = {str(key) for key in report.files.filter(document__removed_at=None).values_list("pk", flat=True)}
    return [
        Fault(answering.pointer_to("answers", code), "unknown_file", "This report has no such file.")
        for code, key in named.items()
        if key not in known
    ]


def _require_editable(report: Report) -> None:
    if report.state not in EDITABLE:
        raise ReportNotEditable("This report was handed in.", details={"state": report.state})
    # A slice that was returned opens its own country; the company's own sections belong to the lead's slice.
    if report.slices.filter(is_lead=True).exclude(state=SliceState.RETURNED).exists():
        raise ReportNotEditable("Only the sites of a returned slice can be changed.", details={"state": report.state})


def _count(report: Report) -> None:
    questions = Question.objects.filter(questionnaire=report.reporting_year.questionnaire_id)
    asked = questions.exclude(level=QuestionLevel.SITE) if report.is_by_site else questions
    answered, required = answering.progress(list(asked.in_order()), values_of(report.pk))
    share = completeness_share(answered=answered, required=required)
    Report.objects.filter(pk=report.pk).update(completeness_share=share, version=F("version") + 1)
    report.refresh_from_db(fields=["completeness_share", "version"])


def _advance(current: SectionVersion, *, actor: Actor, at: datetime) -> None:
    updated = SectionVersion.objects.filter(pk=current.pk, version=current.version).update(
        version=current.version + 1, changed_at=at, changed_by_label=actor.label
    )
    if not updated:
        raise Stale("Somebody saved this section at the same moment.", details={"version": current.version + 1})
    current.version, current.changed_at, current.changed_by_label = current.version + 1, at, actor.label
