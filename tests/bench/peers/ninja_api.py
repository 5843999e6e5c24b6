"""django-ninja with schemas."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import NinjaAPI, Schema

from tests.bench.peers import querying

api = NinjaAPI(urls_namespace="ninja")


class Reference(Schema):
    """A reference."""

    id: str
    url: str
    display: str


class Criterion(Schema):
    """State of one criterion."""

    number: int
    state: str


class LatestReport(Schema):
    """The newest report."""

    id: UUID
    year: int
    state: str
    due_on: date | None


class Training(Schema):
    """Share of trained staff."""

    value: str | None
    numerator: int
    denominator: int


class CompanyOut(Schema):
    """A company of the list."""

    id: UUID
    name: str
    organisation: Reference
    country: str
    category: str
    node: str
    is_demo: bool
    is_profile_public: bool
    offers_residential_care: bool
    revenue_band: str
    revenue_band_confirmed_on: date | None
    membership_id: UUID
    state: str
    number: str | None
    member_since: date | None
    representative: Reference | None
    criteria: list[Criterion]
    standing: str | None
    latest_report: LatestReport | None
    training: Training
    site_count: int
    staff_count: int | None
    counted_site_count: int

    @staticmethod
    def resolve_id(row: Any) -> Any:
        return row.pk

    @staticmethod
    def resolve_name(row: Any) -> Any:
        return row.organisation.name

    @staticmethod
    def resolve_organisation(row: Any) -> Any:
        return querying.reference(row.organisation)

    @staticmethod
    def resolve_country(row: Any) -> Any:
        return row.organisation.country_id

    @staticmethod
    def resolve_is_demo(row: Any) -> Any:
        return row.organisation.is_demo

    @staticmethod
    def resolve_membership_id(row: Any) -> Any:
        return row.member.pk

    @staticmethod
    def resolve_state(row: Any) -> Any:
        return row.member.state

    @staticmethod
    def resolve_number(row: Any) -> Any:
        return row.member.number

    @staticmethod
    def resolve_member_since(row: Any) -> Any:
        return row.member.member_since

    @staticmethod
    def resolve_representative(row: Any) -> Any:
        return querying.reference(row.member.representative)

    @staticmethod
    def resolve_criteria(row: Any) -> Any:
        return querying.criteria(list(row.member.plan_actions.all()))

    @staticmethod
    def resolve_standing(row: Any) -> Any:
        return row.figures.standing

    @staticmethod
    def resolve_latest_report(row: Any) -> Any:
        if (found := querying.latest(row)) is None:
            return None
        report, due_on = found
        return {"id": report.pk, "year": report.reporting_year.year, "state": report.state, "due_on": due_on}

    @staticmethod
    def resolve_training(row: Any) -> Any:
        trained, staff = row.figures.trained, row.figures.staff_in_scope
        return {"value": querying.share(trained, staff), "numerator": trained, "denominator": staff}

    @staticmethod
    def resolve_site_count(row: Any) -> Any:
        return row.figures.site_count

    @staticmethod
    def resolve_staff_count(row: Any) -> Any:
        return row.figures.staff_count

    @staticmethod
    def resolve_counted_site_count(row: Any) -> Any:
        return row.figures.counted_site_count


class Page(Schema):
    """The page."""

    results: list[CompanyOut]
    next: str | None
    previous: str | None


@api.get("/companies/", response=Page)
def companies(request: HttpRequest, country: str, after: str | None = None) -> Any:
    """The page."""
    rows, following = querying.page(list(querying.companies(country, after)), country, "/ninja/companies/")
    return {"results": rows, "next": following, "previous": None}
