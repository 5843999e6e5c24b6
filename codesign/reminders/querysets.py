"""Questions about rules, occurrences and what bears on them."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from codesign.companies.querysets import seen_through
from codesign.reminders.lifecycle import WAITING, OccurrenceState
from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope

_NOTHING = Q(pk__in=())


class RuleQuerySet(models.QuerySet):
    """Rules by code and time."""

    def visible_to(self, scope: Scope) -> Self:
        """Rules hold no one's rows: whoever may ask reads all that were published; the secretariat drafts too."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        return self.published() if scope.hats else self.none()

    def published(self) -> Self:
        """Every version that counts or counted once."""
        return self.exclude(published_at=None)

    def running(self) -> Self:
        """Published, and stopped neither by a person nor by itself."""
        return self.published().filter(paused_at=None, held_at=None)


class PauseQuerySet(models.QuerySet):
    """The switch for everything."""

    def open(self) -> Self:
        """While nothing may leave."""
        return self.filter(resumed_at=None)


class OccurrenceQuerySet(models.QuerySet):
    """Occurrences."""

    def visible_to(self, scope: Scope) -> Self:
        """Those about companies that the caller sees, and of its own body; an auditor reads decisions, not mails."""
        scope = scope.narrowed(scope.roles - {Role.AUDITOR})
        seen = seen_through(scope, company="organisation__company")
        if own := scope.organisations(Role.LCR):
            seen |= Q(organisation__in=own)
        return self.filter(seen)

    def waiting(self) -> Self:
        """Planned or due: nobody has it in hand."""
        return self.filter(state__in=WAITING)

    def due(self) -> Self:
        """Due, and in no mail yet."""
        return self.filter(state=OccurrenceState.DUE, letter=None)

    def about(self, subject_id: UUID) -> Self:
        """Of one subject."""
        return self.filter(subject_id=subject_id)

    def unreachable(self) -> Self:
        """Nobody holds the role, or all its holders are on hold: the representative's task, until somebody does.

        One row per step that nobody got; the newest of a subject says enough.
        """
        return self.filter(state=OccurrenceState.SUPPRESSED, reason="no_contact")

    def with_recipient_email(self, scope: Scope) -> Self:
        """Add `recipient_email`: for staff, and for a company the addresses of its own organisation; else None."""
        if scope.wears(Role.SECRETARIAT, Role.LCR):
            return self.annotate(recipient_email=F("contact__email"))
        own = Q(contact__organisation__in=scope.organisations(*COMPANY_ROLES))
        return self.annotate(
            recipient_email=Case(When(own, then=F("contact__email")), default=Value(None), output_field=CharField())
        )


class ClosedPeriodQuerySet(models.QuerySet):
    """Days on which a company or a site is closed."""

    def visible_to(self, scope: Scope) -> Self:
        """As the company."""
        return self.filter(seen_through(scope, company="company"))


class FeedQuerySet(models.QuerySet):
    """Calendar feeds."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the caller's own organisations; the secretariat's all."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        own = scope.organisations(*COMPANY_ROLES, Role.LCR)
        return self.filter(Q(organisation__in=own) if own else _NOTHING)

    def live(self, moment: datetime) -> Self:
        """Not revoked by `moment`."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=moment))
