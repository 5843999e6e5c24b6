"""Questions about imports."""

from __future__ import annotations

from typing import Self

from django.db import models

from members.imports.lifecycle import UNFINISHED
from members.scope import Role, Scope


class ImportQuerySet(models.QuerySet):
    """Questions about imports."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat all; a representative its own."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        is_officer = bool(scope.wears(Role.LCR) and scope.user_id and scope.countries)
        return self.filter(countries__isnull=False, actor_id=scope.user_id) if is_officer else self.none()

    def unfinished(self) -> Self:
        """Those with rows that wait to be labelled or carried out."""
        return self.filter(state__in=UNFINISHED)
