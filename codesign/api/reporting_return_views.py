"""Returns of sites and slices of countries over HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404

from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_return_rows as shown
from codesign.api.reporting_parts import PartTags, Tagged
from codesign.api.reporting_rows import ReportSectionAnswer
from codesign.api.reporting_year_views import TAG, YEAR
from codesign.reporting import actions, contents
from codesign.reporting.figures import with_sites
from codesign.reporting.lifecycle import ReturnState, SliceState
from codesign.reporting.models import QuestionLevel, ReportSlice, ReportSnapshot, ReturnLink, SiteReturn, SnapshotKind
from registry.kernel import clock
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

SECTION = "sections/<slug:section>"


class SiteReturnFilters(RowFilters):
    """Filters of returns."""

    report = AnyOf("report_id", kind=forms.UUIDField(), help_text="Id of a report.")
    site = AnyOf("site_id", kind=forms.UUIDField(), help_text="Id of a site.")
    year = AnyOf("reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    country = AnyOf("country_id", help_text="ISO code of the site's country.")
    state = AnyOf("state", choices=ReturnState, help_text="Where the return stands.")

    class Meta:
        model = SiteReturn
        fields: list[str] = []


class SiteReturnViews(PartTags, ListRows, ReadRow, ResourceViews):
    """What each site says in its group's report: filled in by its editor, over a link, or by the company's system."""

    resource = "site-returns"
    tag = TAG
    row = shown.SiteReturnRow
    filters = SiteReturnFilters
    orderings = {"site": "site__name", "country": "country_id", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return SiteReturn.objects.visible_to(scope)

    @query(detail=True, path=SECTION, answer=ReportSectionAnswer, summary="Read a section of a site's return")
    def section(self, call: Call) -> Tagged:
        """With the company's answer beside each question that cascades: it counts where the site gives none."""
        return self._section(call)

    @command(
        detail=True,
        method="patch",
        path=SECTION,
        body=bodies.SectionBody,
        answer=ReportSectionAnswer,
        if_match="required",
        summary="Answer questions of a section for a site",
        errors=(409,),
        example={"answers": {"staff_total": 42, "staff_trained": 40}},
    )
    def answer(self, call: Call) -> Tagged:
        """As a report's section. Null leaves a question that cascades to the company's answer."""
        actions.answer_return(
            return_id=call.uuid,
            section=call.url["section"],
            **call.data,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )
        return self._section(call)

    @command(detail=True, if_match="required", summary="Hand a return to the group", errors=(400, 409))
    def submit(self, call: Call) -> SiteReturn:
        """What is missing stays unknown; contradictions are refused."""
        return actions.submit_return(return_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=bodies.ReopenBody,
        if_match="required",
        summary="Give a return back to its site",
        errors=(409,),
        example={"comments": {"staff_total": "With the seasonal staff?"}},
    )
    def reopen(self, call: Call) -> SiteReturn:
        """While the group may still write."""
        comments = call.data.get("comments", {})
        return actions.reopen_return(
            return_id=call.uuid, comments=comments, expected_version=call.version, actor=call.scope, at=call.at
        )

    @query(detail=True, answer=shown.ReturnLinkAnswer, answer_many=True, summary="List the links to a return")
    def links(self, call: Call) -> list[dict[str, Any]]:
        """Who holds one, how long it opens, and when it last did. No secret is shown again."""
        rows = ReturnLink.objects.visible_to(call.scope).filter(site_return=call.id).select_related("token")
        return [shown.shown_link(link) for link in rows.order_by("created_at", "pk")]

    @command(
        detail=True,
        path="links",
        body=bodies.ReturnLinkBody,
        answer=shown.MadeLinkAnswer,
        status=201,
        summary="Make a link to a return",
        errors=(403,),
        example={"holder": "front office manager", "days": 30},
        keep_answer=False,
    )
    def make_link(self, call: Call) -> dict[str, Any]:
        """A bearer token that reads and answers this return and nothing else. Its secret is shown once."""
        made = actions.make_link(return_id=call.uuid, **call.data, actor=call.scope, at=call.at, now=clock.real_now())
        return shown.shown_link(made.link) | {"token": made.secret}

    @command(
        detail=True,
        path="links/<uuid:link>/revoke",
        answer=shown.ReturnLinkAnswer,
        summary="Revoke a link to a return",
        errors=(409,),
    )
    def revoke_link(self, call: Call) -> dict[str, Any]:
        """It opens nothing from now on."""
        link = actions.revoke_link(
            return_id=call.uuid, link_id=call.url["link"], actor=call.scope, at=call.at, now=clock.real_now()
        )
        return shown.shown_link(link)

    def _current_tag(self, call: Call) -> str:
        if "section" in call.url:
            return self._tagged(call.request, self._section(call))["ETag"]
        return super()._current_tag(call)

    def _section(self, call: Call) -> Tagged:
        related = ("report__reporting_year__questionnaire", "site")
        row = SiteReturn.objects.visible_to(call.scope).select_related(*related).get(pk=call.id)
        language = context_of(call.scope, call.on).language
        found = contents.return_sections(row, language=language, only=call.url["section"])
        if not found:
            raise Http404
        return Tagged(found[0]["version"], found[0])


class ReportSliceFilters(RowFilters):
    """Filters of slices."""

    report = AnyOf("report_id", kind=forms.UUIDField(), help_text="Id of a report.")
    year = AnyOf("report__reporting_year__year", kind=YEAR, help_text="The year that is reported on.")
    country = AnyOf("country_id", help_text="ISO code.")
    state = AnyOf("state", choices=SliceState, help_text="Where the slice stands.")

    class Meta:
        model = ReportSlice
        fields: list[str] = []


class ReportSliceViews(ListRows, ReadRow, ResourceViews):
    """The part of a group's report that each country's representative reads and decides on."""

    resource = "report-slices"
    tag = TAG
    row = shown.ReportSliceRow
    filters = ReportSliceFilters
    orderings = {"submitted_at": "submitted_at", "passes_on": "passes_on", "country": "country_id"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return with_sites(self.visible(scope, on=on))

    def visible(self, scope: Any, *, on: date) -> QuerySet:
        return ReportSlice.objects.visible_to(scope)

    @query(detail=True, answer=shown.SliceContentAnswer, summary="Read a slice")
    def content(self, call: Call) -> dict[str, Any]:
        """From the newest submission: the slice's sites, its totals, and the answers that cascade to them."""
        row = self.visible(call.scope, on=call.on).select_related("report__reporting_year").get(pk=call.id)
        return _content(row)

    @command(
        detail=True,
        path="return",
        body=bodies.SliceReturnBody,
        if_match="required",
        summary="Return a slice with comments",
        errors=(403, 409),
        example={"comments": {"staff_trained": "Does this include the seasonal staff?"}},
    )
    def hand_back(self, call: Call) -> ReportSlice:
        """Opens its sites (or those named) again, and the company's own sections if it is the lead's; nothing else."""
        site_ids: list[UUID] | None = call.data.get("sites")
        return actions.return_slice(
            slice_id=call.uuid,
            comments=call.data["comments"],
            site_ids=site_ids,
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )

    @command(detail=True, if_match="required", summary="Accept a slice", errors=(403, 409))
    def accept(self, call: Call) -> ReportSlice:
        """With the last slice the whole report is accepted. A slice silent for 30 days is the lead's to decide."""
        return actions.accept_slice(slice_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)


def _content(row: ReportSlice) -> dict[str, Any]:
    snapshots = ReportSnapshot.objects.filter(report=row.report_id).exclude(kind=SnapshotKind.PROVISIONAL)
    snapshot = snapshots.order_by("-number").first()
    if snapshot is None:
        raise Http404
    content = snapshot.content
    cascading = {q.code for q in contents.questions_of(row.report) if q.level == QuestionLevel.CASCADING}
    names = ("site", "name", "state", "answers")
    return {
        "snapshot": snapshot.number,
        "company_answers": {one["code"]: one["value"] for one in content["answers"] if one["code"] in cascading},
        "sites": [
            {name: site[name] for name in names} for site in content["sites"] if site["country"] == row.country_id
        ],
        "totals": [_total(total) for total in content["totals"] if total["country"] == row.country_id],
    }


def _total(total: dict[str, Any]) -> dict[str, Any]:
    value, base, part = (
        None if total[name] is None else Decimal(total[name]) for name in ("value", "base", "base_value")
    )
    return shown.shaped_total(total["code"], value, total["sites_in_scope"], total["sites_answering"], base, part)
