"""Versions of the questionnaire, as data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from codesign.reporting.answers import QuestionKind
from codesign.reporting.querysets import QuestionnaireQuerySet, QuestionQuerySet
from registry.kernel.ids import new_id


class QuestionnaireState(models.TextChoices):
    """Whether a version may be used. Once a year uses it, it is frozen."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class QuestionLevel(models.TextChoices):
    """Who answers a question."""

    COMPANY = "company", "The company, once"
    SITE = "site", "Each site for itself; the total is their sum"
    CASCADING = "cascading", "The company for all sites; a site may say otherwise"


class Publicity(models.TextChoices):
    """What may become of an answer outside."""

    NEVER = "never", "Never public"
    CHOSEN = "chosen", "Public if the company chooses it"


class Questionnaire(models.Model):
    """One version of what companies are asked; years stay comparable through the indicator's code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True, help_text="Number of the version, from 1.")
    state = models.CharField(max_length=10, choices=QuestionnaireState, default=QuestionnaireState.DRAFT)
    names = models.JSONField(help_text="Title by language.")
    sections = models.JSONField(help_text="Sections in order: code, criterion_number, names by language.")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()


class Question(models.Model):
    """One question of one version, with the criterion that it belongs to and the indicator that it feeds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    section = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=QuestionKind)
    level = models.CharField(max_length=10, choices=QuestionLevel, default=QuestionLevel.COMPANY)
    unit = models.CharField(max_length=30, blank=True, help_text="What a number counts; blank for other kinds.")
    names = models.JSONField(help_text="Wording by language.")
    help = models.JSONField(default=dict, blank=True, help_text="Explanation by language.")
    criterion_number = models.PositiveSmallIntegerField()
    indicator_code = models.CharField(max_length=60, blank=True, help_text="The same across versions.")
    is_required = models.BooleanField(default=False)
    is_multiple = models.BooleanField(default=False, help_text="A choice that takes several options.")
    options = models.JSONField(default=list, blank=True, help_text="Of a choice or counts: code, names by language.")
    minimum = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    at_most = models.CharField(max_length=60, blank=True, help_text="Code of a question whose answer bounds this one.")
    condition = models.JSONField(null=True, blank=True, help_text='{"question": code, "equals": value}; None: always.')
    prefill = models.CharField(max_length=40, blank=True, help_text="What the register knows of it; see `prefill`.")
    is_fresh = models.BooleanField(default=False, help_text="Entered anew each year: never filled in beforehand.")
    jump_share = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="A change from last year above it needs words."
    )
    publicity = models.CharField(max_length=10, choices=Publicity, default=Publicity.CHOSEN)
    is_passed_on = models.BooleanField(
        default=False, help_text="Counts suspicions that were passed on: no text, no site, no comparison, never public."
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once_per_version"),
            models.UniqueConstraint(fields=["questionnaire", "position"], name="question_position_once_per_version"),
            models.CheckConstraint(condition=Q(criterion_number__range=(1, 6)), name="question_criterion_1_to_6"),
            models.CheckConstraint(
                condition=Q(is_passed_on=False)
                | Q(level="company", prefill="", jump_share=None, publicity="never", kind__in=("number", "counts")),
                name="question_on_suspicions_is_a_count",
            ),
        )
