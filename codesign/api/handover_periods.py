"""Lists and reads as a former representative gets them: its own period alone, with fewer fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from codesign.api.company_filters import COUNTRY, DecisionFilters
from codesign.api.company_rows import DecisionRow
from codesign.companies.lifecycle import MembershipState
from codesign.companies.models import CodeMembership, Company
from codesign.handovers import periods
from members.scope import Scope
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer


class _StandingThen(RowSerializer):
    """What was decided about a membership by the end of the day."""

    state = serializers.ChoiceField(MembershipState.choices, source="state_then", allow_null=True)
    number = serializers.CharField(source="number_then", allow_null=True)
    member_since = serializers.DateField(source="member_since_then", allow_null=True)


class CompanyThenRow(_StandingThen):
    """A company as it stood."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="name_then")
    country = serializers.CharField(source="organisation.country_id", allow_null=True)
    is_demo = serializers.BooleanField(source="organisation.is_demo")
    membership_id = serializers.UUIDField(source="membership_then", allow_null=True)


class CodeMembershipThenRow(_StandingThen):
    """A membership as it stood."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "name_then")
    country = serializers.CharField(source="company.organisation.country_id", allow_null=True)
    scheme = serializers.CharField()
    created_at = serializers.DateTimeField()


class DecisionThenRow(DecisionRow):
    """A decision, with the company's name of the day."""

    membership = Ref("code-memberships", "membership_id", "name_then")
    company = Ref("companies", "membership__company_id", "name_then")


class CompanyThenFilters(RowFilters):
    """Filters that tell nothing of later."""

    country = AnyOf("organisation__country_id", help_text=COUNTRY)
    state = AnyOf("state_then", choices=MembershipState, help_text="State on the day.")

    class Meta:
        model = Company
        fields: list[str] = []


class CodeMembershipThenFilters(RowFilters):
    """Filters that tell nothing of later."""

    country = AnyOf("company__organisation__country_id", help_text=COUNTRY)
    state = AnyOf("state_then", choices=MembershipState, help_text="State on the day.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")

    class Meta:
        model = CodeMembership
        fields: list[str] = []


@dataclass(frozen=True)
class ReadBack:
    """How one resource is read back: its rows of a period, their fields, filters and orders."""

    rows: Callable[[periods.Period, Scope], QuerySet]
    row: type[RowSerializer]
    filters: type[RowFilters]
    orderings: dict[str, str]


COMPANIES = ReadBack(periods.companies_of, CompanyThenRow, CompanyThenFilters, {"created_at": "created_at"})
MEMBERSHIPS = ReadBack(
    periods.memberships_of, CodeMembershipThenRow, CodeMembershipThenFilters, {"created_at": "created_at"}
)
DECISIONS = ReadBack(
    periods.decisions_of,
    DecisionThenRow,
    DecisionFilters,
    {"decided_at": "decided_at", "effective_on": "effective_on"},
)


class ReadsBack:
    """Adds to `list` and `read`: on a day of an ended mandate its representative reads that day, and nothing later."""

    read_back: ReadBack

    def initial(self: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if self.action not in {"list", "read"}:
            return
        if period := periods.period_of(self.scope, self._day(request)):
            back = self.read_back
            read: Any = {"row": back.row, "filters": back.filters, "orderings": back.orderings}
            # The version and the tag made of it would tell how often the row has changed since.
            read |= {"version_column": None, "rows": lambda scope, *, on: back.rows(period, scope)}
            vars(self).update(read)
