"""The regional committee: how many seats each region has, and who is elected to them.

Every change locks the region: on no day there are more holders than seats.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from members.assemblies.models import CommitteeRole, CommitteeSeats, CommitteeTerm
from members.assemblies.rules import Span, first_overfull_day
from members.countries.models import Region
from members.network.models import NetworkMembership
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Invalid, NotFound, Refused, Stale


class MoreHoldersThanSeats(Refused):
    """On some day a region would have more holders than seats."""

    default_code = "more_holders_than_seats"


@transaction.atomic
def set_seats(
    *,
    region_id: str,
    seat_count: int,
    valid_from: date,
    source: str = "",
    confidence: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> CommitteeSeats:
    """From a day on a region has so many seats, until the day before as many as it had.

    Raises Refused, MoreHoldersThanSeats.
    """
    _lock(region_id)
    rows = CommitteeSeats.objects.current().filter(region_id=region_id)
    before = rows.filter(valid_until=None).first()
    if rows.filter(valid_from__gte=valid_from).exists():
        raise Refused("The present number of seats begins on that day or later.", code="seats_begin_later")
    if before is not None:
        CommitteeSeats.objects.filter(pk=before.pk).update(superseded_at=at)
        CommitteeSeats.objects.create(
            region_id=region_id,
            seat_count=before.seat_count,
            valid_from=before.valid_from,
            valid_until=valid_from - timedelta(days=1),
            recorded_at=at,
            source=before.source,
            confidence=before.confidence,
            note=before.note,
        )
    seats = CommitteeSeats.objects.create(
        region_id=region_id,
        seat_count=seat_count,
        valid_from=valid_from,
        recorded_at=at,
        source=source,
        confidence=confidence,
        note=note,
    )
    _require_seats(region_id, valid_from, None)
    changes: dict[str, list[Any]] = {
        "seat_count": [before.seat_count if before else None, seat_count],
        "valid_from": [None, valid_from],
    }
    record("committee-seats.create", seats, actor=actor, at=at, changes=changes)
    return seats


@transaction.atomic
def elect(
    *,
    region_id: str,
    organisation_id: UUID,
    starts_on: date,
    ends_on: date | None = None,
    role: str = CommitteeRole.MEMBER,
    elected_at_id: UUID | None = None,
    source: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> CommitteeTerm:
    """Give an organisation a seat of its own region for a term. Raises Invalid, MoreHoldersThanSeats, Refused."""
    if ends_on is not None and ends_on < starts_on:
        raise Invalid.at("/ends_on", "before_start", "The last day lies before the first.")
    _lock(region_id)
    _require_region(organisation_id, region_id, starts_on)
    held = CommitteeTerm.objects.sharing_a_day(starts_on, ends_on).filter(organisation_id=organisation_id)
    if held.exists():
        raise Refused("The organisation holds a seat in that time already.", code="already_holds_seat")
    term = CommitteeTerm.objects.create(
        region_id=region_id,
        organisation_id=organisation_id,
        role=CommitteeRole(role),
        starts_on=starts_on,
        ends_on=ends_on,
        elected_at_id=elected_at_id,
        source=source,
        note=note,
        created_at=at,
    )
    _require_seats(region_id, starts_on, ends_on)
    changes: dict[str, list[Any]] = {
        "organisation": [None, organisation_id],
        "region": [None, region_id],
        "starts_on": [None, starts_on],
    }
    record("committee-terms.create", term, actor=actor, at=at, changes=changes)
    return term


@transaction.atomic
def end_term(
    *, term_id: UUID, ends_on: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> CommitteeTerm:
    """Decide the last day of a term; it can come earlier than set, not later. Raises Invalid, Stale."""
    term = CommitteeTerm.objects.select_for_update().filter(pk=term_id).first()
    if term is None:
        raise NotFound("There is no such term.")
    if expected_version is not None and term.version != expected_version:
        raise Stale("The term has changed since you read it.")
    if ends_on < term.starts_on:
        raise Invalid.at("/ends_on", "before_start", "The last day lies before the first.")
    if term.ends_on is not None and ends_on > term.ends_on:
        raise Invalid.at("/ends_on", "after_end", "The term ends before that day already.")
    before = term.ends_on
    rows = CommitteeTerm.objects.filter(pk=term.pk, version=term.version)
    if not rows.update(ends_on=ends_on, version=F("version") + 1):
        raise Stale("The term has changed since you read it.")
    term.refresh_from_db()
    record("committee-terms.end", term, actor=actor, at=at, changes={"ends_on": [before, ends_on]})
    return term


def _lock(region_id: str) -> None:
    """One change of a region's seats and terms at a time. SQLite has one writer anyway."""
    Region.objects.select_for_update().get(pk=region_id)


def _require_region(organisation_id: UUID, region_id: str, day: date) -> None:
    """Raise Invalid unless the organisation is a member of the network in that region on that day."""
    memberships = NetworkMembership.objects.on(day).filter(organisation_id=organisation_id)
    regions = set(memberships.values_list("region_id", flat=True))
    if not regions:
        raise Invalid.at("/organisation", "not_a_member", "The organisation is no member of the network on that day.")
    if region_id not in regions:
        raise Invalid.at("/organisation", "other_region", "The organisation is a member in another region.")


def _require_seats(region_id: str, start: date, end: date | None) -> None:
    """Raise MoreHoldersThanSeats when a day of the period has more holders than seats, as now written."""
    seats = CommitteeSeats.objects.current().filter(region_id=region_id)
    terms = CommitteeTerm.objects.sharing_a_day(start, end).filter(region_id=region_id)
    full = first_overfull_day(
        start=start,
        end=end,
        seats=[Span(*row) for row in seats.values_list("valid_from", "valid_until", "seat_count")],
        holders=[Span(*row) for row in terms.values_list("starts_on", "ends_on")],
    )
    if full:
        day, held, there = full
        raise MoreHoldersThanSeats(
            "There would be more holders than seats.",
            details={"day": day.isoformat(), "holders": held, "seats": there},
        )
