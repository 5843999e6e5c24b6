"""Questions about notices."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope


class NoticeQuerySet(models.QuerySet):
    """Notices by membership, kind and time."""

    def visible_to(self, scope: Scope) -> Self:
        """Oversight sees all, an LCR its countries' members, a company what it was sent; the rest nothing."""
        if scope.wears(*OVERSIGHT):
            return self
        own = scope.organisations(*COMPANY_ROLES, Role.APPLICANT)
        return self.filter(
            Q(membership__company__in=own) | Q(membership__company__organisation__country__in=scope.countries)
        )

    def sent_after(self, moment: datetime) -> Self:
        """Handed over after `moment`."""
        return self.filter(sent_at__gt=moment)

    def in_order(self) -> Self:
        """As they went out."""
        return self.order_by("sent_at", "pk")
