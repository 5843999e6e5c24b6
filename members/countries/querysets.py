"""Questions about countries and regions."""

from __future__ import annotations

from typing import Self

from django.db import models

from members.scope import Scope


class RegionQuerySet(models.QuerySet):
    """Regions: reference data that everybody reads."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may ask at all."""
        return self.all() if scope.hats else self.none()


class CountryQuerySet(models.QuerySet):
    """Countries: reference data that everybody reads."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may ask at all."""
        return self.all() if scope.hats else self.none()
