"""Questions about reporting channels."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from members.channels.rules import ChannelAbout, ChannelKind
from members.scope import OVERSIGHT, Role, Scope


class ChannelQuerySet(models.QuerySet):
    """Questions about reporting channels."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for everybody: whoever sees something must find them."""
        return self.all() if scope.hats else self.none()

    def kept_by(self, scope: Scope) -> Self:
        """Those that the caller keeps: all for the secretariat, else the ones of its mandate's countries."""
        return self.all() if scope.wears(Role.SECRETARIAT) else self.filter(country_id__in=scope.countries)

    def open_on(self, day: date) -> Self:
        """Those that take reports on that day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def with_staleness(self, *, on: date) -> Self:
        """Add `is_stale`: nobody has checked it for six months."""
        is_stale = Case(When(check_due_on__lte=on, then=Value(True)), default=False, output_field=models.BooleanField())
        return self.annotate(is_stale=is_stale)

    def with_shown_organisation(self, scope: Scope) -> Self:
        """Add `shown_organisation_id` and `shown_organisation_name`: null for who may not know an unlisted one."""
        is_shown = Q() if scope.wears(*OVERSIGHT) else Q(organisation__is_listed=True)
        is_shown |= Q(organisation_id__in=scope.organisations())
        return self.annotate(
            shown_organisation_id=Case(When(is_shown, then=F("organisation_id"))),
            shown_organisation_name=Case(When(is_shown, then=F("organisation__name"))),
        )

    def public_on(self, day: date) -> Self:
        """Rows by which the organisation that runs a channel is public."""
        return self.open_on(day).exclude(organisation=None)

    def for_report(self, *, countries: tuple[str, ...], about: ChannelAbout) -> Self:
        """Channels that may serve a report that touches these countries: theirs and those of everywhere."""
        subject = Q(about=about) | Q(kind__in=(ChannelKind.EMERGENCY, ChannelKind.ROUTER))
        return self.filter(subject, Q(country=None) | Q(country_id__in=countries))


class ChannelCountQuerySet(models.QuerySet):
    """Questions about yearly counts of reports."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for everybody: they were published."""
        return self.all() if scope.hats else self.none()

    def kept_by(self, scope: Scope) -> Self:
        """Those of the channels that the caller keeps."""
        channels = self.model._meta.get_field("channel").related_model.objects
        return self.filter(channel__in=channels.kept_by(scope))
