"""Reports with their sections, answers, moves and snapshots."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from codesign.reporting.lifecycle import ReportMoveKind, ReportState
from codesign.reporting.models.calendar import ReportingYear
from codesign.reporting.models.questionnaires import Question
from codesign.reporting.querysets import AnswerQuerySet, ReportQuerySet
from registry.kernel.ids import new_id


class AnswerFields(models.Model):
    """An answer with who gave it, when, and where it came from. A null value is unknown, never zero."""

    value = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    number = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text="The value where it can be added up."
    )
    comment = models.CharField(max_length=1000, blank=True, help_text="Why it differs so much from last year.")
    origin = models.CharField(max_length=40, blank=True, help_text="Where a value filled in beforehand came from.")
    answered_at = models.DateTimeField()
    answered_by_id = models.UUIDField(null=True, blank=True)
    answered_by_label = models.CharField(max_length=200)
    redacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


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
    published_number = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The snapshot that speaks in public; a correction replaces it once published."
    )
    provisional_at = models.DateTimeField(null=True, blank=True, help_text="Last shown to the reviewer before its end.")
    is_by_site = models.BooleanField(default=False, help_text="Each site in scope has a return of its own.")
    public_codes = models.JSONField(default=list, blank=True, help_text="Questions whose answers the company shows.")
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


class Answer(AnswerFields):
    """The present answer of the company to one question."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "question"], name="answer_once_per_question"),)
        indexes = (models.Index(fields=["question", "report"], name="answer_by_question"),)


class ReportMove(models.Model):
    """One move of one report: appended, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="moves")
    version = models.PositiveIntegerField(help_text="Version of the report that this move led to.")
    move = models.CharField(max_length=12, choices=ReportMoveKind)
    from_state = models.CharField(max_length=10, choices=ReportState)
    to_state = models.CharField(max_length=10, choices=ReportState)
    at = models.DateTimeField()
    moved_on = models.DateField(help_text="Day of `at` in the company's zone: what the report was on a day.")
    answer_due_on = models.DateField(
        null=True, blank=True, help_text="The company's term; null unless it is to answer."
    )
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    comments = models.JSONField(default=dict, help_text="Question code → what to look at again.")
    reason = models.CharField(max_length=500, blank=True, help_text="Of a correction.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "version"], name="report_move_once_per_version"),)


class ReportFile(models.Model):
    """A file that was handed in with a report; an answer names it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    document = models.OneToOneField("registry.Document", models.PROTECT, related_name="report_file")
    added_at = models.DateTimeField()


class SnapshotKind(models.TextChoices):
    """As what a snapshot was handed in."""

    PROVISIONAL = "provisional", "Provisional"
    FINAL = "final", "Final"
    CORRECTION = "correction", "Correction of an accepted report"


class ReportSnapshot(models.Model):
    """What was handed in, as it was: the reviewed and the published report speak from here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="snapshots")
    number = models.PositiveSmallIntegerField(help_text="1 for the first submission.")
    kind = models.CharField(max_length=12, choices=SnapshotKind, default=SnapshotKind.FINAL)
    reason = models.CharField(max_length=500, blank=True, help_text="Of a correction.")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the canonical JSON of `content` as it was handed in.")
    redacted_sha256 = models.CharField(max_length=64, blank=True, help_text="Of what is left after a redaction.")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "number"], name="snapshot_number_once_per_report"),)
