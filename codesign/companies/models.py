"""Companies, sites, head counts, memberships and decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from codesign.companies.lifecycle import OPEN, MembershipState, Move
from codesign.companies.querysets import (
    THE_CODE,
    CodeMembershipQuerySet,
    CompanyQuerySet,
    DecisionQuerySet,
    DeclarationQuerySet,
    FormerOwnershipQuerySet,
    HeadCountQuerySet,
    ReportsThroughQuerySet,
    SignatoryClaimQuerySet,
    SiteQuerySet,
)
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id

__all__ = [
    "ClaimState",
    "CodeMembership",
    "Company",
    "CompanyCategory",
    "CompanyTouch",
    "Decision",
    "FormerOwnership",
    "HeadCount",
    "NodeKind",
    "NumberSeries",
    "ReportsThrough",
    "RevenueBand",
    "SignatoryClaim",
    "Site",
    "SiteKind",
    "VoluntourismDeclaration",
]


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


class SiteKind(models.TextChoices):
    """What stands at a place."""

    HOTEL = "hotel"
    AGENCY = "agency"
    OFFICE = "office"
    OTHER = "other"


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
        indexes = (models.Index(fields=["search_key", "id"], name="site_by_name"),)


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


class CodeMembership(models.Model):
    """One membership of one company in one scheme; a company may hold several over time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships")
    scheme = models.CharField(max_length=20, default=THE_CODE)
    state = models.CharField(max_length=20, choices=MembershipState, default=MembershipState.DRAFT)
    is_current = models.BooleanField(
        default=True, help_text="The one that stands for the company today: the open one, else the newest."
    )
    number = models.CharField(max_length=20, null=True, blank=True, unique=True)
    representative = models.ForeignKey(
        "members.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_memberships",
        help_text="The Local Code Representative; None: the secretariat stands in.",
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    member_since = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField(default=True, help_text="False: counted, and left out of the public register.")
    since = models.CharField(max_length=10, blank=True, help_text="Of a recorded signatory: YYYY, YYYY-MM or a day.")
    since_basis = models.CharField(max_length=120, blank=True, help_text="What `since` is the date of.")
    status_seen = models.CharField(max_length=120, blank=True, help_text="The status as the source words it.")
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    reminders_muted_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CodeMembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["company", "scheme"], condition=Q(state__in=sorted(OPEN)), name="membership_one_open_per_scheme"
            ),
            models.UniqueConstraint(
                fields=["company", "scheme"], condition=Q(is_current=True), name="membership_one_current_per_scheme"
            ),
        )
        indexes = (
            models.Index(fields=["state", "company"], name="membership_by_state"),
            models.Index(fields=["representative", "state"], name="membership_by_representative"),
        )


class Decision(models.Model):
    """One move of one membership: appended, never edited. Its text is neutral and describes no case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(CodeMembership, models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField(help_text="Version of the membership that this decision led to.")
    move = models.CharField(max_length=20, choices=Move)
    from_state = models.CharField(max_length=20, choices=MembershipState)
    to_state = models.CharField(max_length=20, choices=MembershipState)
    effective_on = models.DateField()
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    actor_organisation_id = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict, help_text="What the decision rested on: ids, dates, counts.")
    overturns = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="overturned_by",
        help_text="The decision that this one undoes: it leaves no public trace then.",
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "version"], name="decision_one_per_membership_version"),
        )
        indexes = (models.Index(fields=["decided_at", "id"], name="decision_by_time"),)


class ClaimState(models.TextChoices):
    """What became of a claim."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class SignatoryClaim(models.Model):
    """Somebody says that their company signed long ago. What the register has recorded, the claimant is not shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, help_text="Of the company, as the claimant gives it.")
    search_key = models.CharField(max_length=400, editable=False)
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+")
    signatory_role = models.CharField(max_length=60, help_text="Function of the claimant, such as director.")
    since = models.CharField(max_length=10, blank=True, help_text="When it signed: YYYY, YYYY-MM or a day.")
    claimed_by_id = models.UUIDField(help_text="Of the user.")
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    membership = models.ForeignKey(
        CodeMembership, models.PROTECT, null=True, blank=True, related_name="claims", help_text="Once it is accepted."
    )
    reason_code = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = SignatoryClaimQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claimed_by_id", "search_key", "country"],
                condition=Q(state=ClaimState.OPEN),
                name="signatory_claim_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.ACCEPTED, membership__isnull=False)
                | ~Q(state=ClaimState.ACCEPTED) & Q(membership=None),
                name="signatory_claim_of_a_membership",
            ),
        )
        indexes = (models.Index(fields=["state", "country"], name="signatory_claim_by_state"),)


class NumberSeries(models.Model):
    """A counter behind readable numbers: drawn in the transaction that uses it, so that no gap stays."""

    code = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
