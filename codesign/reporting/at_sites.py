"""What the sites of a report say, all of them at once: answers, what a check finds in them, and who holds each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from codesign.reporting import answers as answering
from codesign.reporting.lifecycle import ReturnState
from codesign.reporting.models import Question, QuestionLevel, Report, ReturnLink, SiteAnswer, SiteReturn
from codesign.reporting.prefill import last_year_of_sites


@dataclass
class SiteRead:
    """One site of a report. `answers` are its own; `findings` count what the company answers for it as well."""

    key: UUID
    site: UUID
    name: str
    country: str
    state: str
    completeness_share: Any
    holders: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    findings: list[answering.Finding] = field(default_factory=list)

    @property
    def needs_somebody(self) -> bool:
        """Whether it handed nothing in, or something in it is missing or wrong."""
        return self.state != ReturnState.SUBMITTED or bool(self.findings)


def sites_read(report: Report, questions: Collection[Question], cascading: Mapping[str, Any]) -> list[SiteRead]:
    """Every site of a report by site, by country and name; none of another. Four queries, whatever their number."""
    if not report.is_by_site:
        return []
    names = ("pk", "site_id", "site__name", "country_id", "state", "completeness_share")
    rows = SiteReturn.objects.filter(report=report).order_by("country", "site__name", "pk").values_list(*names)
    found = {row[0]: SiteRead(*row) for row in rows}
    links = ReturnLink.objects.filter(site_return__report=report, token__revoked_at=None).order_by("pk")
    for owner, holder in links.values_list("site_return_id", "holder"):
        found[owner].holders.append(holder)
    columns = ("site_return_id", "question__code", "value", "comment", "origin")
    given = SiteAnswer.objects.filter(site_return__report=report).order_by("question__position", "pk")
    for owner, code, value, comment, origin in given.values_list(*columns):
        site = found[owner]
        site.answers[code] = value
        if comment:
            site.comments[code] = comment
        if not origin and value is not None:
            site.given.add(code)
    asked = [question for question in questions if question.level != QuestionLevel.COMPANY]
    before = last_year_of_sites(report, asked)
    for site in found.values():
        site.findings = _findings(site, asked, cascading, before.get(site.site, {}))
    return list(found.values())


def errors_at_sites(sites: Collection[SiteRead]) -> list[answering.Finding]:
    """What keeps the group from handing in: contradictions, wherever a site or the company's system wrote them."""
    return [finding for site in sites for finding in site.findings if finding.level == "error"]


def _findings(
    site: SiteRead, asked: Collection[Question], cascading: Mapping[str, Any], before: Mapping[str, Any]
) -> list[answering.Finding]:
    values = {**cascading, **{code: value for code, value in site.answers.items() if value is not None}}
    # A figure that nobody gave yet needs no words: a silent site hinders nothing.
    stands = site.state == ReturnState.SUBMITTED
    compared = {code: value for code, value in before.items() if stands or code in site.given}
    return [
        # What a site leaves out stays unknown: it is asked for, and hinders nobody.
        replace(finding, site=str(site.site), level="warning" if finding.code == "missing" else finding.level)
        for finding in answering.check(asked, values, last_year=compared, comments=site.comments)
    ]
