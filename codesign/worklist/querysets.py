"""Questions about what was put off and what was talked about: for officers alone."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from codesign.companies.querysets import seen_through
from members.scope import Role, Scope


def _officers(scope: Scope) -> Scope:
    """The caller as an officer: what officers note is not for the company, nor for an auditor."""
    return scope.narrowed(scope.roles & {Role.LCR, Role.SECRETARIAT})


class SnoozeQuerySet(models.QuerySet):
    """Work that was put off."""

    def asleep_on(self, day: date) -> Self:
        """Not to be shown before a later day."""
        return self.filter(until__gt=day, woken_at=None)


class ContactLogQuerySet(models.QuerySet):
    """Calls, visits and what was agreed."""

    def visible_to(self, scope: Scope) -> Self:
        """Representatives of the company's country and the secretariat; never the company."""
        return self.filter(seen_through(_officers(scope), company="company"))

    def open_steps(self, by: date) -> Self:
        """Next steps that were due by `by` and not settled."""
        return self.filter(Q(next_step_due_on__lte=by), next_step_settled_on=None)
