"""Companies as nodes of their groups: what they do, what they declare, which node reports for which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.querysets import CompanyQuerySet, DeclarationQuerySet, ReportsThroughQuerySet
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id


class CompanyCategory(models.TextChoices):
    """What a company does in travel and tourism. Associations and supporters are kinds of their own."""

    HOTEL = "hotel"
    HOTEL_CHAIN = "hotel_chain"
    TOUR_OPERATOR = "tour_operator"
    TRAVEL_AGENCY = "travel_agency"
    AIRLINE = "airline"
    AIRPORT = "airport"
    CAR_RENTAL = "car_rental"
    TRANSPORT = "transport"
    MEETINGS = "meetings"
    ASSOCIATION = "association"
    SUPPORTER = "supporter"
    OTHER = "other"


# They sign, and are never counted as member companies.
SUPPORTERS = frozenset({CompanyCategory.ASSOCIATION, CompanyCategory.SUPPORTER})


class NodeKind(models.TextChoices):
    """What a company is in the tree of its group; the parentage itself is the organisation's."""

    GROUP = "group"
    BRAND = "brand"
    COUNTRY_UNIT = "country_unit"
    COMPANY = "company"


class RevenueBand(models.TextChoices):
    """Yearly revenue as the fee table cuts it; upper bounds are inclusive."""

    TO_500K = "to_500k"
    TO_2_5M = "to_2_5m"
    TO_50M = "to_50m"
    ABOVE_50M = "above_50m"


class Company(models.Model):
    """An organisation of the register seen as a company: one-to-one, same key."""

    organisation = models.OneToOneField(
        "members.Organisation", models.PROTECT, primary_key=True, related_name="company"
    )
    category = models.CharField(max_length=20, choices=CompanyCategory)
    node = models.CharField(max_length=15, choices=NodeKind, default=NodeKind.COMPANY)
    revenue_band = models.CharField(max_length=10, choices=RevenueBand, blank=True)
    revenue_band_confirmed_on = models.DateField(null=True, blank=True)
    is_profile_public = models.BooleanField(
        default=True, help_text="Hides or shows the profile, never the fact of membership."
    )
    offers_residential_care = models.BooleanField(
        default=False, help_text="Sells visits to orphanages or residential care: blocks a new membership."
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        indexes = (models.Index(fields=["category", "organisation"], name="company_by_category"),)


class CompanyTouch(models.Model):
    """Something has changed that a kept figure counts: of one company, or of all (null). Written by triggers.

    A log, not a flag: writers of one company never wait for each other here, and what is committed while
    rows are being made stays in it.
    """

    company_id = models.UUIDField(null=True, db_index=True)


class VoluntourismDeclaration(models.Model):
    """What a company declares for a year about volunteering with children; a new one takes the older's place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="voluntourism_declarations")
    year = models.PositiveSmallIntegerField()
    offers_volunteering = models.BooleanField(help_text="Sells volunteering that involves children.")
    offers_residential_care = models.BooleanField(help_text="Sells visits to orphanages or residential care.")
    measures = models.JSONField(default=list, help_text="What is done about it, a sentence each.")
    declared_on = models.DateField()
    declared_by_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["company", "year"], condition=Q(superseded_at=None), name="declaration_one_a_year"
            ),
        )


class ReportsThrough(DatedFact):
    """In these days another node of the group reports for this company, which then owes no report of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="reports_through")
    through = models.ForeignKey(Company, models.PROTECT, related_name="reports_for")
    valid_from = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = ReportsThroughQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        verbose_name_plural = "reports through"
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(superseded_at=None, valid_until=None),
                name="reports_through_one_open",
            ),
            models.CheckConstraint(condition=~Q(company=F("through")), name="reports_through_another"),
        )
