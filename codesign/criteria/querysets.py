"""Questions about criteria and planned actions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from codesign.companies.querysets import seen_through
from members.scope import Scope


class CriterionQuerySet(models.QuerySet):
    """Wordings of the criteria."""

    def on(self, day: date) -> Self:
        """The wording in force on `day`: one row per criterion."""
        newest = self.model.objects.filter(number=OuterRef("number"), effective_from__lte=day)
        return self.filter(pk=Subquery(newest.order_by("-effective_from", "-version").values("pk")[:1]))


class ActionTemplateQuerySet(models.QuerySet):
    """Versions of the templates of plans."""

    def on(self, day: date) -> Self:
        """What plans propose on `day`: the newest version of each, without those that were given up."""
        began = Q(effective_from=None) | Q(effective_from__lte=day)
        newest = self.model.objects.filter(began, code=OuterRef("code")).order_by("-version")
        return self.filter(pk=Subquery(newest.values("pk")[:1]), is_active=True)

    def proposed_to(self, category: str) -> Self:
        """To companies of a category: its own and everybody's."""
        return self.filter(category__in=("", category))


class PlanActionQuerySet(models.QuerySet):
    """Actions of plans."""

    def visible_to(self, scope: Scope) -> Self:
        """As the membership; also the own site's for its editor."""
        seen = seen_through(scope, company="membership__company", membership="membership")
        return self.filter(seen | Q(site__in=scope.sites) if scope.sites else seen)

    def open_on(self, day: date) -> Self:
        """Planned and not done by the end of `day`."""
        return self.filter(Q(done_on=None) | Q(done_on__gt=day))

    def overdue_on(self, day: date) -> Self:
        """Open on `day` and due before it."""
        return self.open_on(day).filter(due_on__lt=day)


class PlanEvidenceQuerySet(models.QuerySet):
    """Evidence of actions."""

    def visible_to(self, scope: Scope) -> Self:
        """As the action."""
        seen = seen_through(scope, company="action__membership__company", membership="action__membership")
        return self.filter(seen | Q(action__site__in=scope.sites) if scope.sites else seen)

    def standing(self) -> Self:
        """What was not redacted."""
        return self.filter(redacted_at=None)
