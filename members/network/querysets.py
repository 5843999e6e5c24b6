"""Questions about memberships, groups and mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Q, Value, When

from members.network.lifecycle import PARTNERS, MandateState
from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope
from registry.kernel.facts import DatedQuerySet
from registry.kernel.sql import count_of


class MembershipQuerySet(DatedQuerySet):
    """Questions about memberships of the network."""

    def visible_to(self, scope: Scope) -> Self:
        """The public list; a member group also the unlisted of its region, a representative those of its countries."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        seen = Q(organisation__is_listed=True) | Q(organisation_id__in=scope.organisations())
        seen |= Q(organisation__country_id__in=scope.countries)
        if own := scope.organisations(Role.MEMBER_GROUP):
            seen |= Q(region_id__in=self.model.objects.on(scope.day).filter(organisation__in=own).values("region_id"))
        return self.filter(seen)

    def public_on(self, day: date) -> Self:
        """Rows by which an organisation is public on that day."""
        return self.on(day)

    def in_regions_of(self, organisation_ids: Iterable[UUID], *, on: date) -> Self:
        """Members on that day in the regions of those organisations."""
        own = self.model.objects.on(on).filter(organisation_id__in=organisation_ids)
        return self.on(on).filter(region_id__in=own.values("region_id"))

    def with_certainty(self, *, on: date) -> Self:
        """Add `is_uncertain`: no source names it as a member, or none proves it for that day."""
        doubtful = Q(proven_from__gt=on) | ~Q(confidence__in=("", "sourced"))
        return self.annotate(
            is_uncertain=Case(When(doubtful, then=Value(True)), default=False, output_field=models.BooleanField())
        )


class GroupQuerySet(models.QuerySet):
    """Questions about groups."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may read rows."""
        return self.none() if scope.roles <= {Role.EVALUATOR} else self.all()

    def with_partners(self, *, on: date) -> Self:
        """Add `partner_count`: coordinator and partners on that day, supporters left out. One subquery."""
        participations = self.model._meta.get_field("participations").related_model.objects
        return self.annotate(partner_count=count_of(participations.on(on).partners(), by="group"))


class ParticipationQuerySet(DatedQuerySet):
    """Questions about who is in a group."""

    def visible_to(self, scope: Scope) -> Self:
        """Partners for everybody who reads rows; supporters for the group's own partners and the secretariat."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        if scope.roles <= {Role.EVALUATOR}:
            return self.none()
        own = scope.organisations()
        groups = self.model.objects.on(scope.day).partners().filter(organisation_id__in=own).values("group_id")
        listed = Q(organisation__is_listed=True, role__in=PARTNERS)
        return self.filter(listed | Q(organisation_id__in=own) | Q(group_id__in=groups))

    def partners(self) -> Self:
        """Coordinators and partners: supporters are neither."""
        return self.filter(role__in=PARTNERS)

    def public_on(self, day: date) -> Self:
        """Rows by which an organisation is public on that day."""
        return self.on(day).partners()


class MandateQuerySet(models.QuerySet):
    """Questions about mandates."""

    def visible_to(self, scope: Scope) -> Self:
        """Own ones, those of the caller's countries, and for a company the confirmed ones of where it is."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        keepers = scope.organisations(Role.LCR, Role.MEMBER_GROUP)
        seen = Q(organisation_id__in=keepers) | Q(country_id__in=scope.countries)
        organisations = self.model._meta.get_field("organisation").related_model
        if scope.wears(Role.MEMBER_GROUP):
            members = organisations._meta.get_field("network_memberships").related_model.objects
            region = members.in_regions_of(keepers, on=scope.day).values("organisation_id")
            seen |= Q(confirmed_at__isnull=False, organisation_id__in=region)
        if companies := scope.organisations(*COMPANY_ROLES):
            where = organisations.objects.filter(pk__in=companies).values("country_id")
            seen |= Q(confirmed_at__isnull=False, country_id__in=where)
        return self.filter(seen)

    def on(self, day: date) -> Self:
        """Mandates whose period holds that day, in any state; an open or unknown end holds it."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day))

    def confirmed(self) -> Self:
        """Mandates that were confirmed, those ended since included: they counted in their period."""
        return self.filter(confirmed_at__isnull=False)

    def confirmed_on(self, day: date) -> Self:
        """Mandates that give access on that day."""
        return self.confirmed().filter(state__in=(MandateState.CONFIRMED, MandateState.ENDED)).on(day)

    def overlapping(self, start: date, end: date | None) -> Self:
        """Mandates whose period shares a day with `start` to `end` (None: open)."""
        rows = self.filter(Q(valid_until=None) | Q(valid_until__gte=start))
        return rows if end is None else rows.filter(valid_from__lte=end)


class PublishedSizeQuerySet(models.QuerySet):
    """Questions about published counts."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may ask at all."""
        return self.all() if scope.hats else self.none()
