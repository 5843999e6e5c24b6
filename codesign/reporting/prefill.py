"""What the register knows of a year before anybody answers: from sites, rosters, the plan and its evidence,
declarations, and last year's report.

Each source answers one value for a company, and one for each of its sites. None is unknown and fills nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from codesign.companies.models import HeadCount, Site, VoluntourismDeclaration
from codesign.criteria.models import PlanAction, PlanEvidence
from codesign.reporting.answers import QuestionKind
from codesign.reporting.models import Answer, Question, Report, SiteAnswer
from codesign.reporting.sites import companies_of, last_day, sites_of
from codesign.training.models import StatusTile


@dataclass(frozen=True)
class Known:
    """What a source is asked about: a report with its year and its sites."""

    report: Report
    year: int
    sites: QuerySet[Site]

    @classmethod
    def of(cls, report: Report) -> Known:
        """Its returns' sites where it is answered by site, else those of the company."""
        year = report.reporting_year.year
        own = Site.objects.filter(returns__report=report) if report.is_by_site else sites_of(report.company_id, year)
        return cls(report, year, own)


BySite = dict[UUID, int]


def _staff(known: Known) -> BySite:
    """Head counts true on the last day of the year; where a site gave none, the people whom its roster names."""
    day = last_day(known.year)
    counted = HeadCount.objects.on(day).filter(site__in=known.sites.values("pk"))
    named = _people(StatusTile.objects.on(day), known)
    return named | dict(counted.order_by().values_list("site").annotate(n=Sum("staff_count")))


def _trained(known: Known) -> BySite:
    """People with a valid completion that day, at the site where they stood: whoever moved is counted once."""
    day = last_day(known.year)
    rostered = _people(StatusTile.objects.on(day), known)
    return dict.fromkeys(rostered, 0) | _people(StatusTile.objects.on(day).valid(), known)


def _people(tiles: QuerySet[StatusTile], known: Known) -> BySite:
    here = tiles.filter(site__in=known.sites.values("pk")).order_by()
    return dict(here.values_list("site").annotate(n=Count("staff_member", distinct=True)))


def _planned(known: Known, question: Question) -> QuerySet[PlanAction]:
    return PlanAction.objects.filter(
        membership__company__in=companies_of(known.report.company_id, known.year),
        criterion_number=question.criterion_number,
    )


def _actions(known: Known, question: Question) -> int | None:
    """Actions of the plan on the question's criterion that were done in the year; None without a plan."""
    planned = _planned(known, question)
    return planned.filter(done_on__year=known.year).count() if planned.exists() else None


def _evidenced(known: Known, question: Question) -> int | bool | None:
    """Of these, those with evidence that was not redacted; None without a plan.

    Yes or no: yes with any, and None without, for what nobody showed may be there all the same.
    """
    planned = _planned(known, question)
    shown = planned.filter(done_on__year=known.year, pk__in=PlanEvidence.objects.standing().values("action")).count()
    if question.kind == QuestionKind.YES_NO:
        return True if shown else None
    return shown if planned.exists() else None


def _of_sites(known: Known, actions: QuerySet[PlanAction]) -> BySite:
    """Actions of a site's own by site; a site without any in the plan is unknown."""
    own = actions.filter(site__in=known.sites.values("pk")).order_by()
    done = own.filter(done_on__year=known.year).values_list("site").annotate(n=Count("pk"))
    return dict.fromkeys(own.values_list("site", flat=True).distinct(), 0) | dict(done)


def _actions_of_sites(known: Known, question: Question) -> BySite:
    return _of_sites(known, _planned(known, question))


def _declared(known: Known, question: Question) -> bool | str | None:
    """What the company declared for the year about volunteering with children: whether, or what it does about it."""
    declared = VoluntourismDeclaration.objects.filter(
        company=known.report.company_id, year=known.year, superseded_at=None
    ).first()
    if declared is None:
        return None
    if question.kind == QuestionKind.TEXT:
        return "\n".join(declared.measures) or None
    return declared.offers_volunteering or declared.offers_residential_care


def _answering(known: Known, question: Question) -> int | None:
    """Sites that answered or handed something in; None where the company answers for all, or none did yet."""
    answered = Q(submitted_at__isnull=False) | Q(answers__origin="", answers__answered_at__isnull=False)
    return known.report.site_returns.filter(answered).distinct().count() or None


def _summed(by_site: BySite) -> int | None:
    return sum(by_site.values()) if by_site else None


COMPANY: dict[str, Callable[[Known, Question], Any]] = {
    "staff": lambda known, question: _summed(_staff(known)),
    "trained": lambda known, question: _summed(_trained(known)),
    "sites": lambda known, question: known.sites.count() or None,
    "sites_answering": _answering,
    "plan": _actions,
    "evidence": _evidenced,
    "declaration": _declared,
}
SITE: dict[str, Callable[[Known, Question], BySite]] = {
    "staff": lambda known, question: _staff(known),
    "trained": lambda known, question: _trained(known),
    "plan": _actions_of_sites,
}
LAST_YEAR = "last_year"
SOURCES = frozenset({*COMPANY, LAST_YEAR})
# The name of a source where its value is shown.
ORIGINS = {
    "staff": "head_counts",
    "trained": "training",
    "sites": "sites",
    "sites_answering": "sites",
    "plan": "plan",
    "evidence": "evidence",
    "declaration": "declaration",
    LAST_YEAR: LAST_YEAR,
}


def of_sites(report: Report, questions: Collection[Question]) -> dict[str, Any]:
    """What a report by site says of its sites without anybody saying it: how many there are, how many answered."""
    if not report.is_by_site:
        return {}
    known = Known.of(report)
    counted = [question for question in questions if question.prefill in {"sites", "sites_answering"}]
    values = {question.code: COMPANY[question.prefill](known, question) for question in counted}
    return {code: value for code, value in values.items() if value is not None}


def last_year_of_sites(report: Report, questions: Collection[Question]) -> dict[UUID, dict[str, Any]]:
    """What each site said in the company's report of a year before, by site and this year's codes. One query.

    What a site said under another company stays that company's.
    """
    comparable = {q.indicator_code: q.code for q in questions if q.indicator_code and not q.is_passed_on}
    before = SiteAnswer.objects.filter(
        site_return__report__company=report.company_id,
        site_return__reporting_year__year=report.reporting_year.year - 1,
        site_return__report__first_submitted_at__isnull=False,
        question__indicator_code__in=comparable,
        redacted_at=None,
    ).order_by("pk")
    found: dict[UUID, dict[str, Any]] = {}
    for site, indicator, value in before.values_list("site_return__site_id", "question__indicator_code", "value"):
        if value is not None:
            found.setdefault(site, {})[comparable[indicator]] = value
    return found


def last_year_values(report: Report, questions: Collection[Question]) -> dict[str, Any]:
    """What the company answered a year before, by this year's codes: the indicator says what is comparable.

    Suspicions are never compared. One query.
    """
    comparable = {q.indicator_code: q.code for q in questions if q.indicator_code and not q.is_passed_on}
    before = Answer.objects.filter(
        report__company=report.company_id,
        report__reporting_year__year=report.reporting_year.year - 1,
        report__first_submitted_at__isnull=False,
        question__indicator_code__in=comparable,
        redacted_at=None,
    ).order_by("pk")
    found = before.values_list("question__indicator_code", "value")
    return {comparable[indicator]: value for indicator, value in found if value is not None}
