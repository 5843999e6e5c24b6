"""Questions about initiatives and trainings. They are public; an organisation that is unlisted is not named in them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, F, Q, UUIDField, Value, When

from members.initiatives.lifecycle import InitiativeRole
from members.scope import OVERSIGHT, Role, Scope

KEEPERS = (Role.MEMBER_GROUP, Role.STOP_PARTNER)


def own_organisations(scope: Scope) -> frozenset[UUID]:
    """Organisations for which the caller keeps initiatives and trainings."""
    return scope.organisations(*KEEPERS)


def _nameable(scope: Scope) -> Q:
    """Organisations that may be shown to the caller: unlisted ones only to themselves and to staff."""
    return Q(organisation__is_listed=True) | Q(organisation_id__in=scope.organisations())


class _PublishedQuerySet(models.QuerySet):
    """Rows that everybody reads who reads rows at all."""

    def visible_to(self, scope: Scope) -> Self:
        """All; readers of totals see no row."""
        return self.none() if scope.roles <= {Role.EVALUATOR} else self.all()

    def in_years(self, years: list[int]) -> Self:
        """Those known to touch one of these years; what has no date is in none."""
        touching = Q(pk__in=())
        for year in years:
            touching |= Q(earliest_on__lte=date(year, 12, 31), latest_on__gte=date(year, 1, 1))
        return self.filter(touching)


class InitiativeQuerySet(_PublishedQuerySet):
    """Questions about initiatives."""

    def kept_by(self, scope: Scope) -> Self:
        """Those that the caller may change: the secretariat all, others those in which they are lead."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        participants = self.model._meta.get_field("participants").related_model.objects
        own = participants.filter(role=InitiativeRole.LEAD, organisation_id__in=own_organisations(scope))
        return self.filter(pk__in=own.values("initiative_id"))


class _NamingQuerySet(models.QuerySet):
    """Rows that name an organisation beside the row `whole` that they are part of."""

    whole: str

    def visible_to(self, scope: Scope) -> Self:
        """Those whose organisation may be shown to the caller; who keeps the whole sees all its parts."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        seen = _nameable(scope)
        if scope.wears(*KEEPERS):
            kept = self.model._meta.get_field(self.whole).related_model.objects.kept_by(scope)
            seen |= Q(**{f"{self.whole}__in": kept})
        return self.filter(seen)

    def public_on(self, day: date) -> Self:
        """Rows by which an organisation is public; what was published once stays so."""
        return self.all()


class ParticipantQuerySet(_NamingQuerySet):
    """Questions about who is in an initiative."""

    whole = "initiative"


class PartnerQuerySet(_NamingQuerySet):
    """Questions about with whom a training was given."""

    whole = "training"


class TrainingQuerySet(_PublishedQuerySet):
    """Questions about trainings."""

    def kept_by(self, scope: Scope) -> Self:
        """Those that the caller may change: the secretariat all, others those that they gave."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        return self.filter(given_by_id__in=own_organisations(scope))

    def with_shown_giver(self, scope: Scope) -> Self:
        """Add `shown_giver_id` and `shown_giver_name`: null where the organisation may not be shown."""
        if scope.wears(*OVERSIGHT):
            return self.annotate(shown_giver_id=F("given_by_id"), shown_giver_name=F("given_by__name"))
        shown = Q(given_by__is_listed=True) | Q(given_by_id__in=scope.organisations())

        def where(column: str, kind: Any) -> Case:
            return Case(When(shown, then=F(column)), default=Value(None), output_field=kind)

        return self.annotate(
            shown_giver_id=where("given_by_id", UUIDField()), shown_giver_name=where("given_by__name", CharField())
        )

    def public_on(self, day: date) -> Self:
        """Rows by which the organisation that gave them is public."""
        return self.exclude(given_by=None).annotate(organisation_id=F("given_by_id"))
