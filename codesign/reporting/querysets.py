"""Questions about reports, years, questionnaires and what is owed."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from codesign.companies.querysets import seen_through
from codesign.reporting.lifecycle import EDITABLE
from members.scope import Role, Scope


class QuestionnaireQuerySet(models.QuerySet):
    """Versions of the questionnaire."""

    def visible_to(self, scope: Scope) -> Self:
        """Published versions for every caller with a login; drafts for the secretariat alone."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        return self.filter(published_at__isnull=False) if scope.user_id or scope.token_id else self.none()

    def published(self) -> Self:
        """Those that a year may use."""
        return self.exclude(published_at=None)


class QuestionQuerySet(models.QuerySet):
    """Questions of questionnaires."""

    def in_order(self) -> Self:
        """As they are asked."""
        return self.order_by("position", "pk")


class ReportingYearQuerySet(models.QuerySet):
    """Reporting years."""

    def visible_to(self, scope: Scope) -> Self:
        """Every caller with a login: the calendar is no secret."""
        return self.all() if scope.user_id or scope.token_id else self.none()

    def open_on(self, day: date) -> Self:
        """Opened by `day`; a year never closes, late reports are wanted too."""
        return self.filter(opens_on__lte=day)


class ExtensionQuerySet(models.QuerySet):
    """Extensions of due dates."""

    def visible_to(self, scope: Scope) -> Self:
        """Those for everyone or a country: every caller with a login; those for a company: whoever sees it."""
        if not (scope.user_id or scope.token_id):
            return self.none()
        return self.filter(Q(company=None) | seen_through(scope, company="company"))

    def in_force(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at=None)


class ObligationQuerySet(models.QuerySet):
    """Which membership owes which year's report, and until when."""

    def owed(self, on: date) -> Self:
        """Of years opened by `on` and of memberships that had not ended then."""
        return self.filter(
            Q(membership__ended_on=None) | Q(membership__ended_on__gt=on), reporting_year__opens_on__lte=on
        )

    def unsubmitted(self, on: date) -> Self:
        """Without a first submission by `on`."""
        return self.filter(Q(fulfilled_on=None) | Q(fulfilled_on__gt=on))

    def lapsed(self, on: date) -> Self:
        """Lapsed by `on`, whether or not a report came in afterwards."""
        return self.filter(
            Q(fulfilled_on=None) | Q(fulfilled_on__gte=models.F("lapses_on")) | Q(fulfilled_on__gt=on),
            lapses_on__lte=on,
        )


class ReportQuerySet(models.QuerySet):
    """Reports of companies."""

    def visible_to(self, scope: Scope) -> Self:
        """Own tree, countries of the mandate, or all; totals-only readers and other roles none."""
        return self.filter(seen_through(scope, company="company"))

    def locked(self) -> Self:
        """With a lock on the reports themselves until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def editable(self) -> Self:
        """While the company still writes."""
        return self.filter(state__in=EDITABLE)

    def submitted(self) -> Self:
        """Handed in at least once."""
        return self.exclude(first_submitted_at=None)


class AnswerQuerySet(models.QuerySet):
    """Answers of reports."""

    def visible_to(self, scope: Scope) -> Self:
        """As the report; an auditor reads decisions, never answers."""
        readers = scope.narrowed(scope.roles - {Role.AUDITOR})
        return self.filter(seen_through(readers, company="report__company"))

    def of(self, report_id: UUID) -> Self:
        """Those of one report, in the order of its questions."""
        return self.filter(report=report_id).order_by("question__position", "pk")
