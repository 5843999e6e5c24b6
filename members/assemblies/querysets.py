"""Questions about assemblies: who may read and keep them, who came, who holds a seat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from members.scope import OVERSIGHT, Role, Scope
from registry.kernel.facts import DatedQuerySet
from registry.kernel.sql import count_of

NETWORK = "network"
MEMBER = "member"
ADOPTED = "adopted"


def _own(scope: Scope) -> frozenset[Any]:
    """The organisations for which the caller reads what is not public."""
    return scope.organisations(Role.MEMBER_GROUP, Role.LCR)


class AssemblyQuerySet(models.QuerySet):
    """Questions about assemblies."""

    def visible_to(self, scope: Scope) -> Self:
        """Public, but for those of an organisation that is unlisted for its safety; none for readers of totals."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        return self.filter(Q(organisation__is_listed=True) | Q(organisation_id__in=scope.organisations()))

    def attended_by(self, scope: Scope) -> Self:
        """Those whose votes the caller may look into: held by the own organisation, or with it registered."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        participations = self.model._meta.get_field("participations").related_model.objects
        registered = participations.filter(organisation_id__in=_own(scope)).values("assembly_id")
        return self.filter(Q(organisation_id__in=_own(scope)) | Q(pk__in=registered))

    def kept_by(self, scope: Scope) -> Self:
        """Those that the caller keeps: all for the secretariat, its own for a member group; the network's never."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        return self.filter(kind=MEMBER, organisation_id__in=scope.organisations(Role.MEMBER_GROUP))

    def in_years(self, years: Iterable[int]) -> Self:
        """Those that may have begun in one of these years."""
        begun = Q(pk__in=())
        for year in years:
            begun |= Q(starts_earliest__lte=date(year, 12, 31), starts_latest__gte=date(year, 1, 1))
        return self.filter(begun)

    def with_registered(self) -> Self:
        """Add `registered_count`. One subquery."""
        participations = self.model._meta.get_field("participations").related_model.objects
        return self.annotate(registered_count=count_of(participations.all(), by="assembly"))

    def public_on(self, day: date) -> Self:
        """Rows by which an organisation is public on that day."""
        return self.filter(starts_earliest__lte=day)


class AssemblyParticipationQuerySet(models.QuerySet):
    """Questions about who came to an assembly."""

    def visible_to(self, scope: Scope) -> Self:
        """Own ones, all of an own assembly, and the listed ones of an assembly where the own organisation was."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        own = _own(scope)
        beside = self.model.objects.filter(organisation_id__in=own).values("assembly_id")
        seen = Q(organisation_id__in=own) | Q(assembly__organisation_id__in=own)
        return self.filter(seen | Q(assembly_id__in=beside, organisation__is_listed=True))


class ResolutionQuerySet(models.QuerySet):
    """Questions about resolutions."""

    def visible_to(self, scope: Scope) -> Self:
        """The network's adopted ones are public; the others are its members', a member's own are its own."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        seen = Q(assembly__kind=NETWORK, assembly__organisation__is_listed=True)
        if not scope.wears(Role.MEMBER_GROUP, Role.LCR):
            seen &= Q(result=ADOPTED)
        return self.filter(seen | Q(assembly__organisation_id__in=_own(scope)))

    def kept_by(self, scope: Scope) -> Self:
        """Those of assemblies that the caller keeps."""
        assemblies = self.model._meta.get_field("assembly").related_model.objects
        return self.filter(assembly__in=assemblies.kept_by(scope).values("pk"))


class CommitteeSeatsQuerySet(DatedQuerySet):
    """Questions about the seats of the regions."""

    def visible_to(self, scope: Scope) -> Self:
        """Public; none for readers of totals."""
        return self.none() if scope.roles <= {Role.EVALUATOR} else self.all()

    def with_held(self, *, on: date) -> Self:
        """Add `held_count`: holders of the region on that day, listed or not. One subquery."""
        terms = self.model._meta.get_field("region").related_model.committee_terms.rel.related_model.objects
        return self.annotate(held_count=count_of(terms.on(on), by="region", of="region"))


class CommitteeTermQuerySet(models.QuerySet):
    """Questions about who holds a seat."""

    def visible_to(self, scope: Scope) -> Self:
        """Public, but for organisations unlisted for their safety; none for readers of totals."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        return self.filter(Q(organisation__is_listed=True) | Q(organisation_id__in=scope.organisations()))

    def on(self, day: date) -> Self:
        """Terms that hold that day."""
        return self.sharing_a_day(day, day)

    def sharing_a_day(self, start: date, end: date | None) -> Self:
        """Terms that share a day with `start` to `end`; None is open."""
        begun = Q() if end is None else Q(starts_on__lte=end)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gte=start))
