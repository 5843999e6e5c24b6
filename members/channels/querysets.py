"""Questions about reporting channels."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from members.channels.rules import ChannelAbout, ChannelKind
from members.scope import Scope


class ChannelQuerySet(models.QuerySet):
    """Questions about reporting channels."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for everybody: whoever sees something must find them."""
        return self.all() if scope.hats else self.none()

    def public_on(self, day: date) -> Self:
        """Rows by which the organisation that runs a channel is public; channels are not dated."""
        return self.exclude(organisation=None)

    def for_report(self, *, countries: tuple[str, ...], about: ChannelAbout) -> Self:
        """Channels that may serve a report that touches these countries: theirs and those of everywhere."""
        subject = Q(about=about) | Q(kind__in=(ChannelKind.EMERGENCY, ChannelKind.ROUTER))
        return self.filter(subject, Q(country=None) | Q(country_id__in=countries))
