"""Questions about rules and occurrences."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When

from codesign.companies.querysets import seen_through
from codesign.reminders.lifecycle import OccurrenceState
from members.scope import COMPANY_ROLES, Role, Scope


class RuleQuerySet(models.QuerySet):
    """Rules by code and time."""

    def visible_to(self, scope: Scope) -> Self:
        """Rules hold no one's rows: everybody who may ask reads all."""
        return self.all() if scope.hats else self.none()

    def in_force(self, *, on: date) -> Self:
        """Of each code the newest version that took effect by `on`, when it is switched on."""
        newest = (
            self.model.objects.filter(code=OuterRef("code"), effective_from__lte=on)
            .order_by("-effective_from", "-version")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest), is_active=True).order_by("code", "pk")


class OccurrenceQuerySet(models.QuerySet):
    """Occurrences."""

    def visible_to(self, scope: Scope) -> Self:
        """Those about companies that the caller sees; an auditor reads decisions, not mails."""
        roles = scope.roles - {Role.AUDITOR}
        return self.filter(seen_through(scope.narrowed(roles), company="organisation__company"))

    def waiting(self) -> Self:
        """Neither handed over nor given up."""
        return self.filter(state=OccurrenceState.DUE)

    def about(self, subject_id: UUID) -> Self:
        """Of one subject."""
        return self.filter(subject_id=subject_id)

    def with_recipient_email(self, scope: Scope) -> Self:
        """Add `recipient_email`: for staff, and for a company the addresses of its own organisation; else None."""
        if scope.wears(Role.SECRETARIAT, Role.LCR):
            return self.annotate(recipient_email=F("contact__email"))
        own = Q(contact__organisation__in=scope.organisations(*COMPANY_ROLES))
        return self.annotate(
            recipient_email=Case(When(own, then=F("contact__email")), default=Value(None), output_field=CharField())
        )
