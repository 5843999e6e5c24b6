"""Questions about agreements: who may read them, when they hold, which run out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Q, Value, When

from members.agreements.lifecycle import HELD, RUNNING, AgreementState
from members.organisations.models import OrganisationKind
from members.scope import OVERSIGHT, Role, Scope


class AgreementQuerySet(models.QuerySet):
    """Questions about agreements."""

    def visible_to(self, scope: Scope) -> Self:
        """Own ones; for a representative also those with a company of its countries. Nothing else."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        parties = self.model._meta.get_field("parties").related_model.objects
        seen = Q(organisation_id__in=scope.organisations(Role.MEMBER_GROUP, Role.LCR))
        if scope.wears(Role.LCR):
            seen |= Q(organisation__kind=OrganisationKind.COMPANY, organisation__country_id__in=scope.countries)
        return self.filter(pk__in=parties.filter(seen).values("agreement_id"))

    def with_party(self, organisation_ids: Iterable[UUID]) -> Self:
        """Those with any of these organisations among their parties."""
        parties = self.model._meta.get_field("parties").related_model.objects
        return self.filter(pk__in=parties.filter(organisation_id__in=organisation_ids).values("agreement_id"))

    def possibly_on(self, day: date) -> Self:
        """Signed ones whose period may hold that day."""
        return self.exclude(state=AgreementState.DRAFT).filter(starts_earliest__lte=day, ends_latest__gte=day)

    def on(self, day: date) -> Self:
        """Those in force on that day, beyond doubt."""
        return self.filter(state__in=HELD, starts_latest__lte=day, ends_earliest__gte=day)

    def with_certainty(self, *, on: date) -> Self:
        """Add `is_uncertain`: nothing proves that it was in force on that day."""
        proven = Q(state__in=HELD, starts_latest__lte=on, ends_earliest__gte=on)
        return self.annotate(
            is_uncertain=Case(When(proven, then=Value(False)), default=True, output_field=models.BooleanField())
        )

    def expiring(self, *, on: date, within_days: int) -> Self:
        """Running ones that may end from that day to `within_days` later; one without a known end never does.

        One whose renewal nobody has signed yet still runs out.
        """
        last = on + timedelta(days=within_days)
        running = Q(state__in=RUNNING) | Q(state=AgreementState.RENEWED, renewal__state=AgreementState.DRAFT)
        return self.filter(running, ends_earliest__lte=last, ends_latest__gte=on).exclude(ends_on="")
