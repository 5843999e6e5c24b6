"""Sites, who owned them, and how many people work there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.models.nodes import Company
from codesign.companies.querysets import FormerOwnershipQuerySet, HeadCountQuerySet, SiteQuerySet
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id


class SiteKind(models.TextChoices):
    """What stands at a place."""

    HOTEL = "hotel"
    AGENCY = "agency"
    OFFICE = "office"
    OTHER = "other"


class Site(models.Model):
    """A place where a company's people work."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=400, editable=False)
    kind = models.CharField(max_length=10, choices=SiteKind, default=SiteKind.HOTEL)
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+")
    zone = models.CharField(max_length=64, help_text="IANA zone that defines the site's legal days.")
    opened_on = models.DateField(null=True, blank=True, help_text="None: before the register knew it.")
    closed_on = models.DateField(null=True, blank=True, help_text="The last day that it was open.")
    owned_since = models.DateField(
        null=True, blank=True, help_text="First day under `company`; None: always, as far as the register knows."
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "search_key"], name="site_name_once_per_company"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="site_period_in_order",
            ),
        )
        indexes = (
            models.Index(fields=["search_key", "id"], name="site_by_name"),
            models.Index(fields=["zone"], name="site_by_zone"),
        )


class FormerOwnership(DatedFact):
    """A company that owned a site before its present one; a hotel changes hands and keeps its own past."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="former_ownerships")
    company = models.ForeignKey(Company, models.PROTECT, related_name="former_ownerships")
    valid_until = models.DateField()

    objects = FormerOwnershipQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["site", "valid_until"], condition=Q(superseded_at=None), name="site_one_owner_a_day"
            ),
        )
        indexes = (models.Index(fields=["company", "valid_until"], name="former_ownership_by_company"),)


class HeadCount(DatedFact):
    """How many people work at a site from a day on, by what the company says; periods never overlap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="head_counts")
    staff_count = models.PositiveIntegerField()
    valid_from = models.DateField()

    objects = HeadCountQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["site", "valid_from"], condition=Q(superseded_at=None), name="head_count_once_a_day"
            ),
        )
