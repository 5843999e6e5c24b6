"""Publish the fee table, the reductions and the terms of payment: dated rows, of which none edits the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from codesign.companies.models import RevenueBand
from codesign.fees.models import FeeBand, FeeReduction, FeeTerms
from codesign.fees.rules import is_iban
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid

_DAY = timedelta(days=1)
_BOUND = "The bands follow each other, each with a higher bound; the last one has none."


@transaction.atomic
def publish_fee_table(
    *, valid_from: date, bands: Sequence[Mapping[str, Any]], source: str = "", actor: Actor, at: datetime
) -> list[FeeBand]:
    """A new fee table from a day on: every band once, upwards; the former one ends the day before.

    Raises Invalid: `in_the_past`, `out_of_order`, `bands_incomplete`, `bounds_out_of_order`.
    """
    _refuse_past("/valid_from", valid_from, at)
    _refuse_gaps(bands)
    standing = FeeBand.objects.select_for_update().filter(Q(valid_until=None) | Q(valid_until__gte=valid_from))
    _give_way(standing, valid_from)
    lower, rows = Decimal(0), []
    for band in bands:  # four
        upper = band.get("revenue_to_eur")
        rows.append(
            FeeBand.objects.create(
                code=band["code"],
                revenue_from_eur=lower,
                revenue_to_eur=upper,
                annual_fee_eur=band["annual_fee_eur"],
                valid_from=valid_from,
                source=source,
            )
        )
        lower = upper or lower
    fees = {row.code: str(row.annual_fee_eur) for row in rows}
    record(
        "fee-bands.create",
        rows[0],
        actor=actor,
        at=at,
        changes={"valid_from": [None, valid_from], "fees": [None, fees]},
    )
    return rows


@transaction.atomic
def publish_reduction(
    *,
    code: str,
    share: Decimal,
    valid_from: date,
    valid_until: date | None = None,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> FeeReduction:
    """What members of an association pay less from a day on; its former share ends the day before.

    Raises Invalid: `in_the_past`, `out_of_order`, `out_of_range`.
    """
    _refuse_past("/valid_from", valid_from, at)
    if not 0 < share <= 1:
        raise Invalid.at("/share", "out_of_range", "A share is above 0 and at most 1.")
    if valid_until is not None and valid_until < valid_from:
        raise Invalid.at("/valid_until", "out_of_order", "The last day lies before the first.")
    standing = FeeReduction.objects.select_for_update().filter(Q(valid_until=None) | Q(valid_until__gte=valid_from))
    _give_way(standing.filter(code=code), valid_from)
    row = FeeReduction.objects.create(
        code=code, share=share, valid_from=valid_from, valid_until=valid_until, source=source
    )
    record("fee-reductions.create", row, actor=actor, at=at, changes={"code": [None, code], "share": [None, share]})
    return row


@transaction.atomic
def end_partner_reduction(*, code: str, last_day: date, actor: Actor, at: datetime) -> FeeReduction:
    """Members of an association pay all again after a day. Raises Invalid: `in_the_past`, `unknown_reduction`."""
    _refuse_past("/last_day", last_day, at)
    row = FeeReduction.objects.on(last_day).select_for_update().filter(code=code).order_by("pk").first()
    if row is None:
        raise Invalid.at("/code", "unknown_reduction", "No such reduction is in force on that day.")
    before, row.valid_until = row.valid_until, last_day
    row.save(update_fields=["valid_until"])
    record("fee-reductions.end", row, actor=actor, at=at, changes={"valid_until": [before, last_day]})
    return row


@transaction.atomic
def publish_terms(*, effective_from: date, actor: Actor, at: datetime, **terms: Any) -> FeeTerms:
    """Terms of payment from a day on: what is left out stays as it was in force on that day.

    Raises Invalid: `in_the_past`, `out_of_order`, `not_an_iban`.
    """
    _refuse_past("/effective_from", effective_from, at)
    newest = FeeTerms.objects.select_for_update().order_by("-effective_from").first()
    if newest is not None and effective_from <= newest.effective_from:
        sentence = f"The newest terms hold from {newest.effective_from}."
        raise Invalid.at("/effective_from", "out_of_order", sentence)
    if (iban := terms.get("iban")) and not is_iban(iban):
        raise Invalid.at("/iban", "not_an_iban", "The check digits of this account number are wrong.")
    kept = FeeTerms.objects.in_force(effective_from)
    values = {name: getattr(kept, name) for name in ("payment_days", "confirmation_months", "payee", "iban", "bic")}
    row = FeeTerms.objects.create(effective_from=effective_from, **{**values, **terms})
    changes: dict[str, list[Any]] = {name: [values.get(name), value] for name, value in terms.items()}
    record("fee-terms.create", row, actor=actor, at=at, changes={"effective_from": [None, effective_from], **changes})
    return row


def _refuse_past(pointer: str, day: date, at: datetime) -> None:
    """What was asked for by the former rule was asked for."""
    if day < at.date():
        raise Invalid.at(pointer, "in_the_past", "A rule changes from today on at the earliest.")


def _refuse_gaps(bands: Sequence[Mapping[str, Any]]) -> None:
    codes = [band["code"] for band in bands]
    if sorted(codes) != sorted(RevenueBand.values):
        named = ", ".join(RevenueBand.values)
        raise Invalid.at("/bands", "bands_incomplete", f"A table names each band once: {named}.")
    bounds = [band.get("revenue_to_eur") for band in bands]
    faults = [
        Fault(f"/bands/{place}/revenue_to_eur", "bounds_out_of_order", _BOUND)
        for place, bound in enumerate(bounds)
        if (bound is None) != (place == len(bounds) - 1)
        or (bound is not None and bound <= (bounds[place - 1] or 0 if place else 0))
    ]
    if faults:
        raise Invalid(_BOUND, code="bounds_out_of_order", faults=tuple(faults))


def _give_way(rows: Any, valid_from: date) -> None:
    """End rows the day before; none of them may begin on the day or later."""
    keys = list(rows.order_by("pk").values_list("pk", "valid_from"))
    if any(begins is not None and begins >= valid_from for _, begins in keys):
        raise Invalid.at("/valid_from", "out_of_order", "Another row begins on that day or later.")
    rows.model.objects.filter(pk__in=[key for key, _ in keys]).update(valid_until=valid_from - _DAY)
