"""Initiatives with who takes part, whom they are for and what they reached; trainings that members gave."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.countries.models import Country
from members.initiatives.lifecycle import Audience, InitiativeKind, InitiativeRole
from members.initiatives.querysets import InitiativeQuerySet, ParticipantQuerySet, PartnerQuerySet, TrainingQuerySet
from members.organisations.models import Organisation
from registry.kernel.ids import new_id

__all__ = [
    "Initiative",
    "InitiativeAudience",
    "InitiativeFigure",
    "InitiativeLanguage",
    "InitiativeParticipant",
    "TrainingAudience",
    "TrainingGiven",
    "TrainingLanguage",
    "TrainingPartner",
]

PARTIAL = "YYYY, YYYY-MM or YYYY-MM-DD, as the source has it."


class _Published(models.Model):
    """A public fact with its source; `earliest_on` and `latest_on` bound when it was, null when nobody knows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    earliest_on = models.DateField(null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Initiative(_Published):
    """A campaign, project, tool or publication; an award, a recommendation, a call for action, a day of the year."""

    code = models.SlugField(unique=True, max_length=60, help_text="Short name in addresses and files.")
    kind = models.CharField(max_length=20, choices=InitiativeKind)
    names = models.JSONField(help_text="By language.")
    summaries = models.JSONField(default=dict, blank=True, help_text="By language.")
    search_key = models.TextField(help_text="Code, names and summaries, folded.")
    since = models.CharField(max_length=10, blank=True, help_text=PARTIAL)
    until = models.CharField(max_length=10, blank=True, help_text=PARTIAL)
    recurs_on = models.CharField(max_length=5, blank=True, help_text="MM-DD, for a day of every year.")
    place = models.CharField(max_length=200, blank=True)
    links = models.JSONField(default=list, blank=True, help_text="{url, language, title} each.")

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["code", "id"], name="initiative_by_code"),)

    def __str__(self) -> str:
        return self.code


class InitiativeParticipant(models.Model):
    """An organisation in an initiative."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="initiative_roles")
    role = models.CharField(max_length=10, choices=InitiativeRole)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["initiative", "organisation", "role"], name="initiative_participant_once"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"


class InitiativeAudience(models.Model):
    """Whom an initiative is for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="audiences")
    audience = models.CharField(max_length=24, choices=Audience)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["initiative", "audience"], name="initiative_audience_once"),)

    def __str__(self) -> str:
        return self.audience


class InitiativeLanguage(models.Model):
    """A language in which an initiative speaks."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="languages")
    language = models.CharField(max_length=35, help_text="BCP 47 tag.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["initiative", "language"], name="initiative_language_once"),)

    def __str__(self) -> str:
        return self.language


class InitiativeFigure(models.Model):
    """What was aimed at and what was reached, in one unit under one definition. Missing is unknown, never 0."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=40, help_text="What is counted, such as EUR or people.")
    definition = models.CharField(max_length=300)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    reached = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    as_of = models.CharField(max_length=10, blank=True, help_text=PARTIAL)
    source = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(target__isnull=False) | Q(reached__isnull=False), name="initiative_figure_says_something"
            ),
            models.UniqueConstraint(fields=["initiative", "position"], name="initiative_figure_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.initiative_id}"


class TrainingGiven(_Published):
    """A professional training that a member gave outside of The Code's own. Who came is a count, never a list."""

    given_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings_given",
        help_text="Null where no source says who.",
    )
    initiative = models.ForeignKey(Initiative, models.SET_NULL, null=True, blank=True, related_name="trainings")
    title = models.CharField(max_length=200)
    search_key = models.TextField(help_text="Title and place, folded.")
    held_on = models.CharField(max_length=10, blank=True, help_text=PARTIAL)
    place = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="trainings_given")
    attendance = models.PositiveIntegerField(null=True, blank=True, help_text="People; null when nobody counted.")

    objects = TrainingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class TrainingPartner(models.Model):
    """An organisation with which, or for whose people, a training was given."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    training = models.ForeignKey(TrainingGiven, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="training_partnerships")

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["training", "organisation"], name="training_partner_once"),)

    def __str__(self) -> str:
        return str(self.organisation_id)


class TrainingAudience(models.Model):
    """Whom a training was for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    training = models.ForeignKey(TrainingGiven, models.CASCADE, related_name="audiences")
    audience = models.CharField(max_length=24, choices=Audience)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["training", "audience"], name="training_audience_once"),)

    def __str__(self) -> str:
        return self.audience


class TrainingLanguage(models.Model):
    """A language in which a training was given."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    training = models.ForeignKey(TrainingGiven, models.CASCADE, related_name="languages")
    language = models.CharField(max_length=35, help_text="BCP 47 tag.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["training", "language"], name="training_language_once"),)

    def __str__(self) -> str:
        return self.language
