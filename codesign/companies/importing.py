"""The book of a representative as a table: companies, and what those that signed before signed, as recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from codesign.companies.actions import record_signatory, register_company, update_company
from codesign.companies.models import CodeMembership, Company, CompanyCategory, RevenueBand
from members.imports import cells
from members.imports.columns import Column, Use
from members.imports.kinds.base import ID, ORGANISATION, Importer, Values, of, sourced
from members.imports.lifecycle import ImportKind
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import LATEST

# A book is mailed nothing before its officer has seen the forecast and released it.
MUTED = datetime(LATEST.year, 1, 1, tzinfo=UTC)


class Companies(Importer):
    """One row is one company. With `since` it signed then: a membership is recorded, unverified and muted."""

    kind = ImportKind.COMPANIES
    model = Company
    new_organisation_kind = "company"
    needed = (("organisation", "organisation_id", "name"), ("category",), ("country",))
    shown = frozenset(
        "is_demo membership_id state number member_since representative_id representative criteria standing "
        "latest_report training site_count staff_count counted_site_count revenue_band_confirmed_on "
        "name".split()
    )
    columns = (
        ID,
        *ORGANISATION,
        Column("country", cells.country, Use.NEW, is_required=True),
        Column("website", cells.text(300), Use.NEW),
        Column("category", cells.choice(CompanyCategory), is_required=True),
        Column("revenue_band", cells.choice(RevenueBand)),
        Column("is_profile_public", cells.truth),
        Column("offers_residential_care", cells.truth),
        Column("since", cells.partial_day, Use.NEW),
        Column("since_basis", cells.text(120), Use.NEW),
        *sourced(Use.NEW),
    )

    def held(self, ids: Iterable[UUID], organisation_ids: Iterable[UUID], names: Iterable[str]) -> QuerySet:
        keys = Q(pk__in=ids) | Q(pk__in=organisation_ids)
        return Company.objects.filter(keys).select_related("organisation")

    def create(self, values: Values, organisation_id: UUID | None, *, actor: Actor, at: datetime) -> Any:
        assert organisation_id is not None
        given = of(values, "category", "revenue_band", "is_profile_public", "offers_residential_care")
        company = register_company(organisation_id=organisation_id, **given, actor=actor, at=at)
        if "since" in values:
            self._record(company, values, actor=actor, at=at)
        return company

    def update(self, row: Any, fields: Values, *, actor: Actor, at: datetime) -> Any:
        return update_company(company_id=row.pk, expected_version=row.version, **fields, actor=actor, at=at)

    def _record(self, company: Company, values: Values, *, actor: Actor, at: datetime) -> None:
        """As a public source's signatory: a fact on a date, verified by nobody yet."""
        membership = record_signatory(
            name=company.organisation.name,
            country_id=values["country"],
            category=company.category,
            **of(values, "since", "since_basis", "source", "confidence", "note"),
            actor=actor,
            at=at,
        )
        if membership is not None:
            CodeMembership.objects.filter(pk=membership.pk).update(reminders_muted_until=MUTED)
