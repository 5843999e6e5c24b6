"""Questions about endorsements and rules of procedure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, cast

from django.db import models

from codesign.companies.querysets import seen_through
from members.scope import Scope

if TYPE_CHECKING:
    from codesign.standing.models import ProcessRule


class EndorsementQuerySet(models.QuerySet):
    """Endorsements."""

    def pending(self, *, move: str, after_version: int) -> Self:
        """Given to `move` since the newest decision, oldest first."""
        return self.filter(move=move, after_version=after_version).order_by("endorsed_at", "pk")


class ProcessRuleQuerySet(models.QuerySet):
    """Rules of procedure."""

    def in_force(self, day: date) -> ProcessRule:
        """The rule of `day`; the defaults of the model while nobody wrote another."""
        found = self.filter(effective_from__lte=day).order_by("-effective_from", "-pk").first()
        return cast("ProcessRule", found or self.model(effective_from=day))


class _OfMemberships(models.QuerySet):
    """Rows that hang on a membership."""

    def visible_to(self, scope: Scope) -> Self:
        """As the membership."""
        return self.filter(seen_through(scope, company="membership__company", membership="membership"))


class ProposalQuerySet(_OfMemberships):
    """Proposals."""

    def open(self) -> Self:
        """Waiting for a person."""
        return self.filter(state="open")


class AppealQuerySet(_OfMemberships):
    """Appeals."""

    def open(self) -> Self:
        """Waiting for a decision."""
        return self.filter(state="lodged")


class ReviewQuerySet(_OfMemberships):
    """Reviews."""

    def open(self) -> Self:
        """Not concluded."""
        return self.filter(outcome="")
