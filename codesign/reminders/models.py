"""Reminder rules with their steps, the occurrences that the planner writes, and what bears on them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from codesign.reminders.lifecycle import DeliveryEvent, OccurrenceState
from codesign.reminders.querysets import (
    ClosedPeriodQuerySet,
    FeedQuerySet,
    OccurrenceQuerySet,
    PauseQuerySet,
    RuleQuerySet,
)
from members.people.models import ContactRole
from registry.kernel.ids import new_id

__all__ = [
    "CalendarFeed",
    "ClosedPeriod",
    "MailEvent",
    "Occurrence",
    "OptOut",
    "PlanMark",
    "ReminderPause",
    "ReminderRule",
    "ReminderStep",
]

# Stands in the unique key where nobody holds the role: a null would let the row in twice.
NOBODY = UUID(int=0)


class ReminderKind(models.TextChoices):
    """What a rule looks at; each kind has its source of subjects."""

    REPORT_DUE = "report_due", "A report falls due"
    JOINING = "joining", "Approved, and not yet paid or signed"
    FEE_DUE = "fee_due", "A fee falls due"
    ACTION_DUE = "action_due", "An action of the plan falls due"
    TRAINING_LAPSING = "training_lapsing", "Training lapses in a month to come"
    SITE_BELOW_TARGET = "site_below_target", "A site falls under the training target"
    AGREEMENT_ENDING = "agreement_ending", "An agreement ends, told to its parties"
    AGREEMENT_WATCH = "agreement_watch", "An agreement ends, told to the secretariat"
    LCR_DIGEST = "lcr_digest", "What needs a person, told to the representative each week"


class ReminderClass(models.TextChoices):
    """How binding a reminder is: nobody can opt out of an obligation or a service."""

    OBLIGATION = "obligation"
    SERVICE = "service"
    OPTIONAL = "optional"


class ReminderChannel(models.TextChoices):
    """How a reminder travels."""

    EMAIL = "email"


class ReminderRule(models.Model):
    """One version of a rule: a draft, published from a day on, or retired. Published, it is never edited.

    With `country` it stands in the place of the global rule of the same code for companies of that country.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    country = models.ForeignKey(
        "members.Country", models.PROTECT, null=True, blank=True, related_name="+", help_text="None: everywhere."
    )
    kind = models.CharField(max_length=20, choices=ReminderKind)
    binding = models.CharField(max_length=12, choices=ReminderClass, default=ReminderClass.OBLIGATION)
    names = models.JSONField(help_text="Language → name.")
    categories = models.JSONField(default=list, blank=True, help_text="Of companies; empty: all.")
    countries = models.JSONField(default=list, blank=True, help_text="Of companies; empty: all.")
    standings = models.JSONField(default=list, blank=True, help_text="Of companies, as last counted; empty: all.")
    schemes = models.JSONField(default=list, blank=True, help_text="Of memberships; empty: all.")
    moves_off_weekends = models.BooleanField(
        default=True, help_text="A weekend or a closed season moves the mail to the next open day."
    )
    hour = models.PositiveSmallIntegerField(default=9, validators=[MaxValueValidator(23)], help_text="Local hour.")
    quiet_from = models.PositiveSmallIntegerField(
        default=20, validators=[MaxValueValidator(23)], help_text="What is caught up late waits from this hour on."
    )
    quiet_until = models.PositiveSmallIntegerField(
        default=7, validators=[MaxValueValidator(23)], help_text="And leaves from this hour on."
    )
    late_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="What is later than this is skipped; None: always caught up."
    )
    is_urgent = models.BooleanField(default=False, help_text="Does not wait for the one mail of the day.")
    priority = models.PositiveSmallIntegerField(default=5, help_text="1 goes first, 9 last.")
    cap_per_run = models.PositiveIntegerField(
        null=True, blank=True, help_text="More in one run stops the rule; None: ten times its forecast does."
    )
    effective_from = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True, help_text="None: a draft, which plans nothing.")
    retired_on = models.DateField(null=True, blank=True, help_text="The first day on which it plans nothing.")
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Switched off by a person.")
    held_at = models.DateTimeField(null=True, blank=True, help_text="Stopped itself: it matched far too much.")
    created_at = models.DateTimeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "version", "country"], name="reminder_rule_version_once"),
            models.UniqueConstraint(
                fields=["code", "version"], condition=Q(country=None), name="reminder_rule_version_once_everywhere"
            ),
        )


class ReminderStep(models.Model):
    """One step of a rule to one role: `offset_days` after the anchor, before it when negative.

    With `repeat_days` it comes again every so many days, `repeat_times` times, until the rule no longer applies.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="steps")
    offset_days = models.SmallIntegerField()
    contact_role = models.CharField(max_length=20, choices=ContactRole)
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_times = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rule", "offset_days", "contact_role"], name="reminder_step_once"),
            models.CheckConstraint(
                condition=Q(repeat_days=None, repeat_times=0) | Q(repeat_days__gt=0, repeat_times__range=(1, 60)),
                name="reminder_step_repeats_a_known_number_of_times",
            ),
        )


class Occurrence(models.Model):
    """One step of one rule for one subject and one recipient: planned once, whatever runs twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule_code = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ReminderKind, default=ReminderKind.REPORT_DUE)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    organisation = models.ForeignKey("members.Organisation", models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        "codesign.CodeMembership", models.PROTECT, null=True, blank=True, related_name="occurrences"
    )
    anchor_on = models.DateField(help_text="The day from which the steps count.")
    step = models.SmallIntegerField(help_text="Days after the anchor.")
    contact_role = models.CharField(max_length=20, choices=ContactRole)
    contact = models.ForeignKey("members.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    recipient = models.UUIDField(default=NOBODY, help_text="The contact's id as planned; all zeros: nobody.")
    addressee = models.UUIDField(
        default=NOBODY, help_text="The first contact with the same address: whoever gets one mail a day."
    )
    channel = models.CharField(max_length=10, choices=ReminderChannel, default=ReminderChannel.EMAIL)
    state = models.CharField(max_length=12, choices=OccurrenceState, default=OccurrenceState.DUE)
    reason = models.CharField(max_length=80, blank=True)
    is_urgent = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=5)
    letter = models.ForeignKey(
        "registry.OutboxMessage", models.SET_NULL, null=True, blank=True, related_name="occurrences"
    )
    due_at = models.DateTimeField(help_text="The rule's hour at the recipient on the first open day.")
    planned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rule_code", "subject_id", "anchor_on", "step", "contact_role", "recipient", "channel"],
                name="occurrence_once",
            ),
        )
        indexes = (
            models.Index(fields=["due_at", "id"], name="occurrence_by_due"),
            models.Index(fields=["organisation", "due_at"], name="occurrence_by_organisation"),
            models.Index(
                fields=["rule_code", "due_at"], condition=Q(state__in=("planned", "due")), name="occurrence_waiting"
            ),
            models.Index(fields=["addressee"], condition=Q(state="due", letter=None), name="occurrence_for_a_letter"),
        )

    @property
    def identity(self) -> tuple[UUID, date, int, str, UUID]:
        """The occurrence key without what one rule shares."""
        return self.subject_id, self.anchor_on, self.step, self.contact_role, self.recipient

    @property
    def key(self) -> str:
        """The occurrence key as text: also the reference of its notice."""
        parts = (self.rule_code, self.subject_id.hex, self.anchor_on.isoformat(), str(self.step))
        return ":".join((*parts, self.contact_role, self.recipient.hex, self.channel))


class PlanMark(models.Model):
    """How far one rule is planned, when it was last looked through in full, and how much it expects."""

    code = models.CharField(max_length=60, primary_key=True, help_text="Code of the rule, with its country.")
    rule_version = models.PositiveSmallIntegerField()
    planned_until = models.DateTimeField()
    full_at = models.DateTimeField()
    foreseen = models.PositiveIntegerField(default=0, help_text="What was planned ahead when the last run ended.")


class ReminderPause(models.Model):
    """The switch for everything: while one is open, nothing becomes due and no mail of a reminder leaves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reason = models.CharField(max_length=200)
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("paused_at")), name="reminder_pause_in_order"
            ),
        )


class OptOut(models.Model):
    """A contact wants no more mails of one optional rule."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact = models.ForeignKey("members.Contact", models.CASCADE, related_name="+")
    rule_code = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contact", "rule_code"], name="opt_out_once"),)


class MailEvent(models.Model):
    """What became of a mail after it was handed over: appended, each event once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message_id = models.CharField(max_length=255)
    contact = models.ForeignKey("members.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    event = models.CharField(max_length=12, choices=DeliveryEvent)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message_id", "event", "happened_at"], name="mail_event_once"),)
        indexes = (models.Index(fields=["contact", "event", "happened_at"], name="mail_event_by_contact"),)


class ClosedPeriod(models.Model):
    """Days on which a company, or one of its sites, is closed: a reminder waits for the next open day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="closed_periods")
    site = models.ForeignKey(
        "codesign.Site", models.PROTECT, null=True, blank=True, related_name="+", help_text="None: the whole company."
    )
    first_on = models.DateField()
    last_on = models.DateField()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="closed_period_in_order"),)


class CalendarFeed(models.Model):
    """The deadlines of one organisation as a calendar, under a token of its own; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FeedQuerySet.as_manager()
