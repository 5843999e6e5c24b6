"""Questions about notices."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from codesign.companies.querysets import seen_through
from members.scope import Scope


class NoticeQuerySet(models.QuerySet):
    """Notices by membership, kind and time."""

    def visible_to(self, scope: Scope) -> Self:
        """As the membership."""
        return self.filter(seen_through(scope, company="membership__company", membership="membership"))

    def sent_after(self, moment: datetime) -> Self:
        """Handed over after `moment`."""
        return self.filter(sent_at__gt=moment)

    def in_order(self) -> Self:
        """As they went out."""
        return self.order_by("sent_at", "pk")
