"""Hand a country over, and carry the handover out when its day has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.companies.actions.changes import legal_day
from codesign.handovers.figures import Moving, led, moving
from codesign.handovers.models import Handover
from members.countries.models import Country
from members.network.actions import mandates
from members.network.lifecycle import MandateState
from members.network.models import Mandate
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import SYSTEM, Actor
from registry.kernel.errors import Invalid, NotFound, Refused


@dataclass(frozen=True)
class HandedOver:
    """The handover and what it moves, as things stood before."""

    handover: Handover
    moving: Moving


@transaction.atomic
def hand_over(
    *,
    effective_on: date,
    mandate_id: UUID | None = None,
    country_id: str | None = None,
    organisation_id: UUID | None,
    agreement_id: UUID | None = None,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> HandedOver:
    """End a mandate on the day before and confirm the successor's from `effective_on`; the companies move that day.

    `mandate_id` is handed over, or with `country_id` a country where the secretariat stood in; `organisation_id`
    takes over on an agreement, None: the secretariat does. Of two officers at once one wins.
    Raises Invalid; Refused `already_handed_over`, `mandate_not_confirmed`; MandateOverlaps, MoveNotAllowed.
    """
    former = _former(mandate_id, country_id)
    # Everything about a country's mandates happens one after the other.
    country = Country.objects.select_for_update().get(pk=former.country_id if former else country_id)
    if former is not None:
        former.refresh_from_db()
        _check_former(former, organisation_id, effective_on)
        last_day = effective_on - timedelta(days=1)
        if former.valid_until is None or former.valid_until > last_day:
            mandates.end(mandate_id=former.pk, valid_until=last_day, actor=actor, at=at)
    elif organisation_id is None:
        raise Invalid.at("/organisation", "required", "The secretariat stands in already: name who takes over.")
    handover = Handover.objects.create(
        country=country,
        former=former,
        successor=_successor(country, organisation_id, effective_on, agreement_id, actor=actor, at=at),
        effective_on=effective_on,
        reason=reason,
        created_at=at,
    )
    former_id = former.organisation_id if former else None
    moves = moving(country_id=country.pk, former_id=former_id, successor_id=organisation_id, on=effective_on)
    changes: dict[str, list[Any]] = {
        "representative": [former_id, organisation_id],
        "effective_on": [None, effective_on],
    }
    record("handovers.create", handover, actor=actor, at=at, changes=changes)
    if effective_on <= legal_day(at, country.zone):
        _carry_out(handover, actor=actor, at=at)
    return HandedOver(handover, moves)


def carry_out_due(*, at: datetime) -> int:
    """Move the companies of every handover whose day has come in its country; how many. Safe to run twice."""
    # A day ahead of UTC at most: the country's own day decides.
    due = Handover.objects.due_on(at.date() + timedelta(days=1)).order_by("effective_on", "pk")
    rows = due.values_list("pk", "effective_on", "country__zone")
    ready = [key for key, effective_on, zone in rows if effective_on <= legal_day(at, zone)]
    # One by one: each is a transaction of its own, in the order of their days.
    return sum(carry_out(handover_id=key, actor=SYSTEM, at=at) for key in ready)


@transaction.atomic
def carry_out(*, handover_id: UUID, actor: Actor, at: datetime) -> bool:
    """Move the companies of one handover; whether nobody had before."""
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover_id)
    if handover.carried_out_at is not None:
        return False
    _carry_out(handover, actor=actor, at=at)
    return True


def _former(mandate_id: UUID | None, country_id: str | None) -> Mandate | None:
    if (mandate_id is None) == (country_id is None):
        message = "Name the mandate that is handed over; or the country, where the secretariat stood in."
        raise Invalid.at("/mandate", "mandate_or_country", message)
    if mandate_id is None:
        return None
    mandate = Mandate.objects.filter(pk=mandate_id).first()
    if mandate is None:
        raise NotFound("There is no such mandate.")
    return mandate


def _check_former(former: Mandate, organisation_id: UUID | None, effective_on: date) -> None:
    if Handover.objects.filter(former=former).exists():
        raise Refused("This mandate was handed over already.", code="already_handed_over")
    if former.state == MandateState.RECORDED or former.confirmed_at is None or former.valid_from is None:
        raise Refused("A mandate that was never confirmed can't be handed over.", code="mandate_not_confirmed")
    if effective_on <= former.valid_from:
        raise Invalid.at("/effective_on", "before_start", "The mandate must hold for a day before it changes hands.")
    if former.organisation_id == organisation_id:
        raise Invalid.at("/organisation", "same_organisation", "It holds this mandate already.")


def _successor(
    country: Country,
    organisation_id: UUID | None,
    effective_on: date,
    agreement_id: UUID | None,
    *,
    actor: Actor,
    at: datetime,
) -> Mandate | None:
    """The mandate that was recorded for it, or a new one, confirmed from that day on."""
    if organisation_id is None:
        return None
    recorded = Mandate.objects.filter(
        organisation=organisation_id, country=country, state=MandateState.RECORDED
    ).order_by("created_at", "pk")
    mandate = recorded.first() or mandates.record(
        organisation_id=organisation_id, country_id=country.pk, actor=actor, at=at
    )
    return mandates.confirm(
        mandate_id=mandate.pk, valid_from=effective_on, agreement_id=agreement_id, actor=actor, at=at
    )


def _carry_out(handover: Handover, *, actor: Actor, at: datetime) -> None:
    """The companies' representative moves; theirs alone who were led by the former hand."""
    former_id = handover.former.organisation_id if handover.former else None
    successor_id = handover.successor.organisation_id if handover.successor else None
    rows = led(country_id=handover.country_id, organisation_id=former_id)
    keys = [str(key) for key in rows.locked().values_list("pk", flat=True)]
    rows.update(representative=successor_id, version=F("version") + 1)
    handover.carried_out_at, handover.company_count = at, len(keys)
    handover.version += 1
    handover.save(update_fields=["carried_out_at", "company_count", "version"])
    changes: dict[str, list[Any]] = {"representative": [former_id, successor_id], "memberships": [None, keys]}
    record("handovers.carry_out", handover, actor=actor, at=at, changes=changes)
