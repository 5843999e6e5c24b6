"""FastAPI with SQLAlchemy: mapped classes, selectin loading, a response model."""

from __future__ import annotations

import os
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, or_, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    contains_eager,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)
from sqlalchemy.pool import QueuePool

from tests.bench.peers.pure import criteria, share

_URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(_URL, poolclass=QueuePool)
new_session = sessionmaker(engine)


class Base(DeclarativeBase):
    """The mapped classes."""


class Organisation(Base):
    """An organisation."""

    __tablename__ = "members_organisation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    country_id: Mapped[str]
    is_demo: Mapped[bool]


class Company(Base):
    """A company."""

    __tablename__ = "codesign_company"
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("members_organisation.id"), primary_key=True)
    category: Mapped[str]
    node: Mapped[str]
    revenue_band: Mapped[str]
    revenue_band_confirmed_on: Mapped[date | None]
    is_profile_public: Mapped[bool]
    offers_residential_care: Mapped[bool]
    organisation: Mapped[Organisation] = relationship()
    membership: Mapped[Membership] = relationship(back_populates="company")
    figures: Mapped[Figures] = relationship()
    reports: Mapped[list[Report]] = relationship()
    obligations: Mapped[list[Obligation]] = relationship()


class Membership(Base):
    """The current membership."""

    __tablename__ = "codesign_codemembership"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_company.organisation_id"))
    representative_id: Mapped[UUID | None] = mapped_column(ForeignKey("members_organisation.id"))
    state: Mapped[str]
    is_current: Mapped[bool]
    number: Mapped[str | None]
    member_since: Mapped[date | None]
    company: Mapped[Company] = relationship(back_populates="membership")
    representative: Mapped[Organisation | None] = relationship()
    plan_actions: Mapped[list[PlanAction]] = relationship()


class PlanAction(Base):
    """An action of the plan."""

    __tablename__ = "codesign_planaction"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_codemembership.id"))
    criterion_number: Mapped[int]
    state: Mapped[str]


class Year(Base):
    """A reporting year."""

    __tablename__ = "codesign_reportingyear"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]


class Report(Base):
    """A report."""

    __tablename__ = "codesign_report"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_company.organisation_id"))
    reporting_year_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_reportingyear.id"))
    state: Mapped[str]
    reporting_year: Mapped[Year] = relationship()


class Obligation(Base):
    """A report that is owed."""

    __tablename__ = "codesign_reportobligation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_company.organisation_id"))
    reporting_year_id: Mapped[UUID]
    due_on: Mapped[date]


class Figures(Base):
    """Stored counters."""

    __tablename__ = "bench_figures"
    company_id: Mapped[UUID] = mapped_column(ForeignKey("codesign_company.organisation_id"), primary_key=True)
    standing: Mapped[str | None]
    trained: Mapped[int]
    staff_in_scope: Mapped[int]
    site_count: Mapped[int]
    staff_count: Mapped[int | None]
    counted_site_count: Mapped[int]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Reference(_Out):
    """A reference."""

    id: UUID
    url: str
    display: str


class CriterionOut(_Out):
    """State of one criterion."""

    number: int
    state: str


class LatestReport(_Out):
    """The newest report."""

    id: UUID
    year: int
    state: str
    due_on: date | None


class Training(_Out):
    """Share of trained staff."""

    value: str | None
    numerator: int
    denominator: int


class CompanyOut(_Out):
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
    criteria: list[CriterionOut]
    standing: str | None
    latest_report: LatestReport | None
    training: Training
    site_count: int
    staff_count: int | None
    counted_site_count: int


class Page(BaseModel):
    """The page."""

    results: list[CompanyOut]
    next: str | None
    previous: str | None


application = FastAPI()


def _reference(row: Organisation | None) -> Reference | None:
    return row and Reference(id=row.id, url=f"/api/v1/organisations/{row.id}/", display=row.name)


def _latest(row: Company) -> LatestReport | None:
    if not row.reports:
        return None
    report = max(row.reports, key=lambda one: one.reporting_year.year)
    due = [one.due_on for one in row.obligations if one.reporting_year_id == report.reporting_year_id]
    year = report.reporting_year.year
    return LatestReport(id=report.id, year=year, state=report.state, due_on=due[0] if due else None)


def _shown(row: Company) -> CompanyOut:
    member, figures = row.membership, row.figures
    own: Any = _reference(row.organisation)
    return CompanyOut(
        id=row.organisation_id,
        name=row.organisation.name,
        organisation=own,
        country=row.organisation.country_id,
        category=row.category,
        node=row.node,
        is_demo=row.organisation.is_demo,
        is_profile_public=row.is_profile_public,
        offers_residential_care=row.offers_residential_care,
        revenue_band=row.revenue_band,
        revenue_band_confirmed_on=row.revenue_band_confirmed_on,
        membership_id=member.id,
        state=member.state,
        number=member.number,
        member_since=member.member_since,
        representative=_reference(member.representative),
        criteria=[CriterionOut(**one) for one in criteria(member.plan_actions)],
        standing=figures.standing,
        latest_report=_latest(row),
        training=Training(
            value=share(figures.trained, figures.staff_in_scope),
            numerator=figures.trained,
            denominator=figures.staff_in_scope,
        ),
        site_count=figures.site_count,
        staff_count=figures.staff_count,
        counted_site_count=figures.counted_site_count,
    )


@application.get("/companies/", response_model=Page)
def companies(country: str, after: str | None = None) -> Page:
    """The page."""
    query = (
        select(Company)
        .join(Company.organisation)
        .join(Company.membership)
        .where(Organisation.country_id == country, Membership.state == "active", Membership.is_current)
        .options(
            contains_eager(Company.organisation),
            contains_eager(Company.membership).selectinload(Membership.plan_actions),
            contains_eager(Company.membership).joinedload(Membership.representative),
            joinedload(Company.figures),
            selectinload(Company.reports).joinedload(Report.reporting_year),
            selectinload(Company.obligations),
        )
        .order_by(Organisation.name, Company.organisation_id)
        .limit(101)
    )
    if after:
        name, key = after.split("|")
        same = (Organisation.name == name) & (Company.organisation_id > UUID(key))
        query = query.where(or_(Organisation.name > name, same))
    with new_session() as session:
        rows = list(session.scalars(query).unique())
        last = rows[99] if len(rows) > 100 else None
        place = last and f"{quote(last.organisation.name)}%7C{last.organisation_id}"
        following = f"/companies/?country={country}&after={place}" if place else None
        return Page(results=[_shown(row) for row in rows[:100]], next=following, previous=None)
