"""Companies, sites, decisions and the public register over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from codesign.api import company_bodies as bodies
from codesign.api import company_filters as filters
from codesign.api import company_rows as shown
from codesign.api.criteria_views import PlanQueries
from codesign.api.handover_periods import COMPANIES, DECISIONS, ReadsBack
from codesign.api.process_views import NoticeFileQueries
from codesign.api.standing_views import StandingQueries
from codesign.api.tree_views import TreeQueries
from codesign.companies import actions
from codesign.companies.figures import with_head_count, with_owner
from codesign.companies.models import Company, Decision, HeadCount, Site
from codesign.companies.register import public_register
from codesign.overview import figures as overview
from codesign.recognition.figures import with_awards
from codesign.standing import actions as standing
from codesign.training.actions import handing_over
from members.scope import Role, Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.hot import HotRows, shape_of
from registry.kernel.api.rows import context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.calendar import end_of_day


class CompanyQueries(StandingQueries, NoticeFileQueries, TreeQueries, PlanQueries):
    """What is asked of one company beside its row."""


class CompanyViews(ReadsBack, CompanyQueries, ExportRows, HotRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Companies with their membership, criteria and figures. A recorded signatory is seen by staff alone."""

    resource = "companies"
    tag = "Companies"
    row = shown.CompanyRow
    filters = filters.CompanyFilters
    read_back = COMPANIES
    orderings = {"name": "organisation__name", "created_at": "created_at", "category": "category"}

    kept_filters = frozenset({"standing", "report_state", "training_below"})

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return overview.known(overview.live(Company.objects.visible_to(scope).with_current(), on=on), on=on)

    def kept_rows(self, scope: Scope, *, on: date) -> QuerySet:
        seen: Any = Company.objects.visible_to(scope).with_current()
        return overview.kept(seen, on=on, mark=shape_of(self.row).mark)

    def filtered_rows(self, scope: Scope, *, on: date) -> QuerySet:
        seen: Any = self.rows(scope, on=on)
        return overview.kept(seen, on=on, mark=shape_of(self.row).mark)

    def worked_out(self, *, on: date) -> QuerySet:
        return overview.live(Company.objects.with_current(), on=on)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Company.objects.visible_to(scope)

    @command(
        body=bodies.CompanyBody,
        summary="Enter a company",
        example={"name": "Hotel Fictif (DEMO)", "country": "BE", "category": "hotel", "revenue_band": "to_2_5m"},
    )
    def create(self, call: Call) -> Company:
        """A known organisation becomes a company, or both are entered at once; an applicant enters one."""
        return standing.enter_company(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.CompanyPatch,
        if_match="optional",
        summary="Change a company",
        example={"revenue_band": "to_50m", "is_profile_public": True},
    )
    def update(self, call: Call) -> Company:
        """Sending the revenue band confirms it for the year."""
        return actions.update_company(
            company_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )


class SiteViews(ListRows, ReadRow, ResourceViews):
    """Sites of companies with their head count on the day."""

    resource = "sites"
    tag = "Companies"
    row = shown.SiteRow
    filters = filters.SiteFilters
    orderings = {"name": "search_key", "created_at": "created_at"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_owner(with_head_count(Site.objects.seen_on(scope, on), on=on), on=on)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        return Site.objects.visible_to(scope)

    @command(
        body=bodies.SiteBody,
        summary="Add a site",
        example={"company": "0190a5d0-0000-7000-8000-000000000001", "name": "Brussels Centre", "country": "BE"},
    )
    def create(self, call: Call) -> Site:
        """The zone is the country's unless sent."""
        return actions.open_site(**call.data, actor=call.scope, at=call.at)

    @command(body=bodies.SitePatch, if_match="optional", summary="Change a site", example={"name": "Brussels North"})
    def update(self, call: Call) -> Site:
        """What is left out stays."""
        return actions.update_site(
            site_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.ClosingBody,
        if_match="optional",
        summary="Close a site",
        example={"closed_on": "2026-10-31"},
    )
    def close(self, call: Call) -> Site:
        """It counts until the end of that day."""
        return actions.close_site(
            site_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.HandOverBody,
        if_match="required",
        summary="Let a site change hands",
        errors=(409,),
        example={"company": "0190a5d0-0000-7000-8000-000000000001", "since": "2026-07-01"},
    )
    def hand_over(self, call: Call) -> Site:
        """The days before stay with the former company; its employments there end the day before."""
        data = {"to_company_id": call.data["company_id"], "since": call.data["since"]}
        return handing_over.hand_over_site(
            site_id=call.uuid, expected_version=call.version, **data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        path="head-counts",
        body=bodies.HeadCountBody,
        summary="Record how many people work at a site",
        example={"staff_count": 42, "valid_from": "2026-09-01"},
    )
    def record_head_count(self, call: Call) -> Any:
        """Holds from that day until the next count; an earlier count is superseded, never edited."""
        actions.record_head_count(site_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @query(
        detail=True,
        path="head-counts",
        answer=shown.HeadCountRow,
        answer_many=True,
        summary="List the head counts of a site",
    )
    def list_head_counts(self, call: Call) -> list[dict[str, Any]]:
        """All that were ever recorded, superseded ones included, newest day first; by its present company its own."""
        plan = shown.HeadCountRow.plan(context=context_of(call.scope, call.on))
        rows = HeadCount.objects.filter(site=call.id).order_by("-valid_from", "-recorded_at", "-pk")
        since = Site.objects.values_list("owned_since", flat=True).get(pk=call.uuid)
        if since and not call.scope.wears(Role.LCR, Role.SECRETARIAT, Role.AUDITOR):
            rows = rows.filter(valid_from__gte=since)
        return plan.shaped(plan.raw(rows))


class DecisionViews(ReadsBack, ListRows, ReadRow, ResourceViews):
    """Decisions about memberships: appended, never edited."""

    resource = "decisions"
    tag = "Memberships"
    row = shown.DecisionRow
    filters = filters.DecisionFilters
    read_back = DECISIONS
    orderings = {"decided_at": "decided_at", "effective_on": "effective_on"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = Decision.objects.visible_to(scope)
        # Asked about an earlier day: those made by its end.
        return rows.filter(decided_at__lt=end_of_day(on, "UTC")) if on < scope.day else rows


class MemberViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """The public register: members, suspended and former members and their awards, by decided facts as of a day."""

    resource = "members"
    tag = "Public"
    row = shown.MemberRow
    filters = filters.MemberFilters
    orderings = {"name": "company__organisation__name", "member_since": "member_since"}
    # A tag must not tell that something unseen has changed.
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_awards(public_register(on=on), on=on)
