"""A group's report: one return for each site, its links, and the slice of each country."""

from __future__ import annotations

from django.db import models

from codesign.reporting.lifecycle import ReturnState, SliceState
from codesign.reporting.models.calendar import ReportingYear
from codesign.reporting.models.questionnaires import Question
from codesign.reporting.models.reports import AnswerFields, Report
from codesign.reporting.querysets import ReportSliceQuerySet, ReturnLinkQuerySet, SiteReturnQuerySet
from registry.kernel.ids import new_id


class SiteReturn(models.Model):
    """What one site says in its group's report. A site stands in one report a year, whoever owns or brands it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="site_returns")
    reporting_year = models.ForeignKey(ReportingYear, models.PROTECT, related_name="+")
    site = models.ForeignKey("codesign.Site", models.PROTECT, related_name="returns")
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+", help_text="Of its slice.")
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.OPEN)
    completeness_share = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    comments = models.JSONField(default=dict, help_text="Question code → what to look at again.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = SiteReturnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reporting_year", "site"], name="site_return_once_a_year"),
            models.UniqueConstraint(fields=["report", "site"], name="site_return_once_per_report"),
        )
        indexes = (models.Index(fields=["report", "country", "state"], name="site_return_by_report"),)


class SiteSectionVersion(models.Model):
    """The tag of one section of one site's return; absent while nobody has saved it: version 1."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site_return = models.ForeignKey(SiteReturn, models.CASCADE, related_name="section_versions")
    section = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by_label = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["site_return", "section"], name="section_once_per_return"),)


class SiteAnswer(AnswerFields):
    """The present answer of one site to one question."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site_return = models.ForeignKey(SiteReturn, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site_return", "question"], name="site_answer_once_per_question"),
        )


class ReturnLink(models.Model):
    """A key to one site's return, for whoever fills it in: its secret is a token's, kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site_return = models.ForeignKey(SiteReturn, models.CASCADE, related_name="links")
    token = models.OneToOneField("members.ApiToken", models.CASCADE, related_name="return_link")
    holder = models.CharField(max_length=100, help_text="A function, such as front office manager; never a name.")
    created_at = models.DateTimeField()
    created_by_label = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    objects = ReturnLinkQuerySet.as_manager()


class ReportSlice(models.Model):
    """The part of a group's report that the representative of one country reads and decides on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="slices")
    country = models.ForeignKey("members.Country", models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False, help_text="Of the membership's own country: the company's sections.")
    state = models.CharField(max_length=10, choices=SliceState, default=SliceState.SUBMITTED)
    submitted_at = models.DateTimeField()
    passes_on = models.DateField(help_text="Still silent on this day, it passes to the lead.")
    passed_at = models.DateTimeField(null=True, blank=True, help_text="When it passed to the lead.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    comments = models.JSONField(default=dict, help_text="Question code → what to look at again.")
    version = models.PositiveIntegerField(default=1)

    objects = ReportSliceQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "country"], name="slice_once_per_country"),)
        indexes = (
            models.Index(fields=["passes_on", "id"], condition=models.Q(state="submitted"), name="slice_silent_by_day"),
        )
