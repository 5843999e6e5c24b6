"""Dated facts on two time axes.

`valid_from`/`valid_until`: when it was true in the world (both inclusive; null = open or unknown).
`recorded_at`/`superseded_at`: when the register believed it. A correction supersedes, it never edits,
so that what was known on a day stays knowable.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q


class DatedQuerySet(models.QuerySet):
    """Questions about when."""

    def current(self) -> Self:
        """What the register holds for true now."""
        return self.filter(superseded_at=None)

    def known_at(self, moment: datetime) -> Self:
        """What the register held for true at `moment`."""
        return self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment),
            recorded_at__lte=moment,
        )

    def on(self, day: date) -> Self:
        """Current rows that were true on `day`; an open end counts as true."""
        return self.current().filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gte=day),
        )


class DatedFact(models.Model):
    """Base of rows that are true for a time and believed for a time."""

    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_period_in_order",
            ),
        )
