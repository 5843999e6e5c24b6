"""Questions about notices."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

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

    def to_live_contacts(self) -> Self:
        """Without mails to a contact that had ended or was on hold when they went out; an erased one was live."""
        gone = Q(contact__valid_until__lt=TruncDate("sent_at")) | Q(contact__on_hold_since__lt=F("sent_at"))
        return self.exclude(Q(channel="email") & gone)

    def in_order(self) -> Self:
        """As they went out."""
        return self.order_by("sent_at", "pk")
