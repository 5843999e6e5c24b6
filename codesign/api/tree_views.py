"""The tree of a group over HTTP, who reports for whom in it, and what companies declare about voluntourism."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers

from codesign.companies import actions
from codesign.companies.figures import with_site_count
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import (
    Company,
    CompanyCategory,
    NodeKind,
    ReportsThrough,
    VoluntourismDeclaration,
)
from members.organisations.models import Organisation, Parentage
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer, context_of
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query


def _companies(scope: Scope) -> QuerySet:
    return Company.objects.visible_to(scope)


class NodeRow(RowSerializer):
    """One company of the tree as of the day."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="organisation.name")
    node = serializers.ChoiceField(NodeKind.choices)
    category = serializers.ChoiceField(CompanyCategory.choices)
    country = serializers.CharField(source="organisation.country_id", allow_null=True)
    parent_id = serializers.UUIDField(source="parent", allow_null=True, help_text="Null at the top.")
    membership_id = serializers.UUIDField(source="current.id", allow_null=True)
    state = serializers.ChoiceField(MembershipState.choices, source="current_state", allow_null=True)
    reports_through_id = serializers.UUIDField(
        source="reporting_node", allow_null=True, help_text="The node that reports for it; null: itself, or nobody."
    )
    site_count = serializers.IntegerField(help_text="Its own open sites; never those of the nodes below.")


class TreeQueries:
    """Adds `tree/` to the companies."""

    @query(detail=True, answer=NodeRow, answer_many=True, summary="Show the tree of a group as of a day")
    def tree(self, call: Call) -> list[dict[str, Any]]:
        """The company and everything below it that the caller sees, by name; each site is counted at one node."""
        keys = Organisation.objects.tree_of({call.uuid}, call.on)
        parents = Parentage.objects.on(call.on).filter(child=OuterRef("pk"), parent__in=keys)
        lines = ReportsThrough.objects.on(call.on).filter(company=OuterRef("pk"))
        rows: Any = Company.objects.visible_to(call.scope).filter(pk__in=keys).with_current()
        rows = with_site_count(rows, on=call.on).annotate(
            parent=Subquery(parents.order_by("pk").values("parent")[:1]),
            reporting_node=Subquery(lines.order_by("pk").values("through")[:1]),
        )
        plan = NodeRow.plan(context=context_of(call.scope, call.on))
        return plan.shaped(plan.raw(rows.order_by("organisation__name", "pk")))


class ReportsThroughRow(RowSerializer):
    """In these days `through` reports for `company`."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    through = Ref("companies", "through_id", "through__organisation__name")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")


class ReportsThroughBody(Body):
    """Who reports for whom from a day on."""

    company = RelatedId(_companies)
    through = RelatedId(_companies, help_text="A node with a membership of its own.")
    valid_from = Day()


class LastDayBody(Body):
    """The last day of something."""

    valid_until = Day()


class ReportsThroughFilters(RowFilters):
    """Filters of reporting lines."""

    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    through = AnyOf("through_id", kind=forms.UUIDField(), help_text="Id of the node that reports for it.")

    class Meta:
        model = ReportsThrough
        fields: list[str] = []


class ReportsThroughViews(ListRows, ReadRow, ResourceViews):
    """Which node of a group reports for which: a company reported for owes no report of its own."""

    resource = "reports-through"
    tag = "Companies"
    row = ReportsThroughRow
    filters = ReportsThroughFilters
    orderings = {"valid_from": "valid_from"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return ReportsThrough.objects.visible_to(scope).current()

    @command(
        body=ReportsThroughBody,
        summary="Let a node report for a company",
        errors=(409,),
        example={
            "company": "0190a5d0-0000-7000-8000-000000000001",
            "through": "0190a5d0-0000-7000-8000-000000000002",
            "valid_from": "2026-01-01",
        },
    )
    def create(self, call: Call) -> ReportsThrough:
        """Counts for a year if it holds on its last day. One step only: who reports for others reports itself."""
        return actions.report_through(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=LastDayBody,
        if_match="required",
        summary="Let a company report for itself again",
        example={"valid_until": "2026-12-31"},
    )
    def end(self, call: Call) -> ReportsThrough:
        """From the day after."""
        return actions.end_report_through(
            line_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )


class DeclarationRow(RowSerializer):
    """What a company declared for a year."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    year = serializers.IntegerField()
    offers_volunteering = serializers.BooleanField()
    offers_residential_care = serializers.BooleanField()
    measures = serializers.ListField(child=serializers.CharField())
    declared_on = serializers.DateField()
    declared_by = serializers.CharField(source="declared_by_label")
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="When another took its place.")


class DeclarationBody(Body):
    """A declaration on voluntourism."""

    company = RelatedId(_companies)
    year = serializers.IntegerField(min_value=2000, max_value=2200)
    offers_volunteering = serializers.BooleanField(help_text="Sells volunteering that involves children.")
    offers_residential_care = serializers.BooleanField(
        help_text="Sells visits to orphanages or residential care: blocks a new membership."
    )
    measures = serializers.ListField(
        child=serializers.CharField(max_length=300),
        required=False,
        max_length=20,
        help_text="What is done about it; asked of whoever offers either.",
    )


class DeclarationFilters(RowFilters):
    """Filters of declarations."""

    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    year = AnyOf("year", kind=forms.IntegerField(), help_text="Year that it is for.")
    is_current = django_filters.BooleanFilter("superseded_at", lookup_expr="isnull", help_text="Those that count.")

    class Meta:
        model = VoluntourismDeclaration
        fields: list[str] = []


class DeclarationViews(ListRows, ReadRow, ResourceViews):
    """Yearly declarations on voluntourism; a newer one for the same year supersedes, never edits."""

    resource = "voluntourism-declarations"
    tag = "Companies"
    row = DeclarationRow
    filters = DeclarationFilters
    orderings = {"declared_on": "declared_on", "year": "year"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return VoluntourismDeclaration.objects.visible_to(scope)

    @command(
        body=DeclarationBody,
        summary="Declare what is offered",
        example={
            "company": "0190a5d0-0000-7000-8000-000000000001",
            "year": 2026,
            "offers_volunteering": False,
            "offers_residential_care": False,
        },
    )
    def create(self, call: Call) -> VoluntourismDeclaration:
        """The newest year's answer is the company's `offers_residential_care`."""
        return actions.declare(**call.data, actor=call.scope, at=call.at)
