"""What the public may read of a published report: what the company chose, within what the rules allow."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import ExtractYear

from codesign.companies.lifecycle import FORMER, MEMBER
from codesign.reporting.models import Publicity, Question, Report, ReportSnapshot


def public_reports() -> QuerySet[Report]:
    """Published reports of companies that show themselves, none of a first year. No query until read."""
    # The first year is the first full one as a member; 1 January itself still makes the year a full one.
    first = ExtractYear("membership__member_since") + Case(
        When(membership__member_since__month=1, membership__member_since__day=1, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return (
        Report.objects.filter(
            published_number__isnull=False,
            membership__state__in=MEMBER | FORMER,
            membership__is_public=True,
            company__is_profile_public=True,
            company__organisation__is_listed=True,
        )
        .annotate(first_year=first)
        .filter(reporting_year__year__gt=F("first_year"))
    )


def with_published(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Add `sha256` of the snapshot that speaks in public. One subquery."""
    snapshot = ReportSnapshot.objects.filter(report=OuterRef("pk"), number=OuterRef("published_number"))
    return reports.annotate(published_sha256=Subquery(snapshot.values("sha256")[:1]))


def public_answers(report: Report, *, language: str) -> list[dict[str, Any]]:
    """The chosen answers of the published snapshot with their wording, in the order of the questions. Two queries."""
    snapshot = ReportSnapshot.objects.filter(report=report.pk, number=report.published_number or 0).first()
    if snapshot is None:
        return []
    questions = Question.objects.filter(
        questionnaire=report.reporting_year.questionnaire_id,
        code__in=report.public_codes,
        publicity=Publicity.CHOSEN,
        is_passed_on=False,
    )
    wording = {question.code: question for question in questions.in_order()}
    said = {row["code"]: row["value"] for row in snapshot.content["answers"]}
    sums = _sums(snapshot.content)
    return [
        {
            "code": code,
            "criterion_number": question.criterion_number,
            "kind": question.kind,
            "unit": question.unit,
            "text": question.names.get(language) or question.names["en"],
            "value": said.get(code) if code not in sums else sums[code][0],
            "sites_in_scope": sums[code][1] if code in sums else None,
            "sites_answering": sums[code][2] if code in sums else None,
        }
        for code, question in wording.items()
    ]


def _sums(content: dict[str, Any]) -> dict[str, tuple[float | None, int, int]]:
    """Totals over all countries by question: what sites answered is shown as a sum, never site by site."""
    found: dict[str, tuple[float | None, int, int]] = {}
    for total in content.get("totals", ()):
        value, scope, answering = found.get(total["code"], (None, 0, 0))
        added = None if total["value"] is None else float(total["value"])
        known = [number for number in (value, added) if number is not None]
        found[total["code"]] = (
            sum(known) if known else None,
            scope + total["sites_in_scope"],
            answering + total["sites_answering"],
        )
    return found
