"""Questions about memberships, groups and mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from members.network.lifecycle import FORMER, OUTSIDE, PARTNERS, GroupRole, MandateState
from members.scope import COMPANY_ROLES, OVERSIGHT, Role, Scope
from registry.kernel.facts import DatedQuerySet
from registry.kernel.sql import count_of

_BOOLEAN = models.BooleanField()
# What a source's confidence says when there is no doubt; rows entered here by hand carry none.
SURE = ("", "sourced")


def _touches(start: date | None, end: date | None) -> Q:
    """Rows whose period shares a day with `start` to `end`, both inclusive; None is unknown or open on either side."""
    begun = Q() if end is None else Q(valid_from=None) | Q(valid_from__lte=end)
    return begun & (Q() if start is None else Q(valid_until=None) | Q(valid_until__gte=start))


def _proven(day: date) -> Q:
    """Rows that a sure source proves for that day, within their period."""
    return Q(confidence__in=SURE, proven_from__isnull=False, proven_from__lte=day)


def _unless(proven: Q) -> Case:
    return Case(When(proven, then=Value(False)), default=True, output_field=_BOOLEAN)


class MembershipQuerySet(DatedQuerySet):
    """Questions about memberships of the network."""

    def visible_to(self, scope: Scope) -> Self:
        """The public list; a member group also the unlisted of its region, a representative those of its countries.

        Who was never in the network is known to itself and to oversight alone.
        """
        return self.none() if scope.roles <= {Role.EVALUATOR} else self.filter(self.seen_by(scope))

    def seen_by(self, scope: Scope) -> Q:
        """The condition of `visible_to`, for whoever may read rows."""
        if scope.wears(*OVERSIGHT):
            return Q()
        seen = Q(organisation__is_listed=True) | Q(organisation__country_id__in=scope.countries)
        if own := scope.organisations(Role.MEMBER_GROUP):
            seen |= Q(region_id__in=self.model.objects.on(scope.day).filter(organisation__in=own).values("region_id"))
        return seen & ~Q(state__in=OUTSIDE) | Q(organisation_id__in=scope.organisations())

    def on(self, day: date) -> Self:
        """Members on that day, the uncertain ones included; an open or unknown end counts."""
        return super().on(day).exclude(state__in=OUTSIDE)

    def public_on(self, day: date) -> Self:
        """Rows by which an organisation is public on that day."""
        return self.on(day)

    def in_regions_of(self, organisation_ids: Iterable[UUID], *, on: date) -> Self:
        """Members on that day in the regions of those organisations."""
        own = self.model.objects.on(on).filter(organisation_id__in=organisation_ids)
        return self.on(on).filter(region_id__in=own.values("region_id"))

    def sharing_a_day(self, start: date | None, end: date | None) -> Self:
        """Memberships whose possible period shares a day with `start` to `end`; None is unknown or open."""
        return self.current().exclude(state__in=OUTSIDE).filter(_touches(start, end))

    def with_certainty(self, *, on: date) -> Self:
        """Add `is_uncertain`: neither a decision of the register nor a sure source proves it for that day."""
        doubtful = Q(proven_from__gt=on) | Q(proven_until__lt=on)
        doubtful |= ~Q(confidence__in=SURE)
        return self.annotate(
            is_uncertain=Case(
                When(decided_from__lte=on, then=Value(False)),
                When(doubtful, then=Value(True)),
                default=False,
                output_field=_BOOLEAN,
            )
        )

    def certain(self, *, on: date) -> Self:
        """Members on that day of whom a decision of the register or a sure source proves it."""
        return self.on(on).with_certainty(on=on).filter(is_uncertain=False)  # type: ignore[misc]

    def with_standing(self, *, on: date) -> Self:
        """Add `state_on` and `kind_on`: as decided for that day. Rows never moved cost no look at decisions."""
        return self.annotate(state_on=self._decided("state", on), kind_on=self._decided("kind", on))

    def of_kind(self, kind: str, *, on: date) -> Self:
        """Those that were of that kind on the day."""
        return self.with_standing(on=on).filter(kind_on=kind)

    def _decided(self, name: str, on: date) -> Case:
        """After the last decision that was in effect, else before the first one that was not yet."""
        decisions = self.model.decisions.rel.related_model.objects.filter(membership=OuterRef("pk"))
        last = decisions.filter(effective_on__lte=on).order_by("-effective_on", "-version").values(f"to_{name}")[:1]
        first = decisions.filter(effective_on__gt=on).order_by("effective_on", "version").values(f"from_{name}")[:1]
        decided = Coalesce(Subquery(last), Subquery(first), F(name))
        return Case(When(decided_from=None, then=F(name)), default=decided, output_field=models.CharField())

    def begun_on(self, day: date) -> Self:
        """Current rows that had begun by that day, as application or membership. Adds `is_member_on`."""
        is_member = Q(_touches(day, day), ~Q(state__in=OUTSIDE))
        return (
            self.current()
            .filter(Q(applied_on__lte=day) | Q(Q(valid_from=None) | Q(valid_from__lte=day), applied_on=None))
            .annotate(is_member_on=Case(When(is_member, then=Value(True)), default=False, output_field=_BOOLEAN))
        )

    def standing_in(self, states: Iterable[str]) -> Self:
        """Rows in one of `states` on the day of `begun_on` and `with_standing`; as a member only while it is one."""
        return self.filter(Q(is_member_on=True) | Q(state_on__in=(*OUTSIDE, *FORMER)), state_on__in=states)


class NetworkDecisionQuerySet(models.QuerySet):
    """Questions about decisions on memberships of the network."""

    def visible_to(self, scope: Scope) -> Self:
        """The own organisation's, and all for oversight: reasons are not public."""
        if scope.wears(*OVERSIGHT):
            return self.all()
        return self.filter(membership__organisation_id__in=scope.organisations(Role.MEMBER_GROUP))


class GroupQuerySet(models.QuerySet):
    """Questions about groups."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may read rows."""
        return self.none() if scope.roles <= {Role.EVALUATOR} else self.all()

    def kept_by(self, scope: Scope) -> Self:
        """Those that the caller keeps: all for the secretariat, else those that its organisation coordinates."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        participations = self.model.participations.rel.related_model.objects.on(scope.day)
        own = participations.filter(organisation_id__in=scope.organisations(), role=GroupRole.COORDINATOR)
        return self.filter(pk__in=own.values("group_id"))

    def with_partners(self, *, on: date) -> Self:
        """Add `partner_count` and `uncertain_partner_count`: coordinator and partners on that day, proven and not.

        Supporters are left out. Two subqueries.
        """
        partners = self.model._meta.get_field("participations").related_model.objects.on(on).partners()
        return self.annotate(
            partner_count=count_of(partners.filter(_proven(on)), by="group"),
            uncertain_partner_count=count_of(partners.exclude(_proven(on)), by="group"),
        )


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

    def kept_by(self, scope: Scope) -> Self:
        """Those of groups that the caller keeps; who coordinates is the secretariat's to say."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        groups = self.model._meta.get_field("group").related_model.objects
        return self.filter(group__in=groups.kept_by(scope)).exclude(role=GroupRole.COORDINATOR)

    def with_certainty(self, *, on: date) -> Self:
        """Add `is_uncertain`: no sure source proves it for that day."""
        return self.annotate(is_uncertain=_unless(_proven(on)))

    def certain(self, *, on: date) -> Self:
        """Those in the group on that day of whom a sure source proves it."""
        return self.on(on).filter(_proven(on))

    def sharing_a_day(self, start: date | None, end: date | None) -> Self:
        """Participations whose period shares a day with `start` to `end`; None is unknown or open."""
        return self.current().filter(_touches(start, end))

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
        former = {hat.organisation_id for hat in scope.hats if hat.spans}
        seen = (
            Q(organisation_id__in=former, confirmed_at__isnull=False)
            | Q(organisation_id__in=keepers)
            | Q(country_id__in=scope.countries)
        )
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
        return self.filter(_touches(day, day))

    def with_certainty(self, *, on: date) -> Self:
        """Add `is_uncertain`: neither a confirmation nor a sure source proves the mandate for that day."""
        return self.annotate(is_uncertain=_unless(Q(confirmed_at__isnull=False) | _proven(on)))

    def confirmed(self) -> Self:
        """Mandates that were confirmed, those ended since included: they counted in their period."""
        return self.filter(confirmed_at__isnull=False)

    def confirmed_on(self, day: date) -> Self:
        """Mandates that give access on that day."""
        return self.confirmed().filter(state__in=(MandateState.CONFIRMED, MandateState.ENDED)).on(day)

    def covering(self, column: str, *, on: date) -> Exists:
        """Whether a confirmed mandate covers the country that the outer row's `column` names, on that day."""
        return Exists(self.confirmed_on(on).order_by().filter(country=OuterRef(column)))

    def overlapping(self, start: date, end: date | None) -> Self:
        """Mandates whose period shares a day with `start` to `end` (None: open)."""
        return self.filter(_touches(start, end))


class PublishedSizeQuerySet(models.QuerySet):
    """Questions about published counts."""

    def visible_to(self, scope: Scope) -> Self:
        """All, for whoever may ask at all."""
        return self.all() if scope.hats else self.none()
