"""Filters of companies, sites, decisions and the public register."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CodeMembership, Company, CompanyCategory, Decision, Site, SiteKind
from codesign.companies.register import PublicStatus
from codesign.recognition.figures import awarded
from codesign.reporting.lifecycle import ReportState
from codesign.standing.rules import Standing
from members.organisations.models import Organisation
from registry.kernel import clock
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch

COUNTRY = "ISO 3166-1 alpha-2 code."


class NameSearch(TextSearch):
    """Every word in one name of the organisation, former and other names included."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not (value or "").strip():
            return queryset
        return queryset.filter(**{f"{self.columns[0]}__in": Organisation.objects.found_by(value)})


class CompanyFilters(RowFilters):
    """Filters of companies."""

    q = NameSearch("organisation", help_text="Words of a name; accents, case and former names are forgiven.")
    country = AnyOf("organisation__country_id", help_text=COUNTRY)
    category = AnyOf("category", choices=CompanyCategory, help_text="What the company does.")
    state = AnyOf("current_state", choices=MembershipState, help_text="State of its membership.")
    representative = AnyOf(
        "current_representative_id", kind=forms.UUIDField(), help_text="Id of the Local Code Representative."
    )
    standing = AnyOf("known_standing", choices=Standing, help_text="Its gravest finding on the day.")
    report_state = AnyOf("known_latest_report_state", choices=ReportState, help_text="State of its newest report.")
    training_below = django_filters.NumberFilter(
        "known_training_share",
        lookup_expr="lt",
        min_value=0,
        max_value=1,
        help_text="Share of trained staff below this, 0 to 1; without companies that have nobody to count.",
    )
    is_demo = django_filters.BooleanFilter("organisation__is_demo", help_text="Fictional companies only, or none.")

    class Meta:
        model = Company
        fields: list[str] = []


class SiteFilters(RowFilters):
    """Filters of sites."""

    q = TextSearch("search_key")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    country = AnyOf("country_id", help_text=COUNTRY)
    kind = AnyOf("kind", choices=SiteKind, help_text="What stands there.")
    is_closed = django_filters.BooleanFilter("closed_on", lookup_expr="isnull", exclude=True, help_text="Closed ones.")

    class Meta:
        model = Site
        fields: list[str] = []


class DecisionFilters(RowFilters):
    """Filters of decisions."""

    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    move = AnyOf("move", choices=Move, help_text="What was decided.")
    country = AnyOf("membership__company__organisation__country_id", help_text=COUNTRY)

    class Meta:
        model = Decision
        fields: list[str] = []


class TopMemberOf(AnyOf):
    """Holds the award of any of these years on the day that is asked about."""

    def __init__(self, **options: Any) -> None:
        super().__init__("awards__year", kind=forms.IntegerField(min_value=1900, max_value=2200), **options)

    def filter(self, queryset: QuerySet, value: list[int]) -> QuerySet:
        asked = self.parent.request.query_params.get("valid_on")  # a day, or the view has refused it
        on = date.fromisoformat(asked) if asked else clock.today()
        return awarded(queryset, years=value, on=on) if value else queryset


class MemberFilters(RowFilters):
    """Filters of the public register."""

    q = NameSearch("company__organisation", help_text="Words of a name; accents, case and former names are forgiven.")
    country = AnyOf("company__organisation__country_id", help_text=COUNTRY)
    category = AnyOf("company__category", choices=CompanyCategory, help_text="What the company does.")
    status = AnyOf("public_status", choices=PublicStatus, help_text="What was decided and holds on the day.")
    number = AnyOf("number", help_text="Member number.")
    top_member = TopMemberOf(help_text="Top Member of this year.")
    member_since_after = django_filters.DateFilter("member_since", lookup_expr="gt", help_text="Joined after this day.")
    member_since_before = django_filters.DateFilter(
        "member_since", lookup_expr="lt", help_text="Joined before this day."
    )

    class Meta:
        model = CodeMembership
        fields: list[str] = []
