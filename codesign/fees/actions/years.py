"""Membership years: open one, and raise the invoices of all who lack one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from codesign.companies.actions.numbers import draw_many
from codesign.companies.models import CodeMembership
from codesign.fees.figures import best_reductions, fee_table, owing
from codesign.fees.models import FeeTerms, FeeYear, Invoice
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.calendar import add_months
from registry.kernel.errors import Invalid, Refused

_DAY = timedelta(days=1)


@transaction.atomic
def open_year(
    *,
    year: int,
    invoices_on: date | None = None,
    unconfirmed_days: int | None = None,
    actor: Actor,
    at: datetime,
) -> FeeYear:
    """Open a calendar year as membership year; its invoices are raised from `invoices_on` (its first day) on.

    Raises Invalid; Refused `year_open`.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    invoices_on = invoices_on or first
    # Asked for ahead of the year, when the budget of the company is made, but never after it.
    if not add_months(first, -6) <= invoices_on <= last:
        raise Invalid.at("/invoices_on", "out_of_range", "Invoices are raised in the year or half a year ahead of it.")
    if FeeYear.objects.filter(year=year).exists():
        raise Refused("The year is open.", code="year_open")
    row = FeeYear(year=year, opens_on=first, closes_on=last, invoices_on=invoices_on, created_at=at)
    if unconfirmed_days is not None:
        row.unconfirmed_days = unconfirmed_days
    row.save(force_insert=True)
    changes: dict[str, list[Any]] = {"year": [None, year], "invoices_on": [None, invoices_on]}
    record("fee-years.create", row, actor=actor, at=at, changes=changes)
    return row


def open_first(*, actor: Actor, at: datetime) -> int:
    """Open the year after the one in which the register starts, unless any is open; how many were opened."""
    if FeeYear.objects.exists():
        return 0
    open_year(year=at.year + 1, actor=actor, at=at)
    return 1


def raise_due(*, at: datetime) -> int:
    """Open each year that has begun since the last one, and raise the invoices due in any; how many were new.

    For the clock's own run, as often as it likes. Nothing happens before a first year is open.
    """
    newest = FeeYear.objects.order_by("-year").first()
    while newest is not None and at.date() > newest.closes_on:  # one a year
        ahead = newest.opens_on - newest.invoices_on
        newest = open_year(
            year=newest.year + 1,
            invoices_on=newest.closes_on + _DAY - ahead,
            unconfirmed_days=newest.unconfirmed_days,
            actor=SYSTEM,
            at=at,
        )
    years = FeeYear.objects.raised_by(at.date()).values_list("pk", flat=True)
    return sum(raise_invoices(year_id=key, actor=SYSTEM, at=at) for key in list(years))  # two or three


@transaction.atomic
def raise_invoices(*, year_id: UUID, actor: Actor, at: datetime) -> int:
    """Raise the invoice of every member that lacks one for the year; how many were new. A dozen statements for all.

    Whoever has not confirmed a revenue band within the year waits, and after `unconfirmed_days` pays by the last
    one known: silence must not be cheaper than an answer. Once more raises nothing new. Raises Refused `too_early`.
    """
    year, on = FeeYear.objects.select_for_update().get(pk=year_id), at.date()
    if on < year.invoices_on:
        raise Refused("Its invoices are not raised yet.", code="too_early", details={"from": str(year.invoices_on)})
    if not (due := [row.membership_id for row in _due(year, on)]):
        return 0
    # Locked as for an invoice raised by hand, then asked again: none gets two.
    list(CodeMembership.objects.locked().filter(pk__in=due).values_list("pk", flat=True))
    terms, fees = FeeTerms.objects.in_force(on), fee_table(on=on)
    rows = list(_due(year, on, among=due))
    reductions = best_reductions({row.company_id for row in rows}, on=on)
    rows = [row for row in rows if (row.band, reductions.get(row.company_id, "")) in fees]
    invoices = [
        Invoice(
            number=f"INV-{on.year}-{number:05d}",
            membership_id=row.membership_id,
            year=year.year,
            band=row.band,
            band_confirmed_on=row.confirmed_on,
            reduction_code=reductions.get(row.company_id, ""),
            amount_eur=fees[row.band, reductions.get(row.company_id, "")],
            issued_on=on,
            due_on=on + timedelta(days=terms.payment_days),
            created_at=at,
        )
        for row, number in zip(rows, draw_many(f"INV-{on.year}", len(rows)), strict=True)
    ]
    if invoices:
        Invoice.objects.bulk_create(invoices, 500)
        numbers = [invoices[0].number, invoices[-1].number]
        changes: dict[str, list[Any]] = {"invoices": [0, len(invoices)], "numbers": numbers}
        record("fee-years.raise", year, actor=actor, at=at, changes=changes)
    return len(invoices)


@dataclass(frozen=True)
class _Due:
    membership_id: UUID
    company_id: UUID
    band: str
    confirmed_on: date | None


def _due(year: FeeYear, on: date, *, among: list[UUID] | None = None) -> Iterable[_Due]:
    """Members without an invoice whose band serves by now, in the order of their numbers. Two queries."""
    memberships = owing(year)
    if among is not None:
        memberships = memberships.filter(pk__in=among)
    served_from = add_months(on, -FeeTerms.objects.in_force(on).confirmation_months)
    columns = ("pk", "company_id", "company__revenue_band", "company__revenue_band_confirmed_on")
    is_late = on >= year.invoices_on + timedelta(days=year.unconfirmed_days)
    for row in memberships.order_by("number", "pk").values_list(*columns):
        found = _Due(*row)
        if found.band and (is_late or (found.confirmed_on is not None and found.confirmed_on >= served_from)):
            yield found
