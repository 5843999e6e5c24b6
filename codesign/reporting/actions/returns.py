"""Returns of sites: opened with the report, filled in by whoever holds the site, handed to the group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.reporting import answers as answering
from codesign.reporting.actions import writing
from codesign.reporting.actions.writing import ReportNotEditable
from codesign.reporting.contents import cascading_values, effective_values
from codesign.reporting.lifecycle import EDITABLE, ReportState, ReturnState, SliceState
from codesign.reporting.models import (
    Question,
    QuestionLevel,
    Report,
    ReportSlice,
    SiteAnswer,
    SiteReturn,
    SiteSectionVersion,
)
from codesign.reporting.prefill import last_year_of_sites
from codesign.reporting.rules import completeness_share
from codesign.reporting.sites import sites_of
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

OPEN_TO_SITES = (QuestionLevel.SITE, QuestionLevel.CASCADING)


class ReturnNotEditable(Refused):
    """Handed to the group, or the group's report was handed in."""

    default_code = "return_not_editable"


def open_at_begin(report: Report, *, by_site: bool | None, at: datetime) -> None:
    """Open the returns of a new report where it is answered by site."""
    if by_site is None:
        places = sites_of(report.company_id, report.reporting_year.year)
        by_site = places.order_by().values("country").distinct().count() > 1
    if by_site:
        _open(report, at=at)


@transaction.atomic
def open_returns(*, report_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> Report:
    """Answer by site from now on, and take in sites that have come since. Raises ReportNotEditable, Stale."""
    report = Report.objects.locked().select_related("reporting_year").filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    if expected_version not in {None, report.version}:
        raise Stale("The report has changed since you read it.", details={"version": report.version})
    if report.state != ReportState.DRAFT:
        raise ReportNotEditable("Sites join a report while it is a draft.", details={"state": report.state})
    if new := _open(report, at=at):
        record("reports.open_returns", report, actor=actor, at=at, changes={"sites": [None, new]})
    return report


def _open(report: Report, *, at: datetime) -> int:
    """A return for each site in scope that stands in no report of the year yet; how many. Two statements."""
    places = sites_of(report.company_id, report.reporting_year.year).exclude(
        returns__reporting_year=report.reporting_year_id
    )
    rows = [
        SiteReturn(
            report=report,
            reporting_year_id=report.reporting_year_id,
            site_id=site,
            country_id=country,
            created_at=at,
        )
        for site, country in places.order_by("pk").values_list("pk", "country_id")
    ]
    # Once a year, whoever asks first: a franchise is counted once.
    SiteReturn.objects.bulk_create(rows, ignore_conflicts=True)
    if rows or not report.is_by_site:
        Report.objects.filter(pk=report.pk).update(is_by_site=True, version=F("version") + 1)
        report.refresh_from_db(fields=["is_by_site", "version"])
    return len(rows)


@transaction.atomic
def answer_return(
    *,
    return_id: UUID,
    section: str,
    answers: dict[str, Any],
    expected_version: int | None,
    actor: Actor,
    at: datetime,
    comments: Mapping[str, str] | None = None,
) -> SiteReturn:
    """Keep a site's answers of one section; null leaves it to the company's. Raises as `answer_section`."""
    row = _locked(return_id)
    report = Report.objects.select_related("reporting_year").get(pk=row.report_id)
    questions = list(site_questions(report, section))
    if not questions:
        raise NotFound("There is no such section.")
    if code := obstacle(row, report):
        raise ReturnNotEditable("This return can't be changed now.", details={"reason": code, "state": row.state})
    comments = comments or {}
    kept, faults = writing.read(questions, answers, comments)
    writing.refuse(faults)
    values = dict(row.answers.values_list("question__code", "value"))
    mark = SiteSectionVersion.objects.filter(site_return=row, section=section).first()
    writing.refuse_stale(
        owner=row.pk,
        version=mark.version if mark else 1,
        expected=expected_version,
        standing={question.code: values.get(question.code) for question in questions},
        yours=kept,
        changed_by=mark.changed_by_label if mark else "",
    )
    claimed = dict(row.answers.filter(origin="").values_list("question__code", "value"))
    if new := writing.changed(kept, claimed, comments):
        by_code = {question.code: question for question in questions}
        rows = writing.rows(SiteAnswer, by_code, new, comments, actor=actor, at=at, site_return=row)
        writing.save(SiteAnswer, rows, owner="site_return")
        advance({row: {section}}, actor=actor, at=at)
        changes: dict[str, list[Any]] = {"section": [None, section], "questions": [None, sorted(new)]}
        record("site-returns.answer", row, actor=actor, at=at, changes=changes)
    return row


@transaction.atomic
def submit_return(*, return_id: UUID, expected_version: int | None, actor: Actor, at: datetime) -> SiteReturn:
    """Hand a site's answers to the group; what is missing stays unknown. Raises ReturnNotEditable, Invalid, Stale."""
    row = _expected(return_id, expected_version)
    report = Report.objects.select_related("reporting_year").get(pk=row.report_id)
    if code := obstacle(row, report):
        raise ReturnNotEditable("This return can't be handed in now.", details={"reason": code, "state": row.state})
    questions = list(site_questions(report))
    said = dict(row.answers.exclude(comment="").order_by("pk").values_list("question__code", "comment"))
    before = last_year_of_sites(report, questions).get(row.site_id, {})
    findings = answering.check(questions, effective_values(row), last_year=before, comments=said)
    if wrong := [one for one in findings if one.level == "error" and one.code != "missing"]:
        raise Invalid("Some answers contradict each other.", faults=tuple(one.fault for one in wrong))
    fields = {"state": ReturnState.SUBMITTED, "submitted_at": at, "submitted_by_label": actor.label, "comments": {}}
    return _move(row, "submit", fields, actor=actor, at=at)


@transaction.atomic
def reopen_return(
    *, return_id: UUID, comments: dict[str, str], expected_version: int | None, actor: Actor, at: datetime
) -> SiteReturn:
    """Give a return back to its site, with comments by question code. Raises ReturnNotEditable, Invalid, Stale."""
    row = _expected(return_id, expected_version)
    report = Report.objects.select_related("reporting_year").get(pk=row.report_id)
    if row.state != ReturnState.SUBMITTED or obstacle(row, report) != "return_handed_in":
        raise ReturnNotEditable("Only what was handed to the group can be given back.", details={"state": row.state})
    codes = {question.code for question in site_questions(report)}
    writing.refuse(answering.comment_faults(codes, comments, longest=writing.MAX_COMMENT))
    return _move(row, "reopen", {"state": ReturnState.RETURNED, "comments": comments}, actor=actor, at=at)


def site_questions(report: Report, section: str | None = None) -> Iterable[Question]:
    """What sites are asked, in order; of one section."""
    questions = Question.objects.filter(
        questionnaire=report.reporting_year.questionnaire_id, level__in=OPEN_TO_SITES
    ).in_order()
    return questions.filter(section=section) if section else questions


def locked_of(report: Report) -> list[SiteReturn]:
    """All returns of a report, locked in key order: no site slips an answer past its submission."""
    return list(SiteReturn.objects.locked().filter(report=report))


def obstacle(row: SiteReturn, report: Report) -> str | None:
    """Why a return can't be changed now, as a code; None when it can."""
    if report.state not in EDITABLE:
        return "report_not_editable"
    if report.state == ReportState.RETURNED:
        slices = ReportSlice.objects.filter(report=report, country=row.country_id)
        if slices.exclude(state=SliceState.RETURNED).exists():
            return "slice_not_returned"
    return "return_handed_in" if row.state == ReturnState.SUBMITTED else None


def advance(touched: Mapping[SiteReturn, set[str]], *, actor: Actor, at: datetime) -> None:
    """Count the versions of sections and returns up, and their completeness anew. Per section, not per site."""
    if not touched:
        return
    marks = SiteSectionVersion.objects.filter(site_return__in=touched)
    known = {(mark.site_return_id, mark.section): mark for mark in marks}
    rows = []
    for row, sections in touched.items():
        for section in sections:
            mark = known.get((row.pk, section)) or SiteSectionVersion(site_return=row, section=section)
            mark.version, mark.changed_at, mark.changed_by_label = mark.version + 1, at, actor.label
            rows.append(mark)
    SiteSectionVersion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["site_return", "section"],
        update_fields=["version", "changed_at", "changed_by_label"],
    )
    first = next(iter(touched))
    report = Report.objects.select_related("reporting_year").get(pk=first.report_id)
    questions = list(site_questions(report))
    values: dict[UUID, dict[str, Any]] = {}
    for owner, code, value in SiteAnswer.objects.filter(site_return__in=touched).values_list(
        "site_return_id", "question__code", "value"
    ):
        values.setdefault(owner, {})[code] = value
    given = cascading_values(report.pk)
    for row in touched:
        own = {code: value for code, value in values.get(row.pk, {}).items() if value is not None}
        answered, required = answering.progress(questions, given | own)
        row.completeness_share = completeness_share(answered=answered, required=required)
        row.version += 1
    SiteReturn.objects.bulk_update(touched, ["completeness_share", "version"])


def _locked(return_id: UUID) -> SiteReturn:
    row = SiteReturn.objects.locked().filter(pk=return_id).first()
    if row is None:
        raise NotFound("There is no such return.")
    return row


def _expected(return_id: UUID, version: int | None) -> SiteReturn:
    row = _locked(return_id)
    if version not in {None, row.version}:
        raise Stale("The return has changed since you read it.", details={"version": row.version})
    return row


def _move(row: SiteReturn, verb: str, fields: dict[str, Any], *, actor: Actor, at: datetime) -> SiteReturn:
    before = row.state
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    record(f"site-returns.{verb}", row, actor=actor, at=at, changes={"state": [before, row.state]})
    return row
