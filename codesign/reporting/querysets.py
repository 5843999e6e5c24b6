"""Questions about reports, years, questionnaires and what is owed."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from codesign.companies.querysets import seen_through
from codesign.reporting.lifecycle import EDITABLE, SliceState
from members.scope import Role, Scope

# What the token of a link may do, and nothing else.
RETURN_LINK_SCOPES = frozenset({"returns:write"})


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

    def visible_to(self, scope: Scope) -> Self:
        """Own tree, countries of the mandate, or all."""
        return self.filter(seen_through(scope, company="company"))

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


class SiteReturnQuerySet(models.QuerySet):
    """Returns of sites."""

    def visible_to(self, scope: Scope) -> Self:
        """As the report; own sites; once handed in also sites of the mandate's countries; a link its own.

        A token that was made for one return opens that one alone.
        """
        if scope.token_scopes == RETURN_LINK_SCOPES:
            return self.filter(links__token=scope.token_id)
        seen = seen_through(scope, company="report__company") | seen_through(scope, company="site__company")
        if scope.sites:
            seen |= Q(site__in=scope.sites)
        if scope.countries:
            seen |= Q(country__in=scope.countries, report__slices__country=models.F("country"))
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def locked(self) -> Self:
        """With a lock on the returns themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")


class ReturnLinkQuerySet(models.QuerySet):
    """Links to returns."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the own companies, or all."""
        return self.filter(seen_through(scope, company="site_return__report__company"))


class ReportSliceQuerySet(models.QuerySet):
    """Slices of groups' reports."""

    def visible_to(self, scope: Scope) -> Self:
        """Own tree, slices of the mandate's countries, all of a report that the caller leads, or all."""
        seen = seen_through(scope, company="report__company")
        if scope.countries:
            seen |= Q(country__in=scope.countries)
        return self.filter(seen)

    def locked(self) -> Self:
        """With a lock on the slices themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def silent_on(self, day: date) -> Self:
        """Waiting so long that the lead decides."""
        return self.filter(state=SliceState.SUBMITTED, passed_at=None, is_lead=False, passes_on__lte=day)


class ContributionQuerySet(models.QuerySet):
    """What reports add to the indicators."""

    def without_suspicions(self) -> Self:
        """Without what was passed on: never shown per company."""
        return self.filter(is_passed_on=False)

    def visible_to(self, scope: Scope) -> Self:
        """What the caller may count: sites of the mandate's countries, or all."""
        if scope.wears(Role.SECRETARIAT, Role.EVALUATOR):
            return self.all()
        return self.filter(country__in=scope.countries)


class AnswerQuerySet(models.QuerySet):
    """Answers of reports."""

    def visible_to(self, scope: Scope) -> Self:
        """As the report; an auditor reads decisions, never answers."""
        readers = scope.narrowed(scope.roles - {Role.AUDITOR})
        return self.filter(seen_through(readers, company="report__company"))

    def of(self, report_id: UUID) -> Self:
        """Those of one report, in the order of its questions."""
        return self.filter(report=report_id).order_by("question__position", "pk")
