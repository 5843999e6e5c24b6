"""Questions about contacts."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from members.scope import COMPANY_ROLES, Role, Scope

KEEPERS = (*COMPANY_ROLES, Role.MEMBER_GROUP, Role.STOP_PARTNER, Role.LCR)


class ContactQuerySet(models.QuerySet):
    """Questions about contacts."""

    def visible_to(self, scope: Scope) -> Self:
        """Own contacts; the Local Code Representative those of its countries; the secretariat all. Never public."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        own = Q(organisation_id__in=scope.organisations(*KEEPERS))
        return self.filter(own | Q(organisation__country_id__in=scope.countries))

    def on(self, day: date) -> Self:
        """Contacts whose period holds that day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def live(self, on: date) -> Self:
        """Contacts that can be written to on that day: in their period and not on hold."""
        return self.on(on).filter(on_hold_since=None)
