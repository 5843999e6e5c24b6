"""Reporting years, questionnaires, obligations, reports and their answers."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from codesign.reporting.answers import QuestionKind
from codesign.reporting.lifecycle import ReportMoveKind, ReportState
from codesign.reporting.querysets import (
    AnswerQuerySet,
    ExtensionQuerySet,
    ObligationQuerySet,
    QuestionnaireQuerySet,
    QuestionQuerySet,
    ReportingYearQuerySet,
    ReportQuerySet,
)
from codesign.reporting.rules import LAPSE_DAYS, RETURN_DAYS, REVIEW_DAYS
from registry.kernel.ids import new_id

__all__ = [
    "Answer",
    "Extension",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "QuestionnaireState",
    "Report",
    "ReportMove",
    "ReportMoveKind",
    "ReportObligation",
    "ReportSnapshot",
    "ReportState",
    "ReportingYear",
    "SectionVersion",
]


class QuestionnaireState(models.TextChoices):
    """Whether a version may be used. Once a year uses it, it is frozen."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


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
    unit = models.CharField(max_length=30, blank=True, help_text="What a number counts; blank for other kinds.")
    names = models.JSONField(help_text="Wording by language.")
    help = models.JSONField(default=dict, blank=True, help_text="Explanation by language.")
    criterion_number = models.PositiveSmallIntegerField()
    indicator_code = models.CharField(max_length=60, blank=True, help_text="The same across versions.")
    is_required = models.BooleanField(default=False)
    is_multiple = models.BooleanField(default=False, help_text="A choice that takes several options.")
    options = models.JSONField(default=list, blank=True, help_text="Of a choice: code and names by language.")
    minimum = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    at_most = models.CharField(max_length=60, blank=True, help_text="Code of a question whose answer bounds this one.")
    condition = models.JSONField(null=True, blank=True, help_text='{"question": code, "equals": value}; None: always.')

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once_per_version"),
            models.UniqueConstraint(fields=["questionnaire", "position"], name="question_position_once_per_version"),
            models.CheckConstraint(condition=Q(criterion_number__range=(1, 6)), name="question_criterion_1_to_6"),
        )


class ReportingYear(models.Model):
    """One calendar year to report on: from when, until when, and by which questionnaire."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField(unique=True)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="years")
    opens_on = models.DateField()
    due_on = models.DateField(help_text="The last day, at its end in the company's zone; without extensions.")
    lapse_days = models.PositiveSmallIntegerField(default=LAPSE_DAYS, help_text="Days after which it lapses.")
    return_days = models.PositiveSmallIntegerField(default=RETURN_DAYS, help_text="Days to answer a return.")
    review_days = models.PositiveSmallIntegerField(default=REVIEW_DAYS, help_text="Days to review a submission.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ReportingYearQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(due_on__gt=F("opens_on")), name="reporting_year_due_after_opening"),
        )


class Extension(models.Model):
    """More time for one year: for a company, for a country, or for everyone (both null)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="extensions")
    company = models.ForeignKey("codesign.Company", models.PROTECT, null=True, blank=True, related_name="+")
    country = models.ForeignKey("members.Country", models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    granted_at = models.DateTimeField()
    granted_by_id = models.UUIDField(null=True, blank=True)
    granted_by_label = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(company=None) | Q(country=None), name="extension_one_target"),
        )


class ReportObligation(models.Model):
    """A membership owes the report of a year until a day: what reminders and standing read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="report_obligations")
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="report_obligations")
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="obligations")
    due_on = models.DateField(help_text="With extensions; at the end of the day in the company's zone.")
    lapses_on = models.DateField()
    created_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True, blank=True, help_text="First submission of the report.")
    fulfilled_on = models.DateField(null=True, blank=True, help_text="Its day in the company's zone.")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "reporting_year"], name="obligation_once_per_year"),
        )
        indexes = (
            models.Index(fields=["due_on", "id"], condition=Q(fulfilled_on=None), name="obligation_open_by_due"),
            models.Index(fields=["company", "due_on"], name="obligation_by_company"),
        )


class Report(models.Model):
    """What one company says about one year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="reports")
    membership = models.ForeignKey("codesign.CodeMembership", models.PROTECT, related_name="reports")
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    completeness_share = models.DecimalField(
        max_digits=3, decimal_places=2, default=0, help_text="Required questions answered, 0 to 1, cut."
    )
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    first_submitted_on = models.DateField(null=True, blank=True, help_text="In the company's zone: decides lateness.")
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="The newest submission.")
    review_due_on = models.DateField(null=True, blank=True, help_text="While it waits for a reviewer.")
    answer_due_on = models.DateField(null=True, blank=True, help_text="While it is returned to the company.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Counts every change, those of answers too.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "reporting_year"], name="report_once_per_company_and_year"),
        )
        indexes = (models.Index(fields=["reporting_year", "state"], name="report_by_year_and_state"),)


class SectionVersion(models.Model):
    """The tag of one section of one report: two people at once never overwrite each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="section_versions")
    section = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_label = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "section"], name="section_once_per_report"),)


class Answer(models.Model):
    """The present answer to one question. A null value was given and cleared again: unknown, never zero."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    value = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    number = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text="The value of a number or share, for totals."
    )
    answered_at = models.DateTimeField()
    answered_by_id = models.UUIDField(null=True, blank=True)
    answered_by_label = models.CharField(max_length=200)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "question"], name="answer_once_per_question"),)
        indexes = (models.Index(fields=["question", "report"], name="answer_by_question"),)


class ReportMove(models.Model):
    """One move of one report: appended, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="moves")
    version = models.PositiveIntegerField(help_text="Version of the report that this move led to.")
    move = models.CharField(max_length=10, choices=ReportMoveKind)
    from_state = models.CharField(max_length=10, choices=ReportState)
    to_state = models.CharField(max_length=10, choices=ReportState)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    comments = models.JSONField(default=dict, help_text="Question code → what to look at again.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "version"], name="report_move_once_per_version"),)


class ReportSnapshot(models.Model):
    """What was handed in, as it was: the reviewed and the published report speak from here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="snapshots")
    number = models.PositiveSmallIntegerField(help_text="1 for the first submission.")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the canonical JSON of `content`.")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "number"], name="snapshot_number_once_per_report"),)
