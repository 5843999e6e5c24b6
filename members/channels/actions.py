"""Changes of the reporting channels and of the yearly counts of their reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from members.channels.models import ChannelCount, ReportingChannel
from members.channels.rules import ChannelAbout, ChannelKind, check_due, is_contact
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Fault, Invalid, NotFound, Refused, Stale

EDITABLE = frozenset(
    "name kind about url country_id is_eu_wide languages covers what_it_takes handling organisation_id "
    "linked_group_id source".split()
)


@transaction.atomic
def register(
    *,
    name: str,
    kind: str,
    about: str,
    url: str,
    position: int | None = None,
    country_id: str | None = None,
    is_eu_wide: bool = False,
    languages: Iterable[str] = (),
    covers: str = "",
    what_it_takes: str = "",
    handling: str = "",
    organisation_id: UUID | None = None,
    linked_group_id: UUID | None = None,
    checked_on: date | None = None,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> ReportingChannel:
    """Add a channel under a name of its own, last among its equals unless `position` says otherwise.

    Raises Invalid; Refused `channel_exists`.
    """
    _check(name=name, url=url, country_id=country_id, is_eu_wide=is_eu_wide)
    if position is None:
        position = (ReportingChannel.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    _check_day(checked_on, at)
    channel = ReportingChannel.objects.create(
        name=name,
        kind=ChannelKind(kind),
        about=ChannelAbout(about),
        url=url,
        position=position,
        country_id=country_id,
        is_eu_wide=is_eu_wide,
        languages=list(languages),
        covers=covers,
        what_it_takes=what_it_takes,
        handling=handling,
        organisation_id=organisation_id,
        linked_group_id=linked_group_id,
        checked_on=checked_on,
        # Whoever enters a channel has just looked at it; a check proper says that it works.
        check_due_on=check_due(checked_on or at.date()),
        source=source,
        created_at=at,
    )
    record("reporting-channels.create", channel, actor=actor, at=at, changes={"name": [None, name], "url": [None, url]})
    return channel


@transaction.atomic
def update(
    *, channel_id: UUID, expected_version: int | None = None, actor: Actor, at: datetime, **fields: Any
) -> ReportingChannel:
    """Change what is said of a channel; a check is recorded by `check`. Raises Invalid, Refused, Stale."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    channel = _locked(channel_id, expected_version)
    changed = {name: value for name, value in fields.items() if getattr(channel, name) != value}
    if not changed:
        return channel
    after = {name: fields.get(name, getattr(channel, name)) for name in ("name", "url", "country_id", "is_eu_wide")}
    _check(**after, but=channel)
    return _write("update", channel, changed, actor=actor, at=at)


@transaction.atomic
def check(
    *, channel_id: UUID, checked_on: date | None = None, expected_version: int | None = None, actor: Actor, at: datetime
) -> ReportingChannel:
    """Record that the channel was seen to work, today unless said. Raises Invalid, Refused `channel_closed`, Stale."""
    channel = _locked(channel_id, expected_version)
    day = checked_on or at.date()
    _check_day(day, at)
    if channel.closed_on is not None:
        raise Refused("The channel takes no reports any more.", code="channel_closed")
    if channel.checked_on is not None and day < channel.checked_on:
        raise Invalid.at("/checked_on", "before_last_check", "It was checked later than that.")
    fields = {"checked_on": day, "check_due_on": check_due(day)}
    return _write("check", channel, fields, actor=actor, at=at)


@transaction.atomic
def close(
    *, channel_id: UUID, closed_on: date, expected_version: int | None = None, actor: Actor, at: datetime
) -> ReportingChannel:
    """Offer the channel no more from that day on. Raises Refused `channel_closed`, Stale."""
    channel = _locked(channel_id, expected_version)
    if channel.closed_on is not None:
        raise Refused("The channel takes no reports any more.", code="channel_closed")
    return _write("close", channel, {"closed_on": closed_on}, actor=actor, at=at)


@transaction.atomic
def record_count(
    *, channel_id: UUID, year: int, value: int, definition: str, source: str, actor: Actor, at: datetime
) -> ChannelCount:
    """Record how many reports a channel received in a year, with what was counted and where it stands.

    Raises Invalid for a year that has not ended, Refused `count_exists`.
    """
    if year >= at.year:
        raise Invalid.at("/year", "not_ended", "A year is counted when it has ended.")
    if ChannelCount.objects.filter(channel_id=channel_id, year=year, definition=definition).exists():
        raise Refused("There is a count of this year by this definition.", code="count_exists")
    row = ChannelCount.objects.create(
        channel_id=channel_id, year=year, value=value, definition=definition, source=source, created_at=at
    )
    changes: dict[str, list[Any]] = {"year": [None, year], "value": [None, value]}
    record("channel-counts.create", row, actor=actor, at=at, changes=changes)
    return row


@transaction.atomic
def correct_count(
    *, count_id: UUID, value: int, source: str, expected_version: int | None = None, actor: Actor, at: datetime
) -> ChannelCount:
    """Put a count right, with the source that says so; the log keeps the one before. Raises Stale."""
    row = ChannelCount.objects.filter(pk=count_id).first()
    if row is None:
        raise NotFound("There is no such count.")
    version = row.version if expected_version is None else expected_version
    changes: dict[str, list[Any]] = {"value": [row.value, value], "source": [row.source, source]}
    rows = ChannelCount.objects.filter(pk=count_id, version=version)
    if not rows.update(value=value, source=source, version=F("version") + 1):
        raise Stale("The count has changed since you read it.")
    row.refresh_from_db()
    record("channel-counts.update", row, actor=actor, at=at, changes=changes)
    return row


def _check(
    *, name: str, url: str, country_id: str | None, is_eu_wide: bool, but: ReportingChannel | None = None
) -> None:
    """Everything wrong at once; then that the name is free."""
    faults = []
    if not is_contact(url):
        message = "A web address, or a telephone number such as tel:112."
        faults.append(Fault("/contact", "invalid_contact", message))
    if is_eu_wide and country_id is not None:
        faults.append(Fault("/country", "country_and_union", "A channel of the whole Union has no country."))
    if faults:
        raise Invalid("The channel has faults; each is listed.", faults=tuple(faults))
    same = ReportingChannel.objects.filter(name=name)
    if (same if but is None else same.exclude(pk=but.pk)).exists():
        raise Refused("There is a channel of this name.", code="channel_exists")


def _check_day(day: date | None, at: datetime) -> None:
    if day is not None and day > at.date():
        raise Invalid.at("/checked_on", "in_future", "A check lies behind, not ahead.")


def _locked(channel_id: UUID, version: int | None) -> ReportingChannel:
    channel = ReportingChannel.objects.select_for_update(of=("self",)).filter(pk=channel_id).first()
    if channel is None:
        raise NotFound("There is no such channel.")
    if version is not None and channel.version != version:
        raise Stale("The channel has changed since you read it.")
    return channel


def _write(
    verb: str, channel: ReportingChannel, fields: dict[str, Any], *, actor: Actor, at: datetime
) -> ReportingChannel:
    """Compare and set, then record."""
    changes = {name: [getattr(channel, name), value] for name, value in fields.items()}
    rows = ReportingChannel.objects.filter(pk=channel.pk, version=channel.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale("The channel has changed since you read it.")
    channel.refresh_from_db()
    record(f"reporting-channels.{verb}", channel, actor=actor, at=at, changes=changes)
    return channel
