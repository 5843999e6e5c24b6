"""Questions about imports."""

from __future__ import annotations

from typing import Self

from django.db import models

from members.imports.lifecycle import UNFINISHED
from members.scope import Role, Scope


class ImportQuerySet(models.QuerySet):
    """Questions about imports."""

    def visible_to(self, scope: Scope) -> Self:
        """The secretariat's work, seen by the secretariat."""
        return self.all() if scope.wears(Role.SECRETARIAT) else self.none()

    def unfinished(self) -> Self:
        """Those with rows that wait to be labelled or carried out."""
        return self.filter(state__in=UNFINISHED)
