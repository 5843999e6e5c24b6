"""Questions about handovers."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from members.scope import OVERSIGHT, Role, Scope


class HandoverQuerySet(models.QuerySet):
    """Handovers."""

    def visible_to(self, scope: Scope) -> Self:
        """Those from or to the own organisation, and all for oversight."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        own = {hat.organisation_id for hat in scope.hats if hat.role is Role.LCR}
        return self.filter(Q(former__organisation__in=own) | Q(successor__organisation__in=own))

    def due_on(self, day: date) -> Self:
        """Whose day has come, and whose companies have not moved yet."""
        return self.filter(carried_out_at=None, effective_on__lte=day)
