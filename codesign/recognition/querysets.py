"""Questions about certificates and awards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from codesign.companies.querysets import seen_through
from members.scope import Scope

if TYPE_CHECKING:
    from codesign.recognition.models import RecognitionRule


class RecognitionRuleQuerySet(models.QuerySet["RecognitionRule"]):
    """The numbers of recognition."""

    def in_force(self, day: date) -> RecognitionRule:
        """The rule of `day`; the defaults of the model while nobody wrote another."""
        return self.newest_on(day).first() or self.model(effective_from=day)

    def newest_on(self, day: date) -> Self:
        """Rules in effect by `day`, the one in force first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-pk")


class _OfMembership(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """As the membership."""
        return self.filter(seen_through(scope, company="membership__company", membership="membership"))

    def locked(self) -> Self:
        """With a lock on the rows themselves, in key order, until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_on=None)


class CertificateQuerySet(_OfMembership):
    """Certificates."""


class AwardQuerySet(_OfMembership):
    """Awards."""

    def public_on(self, day: date) -> Self:
        """Given by `day` and not withdrawn then. One that was given in error leaves no trace, for past days neither."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), given_on__lte=day, was_in_error=False)
