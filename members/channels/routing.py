"""Find the channels for a report, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.channels.models import ReportingChannel
from members.channels.rules import ChannelAbout, ChannelReason, Place, rank, reason_for
from members.countries.models import Country


@dataclass(frozen=True)
class Choice:
    """One channel to turn to and why; without a channel where only the local police can help."""

    channel: ReportingChannel | None
    reason: ChannelReason
    is_stale: bool = False


def find(*, event: Country, residence: Country | None, about: ChannelAbout, on: date) -> list[Choice]:
    """Choices in the order in which to try them: immediate danger first, the router last.

    After the router come those that nobody has checked for six months. One query.
    """
    event_place = Place(event.code, event.is_eu)
    home = Place(residence.code, residence.is_eu) if residence else None
    countries = (event.code, *((residence.code,) if residence else ()))
    channels = ReportingChannel.objects.for_report(countries=countries, about=about).open_on(on)
    choices = [
        Choice(channel, reason, channel.check_due_on <= on)
        for channel in channels.order_by("position", "pk")
        if (
            reason := reason_for(
                kind=channel.kind,
                country=channel.country_id,
                is_eu_wide=channel.is_eu_wide,
                event=event_place,
                residence=home,
            )
        )
    ]
    if not any(choice.reason is ChannelReason.IMMEDIATE_DANGER for choice in choices):
        choices.append(Choice(None, ChannelReason.IMMEDIATE_DANGER))
    return sorted(choices, key=lambda choice: rank(choice.reason, is_stale=choice.is_stale))
