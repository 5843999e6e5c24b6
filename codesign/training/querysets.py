"""Questions about requirements, staff, courses, completions and the statuses derived from them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from codesign.companies.querysets import THE_CODE
from codesign.training.kinds import TrainingStatus
from codesign.training.rules import Rule, Rulebook
from members.scope import COMPANY_ROLES, Role, Scope
from registry.kernel.sql import count_of

# Below this many people at a site, a row or a count would point at somebody.
SMALLEST_SITE = 5
_NOTHING = Q(pk__in=())
_RULE_COLUMNS = (
    "effective_from",
    "role",
    "country_id",
    "validity_months",
    "refresher_months",
    "grace_days",
    "seasonal_grace_days",
    "yearly_window",
)
_DENOMINATOR = ~Q(status=TrainingStatus.IN_GRACE)


def own_rows(scope: Scope, *, company: str, site: str) -> Q:
    """Rows of the caller's own companies, or of the sites that a site editor holds."""
    own = _NOTHING
    if companies := scope.organisations(*COMPANY_ROLES):
        own |= Q(**{f"{company}__in": companies})
    if scope.sites:
        own |= Q(**{f"{site}__in": scope.sites})
    return own


def outside_rows(scope: Scope, *, country: str) -> Q:
    """Rows that the caller sees from outside: of the countries of the mandate, or all."""
    if scope.wears(Role.SECRETARIAT):
        return ~_NOTHING
    return Q(**{f"{country}__in": scope.countries}) if scope.countries else _NOTHING


class RequirementQuerySet(models.QuerySet):
    """Requirements."""

    def visible_to(self, scope: Scope) -> Self:
        """Published rules are for everybody; drafts for the secretariat."""
        return self if scope.wears(Role.SECRETARIAT) else self.published()

    def published(self) -> Self:
        """Rules that count, of The Code."""
        return self.filter(scheme=THE_CODE).exclude(published_at=None)

    def rulebook(self) -> Rulebook:
        """The published ones as the calculation needs them. One query."""
        rows = self.published().order_by("effective_from", "pk").values(*_RULE_COLUMNS)
        return Rulebook(Rule(country=row.pop("country_id") or "", **row) for row in rows)

    def for_everybody_on(self, day: date) -> Self:
        """Rules for all roles in all countries in effect on `day`, the newest first: they set the target."""
        everybody = self.published().filter(role="", country=None, effective_from__lte=day)
        return everybody.order_by("-effective_from", "pk")


class TileQuerySet(models.QuerySet):
    """Statuses by day."""

    def visible_to(self, scope: Scope) -> Self:
        """What may be counted: own people, those of sites in the mandate's countries, or all."""
        seen = own_rows(scope, company="company", site="site") | outside_rows(scope, country="site__country")
        return self.all() if scope.wears(Role.EVALUATOR) else self.filter(seen)

    def on(self, day: date) -> Self:
        """One row for each person in scope on `day`."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def valid(self) -> Self:
        """Holding a valid completion."""
        return self.filter(status=TrainingStatus.VALID)

    def counted(self) -> Self:
        """All but those in grace and untrained, who stand in neither number."""
        return self.filter(_DENOMINATOR)

    def sites_shown(self) -> models.QuerySet:
        """Sites with enough people among these rows to show single ones, as a subquery."""
        return self.values("site").annotate(people=Count("pk")).filter(people__gte=SMALLEST_SITE).values("site")


class StaffQuerySet(models.QuerySet):
    """Staff."""

    def visible_to(self, scope: Scope, *, on: date) -> Self:
        """Own staff in full, with leavers; from outside only people in scope `on`, masked, of no small site.

        Adds `tile` (the status of the day, null when not in scope) and `shown_reference`,
        `shown_language`, `shown_left_on`: null for whoever sees the row from outside.
        """
        rows = self.annotate(tile=_tile_of(on))
        company_or_site = own_rows(scope, company="company", site="site")
        # Whoever has moved on since still counts at the site of that day.
        own = company_or_site | (Q(tile__site__in=scope.sites) if scope.sites else _NOTHING)
        seen = own
        if (outside := outside_rows(scope, country="tile__site__country")) != _NOTHING:
            big_enough = self.model.tiles.rel.related_model.objects.on(on).sites_shown()
            seen |= outside & Q(tile__site__in=big_enough)
        return rows.filter(seen).annotate(
            shown_reference=_only_to(own, F("reference")),
            shown_language=_only_to(own, F("language")),
            shown_left_on=_only_to(own, F("left_on")),
        )

    def on_the_day(self) -> Self:
        """Add `day_site`, `day_role`, …: where somebody stood on the day, else where they stood last."""
        return self.annotate(
            day_site=Coalesce(F("tile__site"), F("site")),
            day_site_name=Coalesce(F("tile__site__name"), F("site__name")),
            day_country=Coalesce(F("tile__site__country"), F("site__country")),
            day_role=Coalesce(F("tile__role"), F("role")),
            day_employment=Coalesce(F("tile__employment"), F("employment")),
        )


def _tile_of(day: date) -> FilteredRelation:
    return FilteredRelation("tiles", condition=Q(tiles__first_day__lte=day, tiles__last_day__gte=day))


def _only_to(own: Q, column: F) -> Case:
    return Case(When(own, then=column), default=Value(None))


class CourseQuerySet(models.QuerySet):
    """Courses."""

    def visible_to(self, scope: Scope) -> Self:
        """Everyone's courses; a company's own only by the company, its representative and the secretariat."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        seen = Q(company=None)
        if companies := scope.organisations(*COMPANY_ROLES, Role.SITE_EDITOR):
            seen |= Q(company__in=companies)
        if scope.countries:
            seen |= Q(company__organisation__country__in=scope.countries)
        return self.filter(seen)


class CompletionQuerySet(models.QuerySet):
    """Completions."""

    def visible_to(self, scope: Scope) -> Self:
        """Own staff's alone: from outside, the status of a masked row says enough."""
        return self.filter(own_rows(scope, company="staff_member__company", site="staff_member__site"))

    def current(self) -> Self:
        """Not superseded by a correction."""
        return self.filter(superseded_at=None)


class CredentialQuerySet(models.QuerySet):
    """Certificates of completions."""

    def visible_to(self, scope: Scope) -> Self:
        """Own staff's alone; the public asks by code."""
        own = own_rows(scope, company="completion__staff_member__company", site="completion__staff_member__site")
        return self.filter(own)

    def standing(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at=None)


class HeadCountSessionQuerySet(models.QuerySet):
    """Sessions counted by heads."""

    def visible_to(self, scope: Scope) -> Self:
        """Own sessions, those at sites in the mandate's countries, or all."""
        own = own_rows(scope, company="company", site="site")
        return self.filter(own | outside_rows(scope, country="site__country"))


class SessionQuerySet(models.QuerySet):
    """Sessions for people who are known."""

    def visible_to(self, scope: Scope) -> Self:
        """Own sessions, those for sites in the mandate's countries, or all."""
        if scope.wears(Role.SECRETARIAT):
            return self.all()
        covered = self.model.sites.through.objects.filter(trainingsession=OuterRef("pk"))
        seen = _NOTHING
        if companies := scope.organisations(*COMPANY_ROLES):
            seen |= Q(company__in=companies)
        if scope.sites:
            seen |= Q(Exists(covered.filter(site__in=scope.sites)))
        if scope.countries:
            seen |= Q(Exists(covered.filter(site__country__in=scope.countries)))
        return self.filter(seen)

    def with_attendance(self, scope: Scope) -> Self:
        """Add `attendance`, the completions that stand; null from outside for one to four people."""
        counted = self.annotate(ticks=count_of(self._completions().current(), by="session"))
        own = Q(company__in=scope.organisations(*COMPANY_ROLES)) if scope.organisations(*COMPANY_ROLES) else _NOTHING
        if scope.sites:
            covered = self.model.sites.through.objects.filter(trainingsession=OuterRef("pk"))
            own |= Q(Exists(covered.filter(site__in=scope.sites)))
        shown = own | Q(ticks=0) | Q(ticks__gte=SMALLEST_SITE)
        return counted.annotate(
            attendance=Case(When(shown, then=F("ticks")), default=Value(None), output_field=IntegerField())
        )

    def _completions(self) -> CompletionQuerySet:
        return self.model.completions.rel.related_model.objects
