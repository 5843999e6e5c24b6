"""Mandates of Local Code Representatives: recorded, confirmed, ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.agreements.models import Agreement
from members.countries.models import Country
from members.network.lifecycle import MandateMove, target_of
from members.network.models import Mandate
from members.network.rules import presence
from members.organisations.models import Organisation, OrganisationKind
from registry.kernel.audit.actions import record as record_event
from registry.kernel.audit.actor import Actor
from registry.kernel.calendar import PartialDate
from registry.kernel.errors import Invalid, NotFound, Refused, Stale

EDITABLE = frozenset({"since", "since_basis", "status_seen", "source", "confidence", "note"})


class MandateOverlaps(Refused):
    """Another confirmed mandate covers a day of the same country."""

    default_code = "mandate_overlaps"


@transaction.atomic
def record(
    *,
    organisation_id: UUID,
    country_id: str,
    since: str = "",
    since_basis: str = "",
    status_seen: str = "",
    agreement_id: UUID | None = None,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Mandate:
    """Record that an organisation is said to represent The Code in a country. Gives no access until confirmed."""
    if Organisation.objects.filter(pk=organisation_id, kind=OrganisationKind.COMPANY).exists():
        raise Invalid.at("/organisation", "is_company", "A company would represent itself.")
    _check_agreement(agreement_id, organisation_id)
    mandate = Mandate.objects.create(
        organisation_id=organisation_id,
        country_id=country_id,
        **_told(since, since_basis, at.date()),
        status_seen=status_seen,
        agreement_id=agreement_id,
        source=source,
        confidence=confidence,
        note=note,
        created_at=at,
    )
    changes: dict[str, list[Any]] = {"organisation": [None, organisation_id], "country": [None, country_id]}
    record_event("mandates.create", mandate, actor=actor, at=at, changes=changes)
    return mandate


@transaction.atomic
def confirm(
    *,
    mandate_id: UUID,
    valid_from: date,
    valid_until: date | None = None,
    agreement_id: UUID | None = None,
    expected_version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Mandate:
    """Let the mandate count from a day on, on the agreement recorded or named now.

    Raises MoveNotAllowed, MandateOverlaps, Invalid, Stale.
    """
    mandate = _locked(mandate_id, expected_version)
    target = target_of(MandateMove.CONFIRM, mandate.state)
    if valid_until is not None and valid_until < valid_from:
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    _check_agreement(agreement_id, mandate.organisation_id)
    others = Mandate.objects.confirmed().filter(country_id=mandate.country_id).exclude(pk=mandate.pk)
    if clash := others.overlapping(valid_from, valid_until).order_by("valid_from", "pk").first():
        raise MandateOverlaps(
            "Another confirmed mandate covers part of this period.", details={"mandate": str(clash.pk)}
        )
    fields: dict[str, Any] = {"state": target, "valid_from": valid_from, "valid_until": valid_until, "confirmed_at": at}
    if agreement_id is not None:
        fields["agreement_id"] = agreement_id
    return _write(MandateMove.CONFIRM, mandate, fields, actor=actor, at=at)


@transaction.atomic
def end(
    *, mandate_id: UUID, valid_until: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> Mandate:
    """Decide the mandate's last day; it counts until then. One never confirmed is only closed."""
    mandate = _locked(mandate_id, expected_version)
    target = target_of(MandateMove.END, mandate.state)
    if mandate.valid_from is not None and valid_until < mandate.valid_from:
        raise Invalid.at("/valid_until", "before_start", "The last day lies before the first.")
    if mandate.valid_until is not None and valid_until > mandate.valid_until:
        raise Invalid.at("/valid_until", "after_end", "The mandate ends before that day already.")
    return _write(MandateMove.END, mandate, {"state": target, "valid_until": valid_until}, actor=actor, at=at)


@transaction.atomic
def update(
    *, mandate_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> Mandate:
    """Put right what is said of the source; its period is decided by moves. Raises Invalid, Stale."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    mandate = _locked(mandate_id, expected_version)
    if {"since", "since_basis"} & fields.keys():
        told = {name: fields.get(name, getattr(mandate, name)) for name in ("since", "since_basis")}
        fields |= _told(**told, seen_on=mandate.created_at.date())
    changed = {name: value for name, value in fields.items() if getattr(mandate, name) != value}
    return _write("update", mandate, changed, actor=actor, at=at) if changed else mandate


def _told(since: str, since_basis: str, seen_on: date) -> dict[str, Any]:
    """What a source's date says, and from when it proves the mandate. Raises Invalid."""
    try:
        text = PartialDate.parse(since).text if since else ""
        proven_from = presence(since=text, basis=since_basis, seen_on=seen_on).proven_from
    except ValueError as error:
        raise Invalid.at("/since", "invalid", str(error)) from error
    return {"since": text, "since_basis": since_basis, "proven_from": proven_from}


def _check_agreement(agreement_id: UUID | None, organisation_id: UUID) -> None:
    """A mandate rests on an agreement that its organisation has signed or is to sign."""
    if agreement_id is None:
        return
    if not Agreement.objects.with_party([organisation_id]).filter(pk=agreement_id).exists():
        raise Invalid.at("/agreement", "not_a_party", "The organisation is no party to this agreement.")


def _locked(mandate_id: UUID, version: int | None) -> Mandate:
    """The mandate, with its country locked: mandates of one country are changed one after the other."""
    mandate = Mandate.objects.filter(pk=mandate_id).first()
    if mandate is None:
        raise NotFound("There is no such mandate.")
    Country.objects.select_for_update().get(pk=mandate.country_id)
    mandate.refresh_from_db()
    if version is not None and mandate.version != version:
        raise Stale("The mandate has changed since you read it.")
    return mandate


def _write(verb: str, mandate: Mandate, fields: dict[str, Any], *, actor: Actor, at: datetime) -> Mandate:
    """Compare and set, then record."""
    changes = {name: [getattr(mandate, name), value] for name, value in fields.items()}
    rows = Mandate.objects.filter(pk=mandate.pk, version=mandate.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The mandate has changed since you read it.")
    mandate.refresh_from_db()
    record_event(f"mandates.{verb}", mandate, actor=actor, at=at, changes=changes)
    return mandate
