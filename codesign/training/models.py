"""Requirements, staff by reference, courses, completions, and the statuses derived from them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from codesign.companies.querysets import THE_CODE
from codesign.training.kinds import (
    CompletionSource,
    CorrectionReason,
    CourseKind,
    CourseProvider,
    Employment,
    RevocationReason,
    StaffRole,
    TrainingStatus,
)
from codesign.training.querysets import (
    CompletionQuerySet,
    CourseQuerySet,
    CredentialQuerySet,
    HeadCountSessionQuerySet,
    RequirementQuerySet,
    SessionQuerySet,
    StaffQuerySet,
    TileQuerySet,
)
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id

__all__ = [
    "Completion",
    "Course",
    "CoverageCount",
    "CoverageDay",
    "Credential",
    "CredentialClaim",
    "HeadCountSession",
    "Posting",
    "Requirement",
    "StaffMember",
    "StatusTile",
    "TrainingSession",
]


class Requirement(models.Model):
    """What a scheme asks from a day on, of a role or everybody, in a country or everywhere.

    Frozen once published; a change is a newer row. `target_share` counts in rows for everybody only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scheme = models.CharField(max_length=20, default=THE_CODE)
    role = models.CharField(max_length=20, choices=StaffRole, blank=True, help_text="Empty: everybody.")
    country = models.ForeignKey(
        "members.Country", models.PROTECT, null=True, blank=True, related_name="+", help_text="None: everywhere."
    )
    validity_months = models.PositiveSmallIntegerField(default=24)
    refresher_months = models.PositiveSmallIntegerField(
        default=12, help_text="How long a refresher extends, from its own date; 0: not at all."
    )
    grace_days = models.PositiveSmallIntegerField(default=90, help_text="After hire.")
    seasonal_grace_days = models.PositiveSmallIntegerField(default=14, help_text="After hire, for seasonal staff.")
    yearly_window = models.BooleanField(
        default=False, help_text="Expires on 31 December, at least six months after the training."
    )
    target_share = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.80"))
    grace_flag_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.20"),
        help_text="Above this share of people in grace the figure is flagged.",
    )
    effective_from = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)
    source = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "role", "country", "effective_from"],
                condition=Q(published_at__isnull=False),
                name="requirement_once_a_day",
            ),
            # A null country is distinct from every other to a unique index (SQLite has no other way).
            models.UniqueConstraint(
                fields=["scheme", "role", "effective_from"],
                condition=Q(published_at__isnull=False, country=None),
                name="requirement_once_a_day_everywhere",
            ),
            models.CheckConstraint(
                condition=Q(validity_months__range=(1, 240), refresher_months__lte=240), name="requirement_in_range"
            ),
        )


class StaffMember(models.Model):
    """One person at work in one company, known by the company's own reference alone.

    Site, role, employment and days are those of the newest posting. `reference_key` folds case and is
    None once the reference is erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="staff")
    site = models.ForeignKey("codesign.Site", models.PROTECT, related_name="staff")
    reference = models.CharField(max_length=40, blank=True)
    reference_key = models.CharField(max_length=40, null=True, editable=False)
    role = models.CharField(max_length=20, choices=StaffRole)
    employment = models.CharField(max_length=10, choices=Employment, default=Employment.REGULAR)
    language = models.CharField(max_length=10, blank=True, help_text="BCP 47 tag, if given.")
    hired_on = models.DateField()
    left_on = models.DateField(null=True, blank=True, help_text="The last day at work; None: still there.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last changed it.")
    version = models.PositiveIntegerField(default=1)

    objects = StaffQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "reference_key"], name="staff_reference_once_per_company"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("hired_on")), name="staff_employment_in_order"
            ),
        )
        indexes = (models.Index(fields=["company", "hired_on", "id"], name="staff_by_hire"),)


class Posting(DatedFact):
    """Where and as what one person worked in a period; the first of an employment begins on `hired_on`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_member = models.ForeignKey(StaffMember, models.PROTECT, related_name="postings")
    site = models.ForeignKey("codesign.Site", models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=StaffRole)
    employment = models.CharField(max_length=10, choices=Employment)
    hired_on = models.DateField()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["staff_member", "valid_from"], condition=Q(superseded_at=None), name="posting_once_a_day"
            ),
        )


class Course(models.Model):
    """Something that staff can complete; of one company, or of everyone when `company` is None."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(
        "codesign.Company", models.PROTECT, null=True, blank=True, related_name="courses", help_text="None: everyone."
    )
    code = models.CharField(max_length=60)
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=CourseKind)
    provider = models.CharField(max_length=10, choices=CourseProvider)
    languages = models.JSONField(default=list, help_text="BCP 47 tags.")
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    audiences = models.JSONField(default=list, help_text="Roles at work that it is made for; empty: all.")
    edition = models.CharField(max_length=20, blank=True, help_text="Of the material, as its makers count.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "code"], name="course_code_once_per_company"),
            models.UniqueConstraint(fields=["code"], condition=Q(company=None), name="course_code_once_for_everyone"),
        )


class TrainingSession(models.Model):
    """One course held on one day for people who are known: who was there is told by the completions that name it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="training_sessions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    sites = models.ManyToManyField("codesign.Site", related_name="+", help_text="Whose people it was held for.")
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True, help_text="BCP 47 tag.")
    trainer = models.ForeignKey(
        "members.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training_sessions",
        help_text="Who trained; None: the company itself, or not said.",
    )
    recorded_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["held_on", "id"], name="training_session_by_day"),)


class Completion(models.Model):
    """One person completed one course on one day: a fact, never edited; a correction supersedes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_member = models.ForeignKey(StaffMember, models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    completed_on = models.DateField()
    source = models.CharField(max_length=20, choices=CompletionSource)
    session = models.ForeignKey(
        TrainingSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="completions",
        help_text="Where somebody was ticked.",
    )
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_reason = models.CharField(max_length=20, choices=CorrectionReason, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", help_text="What it stands for."
    )

    objects = CompletionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["staff_member", "course", "completed_on"],
                condition=Q(superseded_at=None),
                name="completion_once_while_current",
            ),
        )
        indexes = (models.Index(fields=["completed_on", "id"], name="completion_by_day"),)


class Credential(models.Model):
    """A certificate of one completion that a worker may carry on. Only its holder knows the code.

    `code_digest`: SHA-256 of the code, which is random and long, so that nobody finds it from here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="credentials")
    code_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=20, choices=RevocationReason, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["completion"], condition=Q(revoked_at=None), name="credential_one_per_completion"
            ),
        )


class CredentialClaim(models.Model):
    """A certificate that a next employer took over, as a completion of its own.

    It names no credential: `fingerprint` is the SHA-256 of code and company, and shows nothing to whoever
    does not hold the code. One person of a company can claim a code, once.
    """

    fingerprint = models.CharField(max_length=64, primary_key=True)
    completion = models.OneToOneField(Completion, models.PROTECT, related_name="claim")
    claimed_at = models.DateTimeField()


class HeadCountSession(models.Model):
    """So many people attended, nobody knows who: a kind of its own, never added to person-based figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="head_count_sessions")
    site = models.ForeignKey("codesign.Site", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="head_count_sessions")
    held_on = models.DateField()
    attendance = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()

    objects = HeadCountSessionQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site", "course", "held_on"], name="session_once_a_day"),)


class StatusTile(models.Model):
    """Derived: a run of days in which one person had one status at one site in one role.

    The tiles of a person cover every day in scope exactly once, so a figure of any day is one count.
    Written by `actions.tiles` in the transaction of whatever changes them, compared nightly by `recount`.
    `last_day` is 2200-12-31 while no end is known.
    """

    staff_member = models.ForeignKey(StaffMember, models.PROTECT, related_name="tiles")
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey("codesign.Site", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20, choices=StaffRole)
    employment = models.CharField(max_length=10, choices=Employment)
    status = models.CharField(max_length=15, choices=TrainingStatus)
    first_day = models.DateField()
    last_day = models.DateField()

    objects = TileQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["staff_member", "first_day"], name="tile_once_a_day"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="tile_days_in_order"),
        )
        indexes = (
            models.Index(fields=["company", "last_day", "first_day", "status", "site"], name="tile_by_company"),
            models.Index(fields=["site", "last_day", "first_day", "status"], name="tile_by_site"),
        )


class CoverageCount(models.Model):
    """Derived: coverage of one company in one country on one day, as `figures.live` counts it.

    Written by `actions.counting` for the present day and the next, so that midnight costs nothing. A row counts
    only while `CompanyTouch` does not name the company. Every company has one, with zeros when it has no staff.
    """

    company = models.ForeignKey("codesign.Company", models.CASCADE, related_name="+", db_index=False)
    country = models.CharField(max_length=2)
    counted_on = models.DateField()
    in_scope = models.PositiveIntegerField()
    in_grace = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    lapsed = models.PositiveIntegerField()
    never_trained = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "counted_on", "country"], name="coverage_counted_once_a_day"),
        )
        # Covering: a total by country reads this alone.
        indexes = (
            models.Index(
                fields=[
                    "counted_on",
                    "country",
                    "company",
                    "in_scope",
                    "in_grace",
                    "valid",
                    "lapsed",
                    "never_trained",
                    "unknown",
                ],
                name="coverage_by_country",
            ),
        )


class CoverageDay(models.Model):
    """Derived: a day on which every company is counted that nothing has touched since."""

    day = models.DateField(primary_key=True)
