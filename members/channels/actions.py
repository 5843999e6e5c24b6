"""Changes of the reporting channels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from members.channels.models import ReportingChannel
from members.channels.rules import ChannelAbout, ChannelKind
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import Refused


@transaction.atomic
def register(
    *,
    name: str,
    kind: str,
    about: str,
    url: str,
    position: int,
    country_id: str | None = None,
    is_eu_wide: bool = False,
    covers: str = "",
    what_it_takes: str = "",
    handling: str = "",
    organisation_id: UUID | None = None,
    linked_group_id: UUID | None = None,
    source: str = "",
    actor: Actor,
    at: datetime,
) -> ReportingChannel:
    """Add a channel under a name of its own."""
    if ReportingChannel.objects.filter(name=name).exists():
        raise Refused("There is a channel of this name.", code="channel_exists")
    channel = ReportingChannel.objects.create(
        name=name,
        kind=ChannelKind(kind),
        about=ChannelAbout(about),
        url=url,
        position=position,
        country_id=country_id,
        is_eu_wide=is_eu_wide,
        covers=covers,
        what_it_takes=what_it_takes,
        handling=handling,
        organisation_id=organisation_id,
        linked_group_id=linked_group_id,
        source=source,
        created_at=at,
    )
    record("reporting-channels.create", channel, actor=actor, at=at, changes={"name": [None, name], "url": [None, url]})
    return channel
