"""Rosters, the pieces of their files, and their rows with the plan for each."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from codesign.rosters.lifecycle import RosterLabel, RosterMode, RosterState, RosterStep
from codesign.rosters.querysets import RosterQuerySet
from codesign.training.kinds import CompletionSource
from registry.kernel.ids import new_id

__all__ = ["Roster", "RosterPiece", "RosterRow"]


class Roster(models.Model):
    """One file of the staff of a company, or of a group of them. It names its officer, because a worker carries it out.

    `position`: the last employee reference that the present step has done; `lease_token` fences the worker.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey("codesign.Company", models.PROTECT, related_name="rosters")
    state = models.CharField(max_length=10, choices=RosterState, default=RosterState.VALIDATING)
    step = models.CharField(max_length=10, choices=RosterStep, default=RosterStep.READ)
    mode = models.CharField(max_length=10, choices=RosterMode, default=RosterMode.PARTIAL)
    as_of = models.DateTimeField(help_text="The moment that the file tells of.")
    most_ends_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.20"),
        help_text="Of a site's staff: when more would end, somebody has to say yes to it.",
    )
    confirms_itself = models.BooleanField(
        default=False, help_text="Written without a further word, where nothing bars."
    )
    source = models.CharField(
        max_length=20,
        choices=CompletionSource,
        default=CompletionSource.ROSTER,
        help_text="Of the completions that it records.",
    )
    site_ids = models.JSONField(null=True, help_text="The only sites that it may touch; None: all of the company.")
    company_ids = models.JSONField(
        null=True, help_text="Of a file for a group: the companies that it may touch; None: its own alone."
    )
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the file.")
    byte_count = models.PositiveIntegerField()
    line_count = models.PositiveIntegerField(help_text="Line ends of a text: about its rows; 0 for a workbook.")
    columns = models.JSONField(default=list, help_text="Names in the file's header, in their order.")
    row_count = models.PositiveIntegerField(default=0, help_text="Rows read so far.")
    unnamed_count = models.PositiveIntegerField(default=0, help_text="Rows that nobody can be found by.")
    position = models.CharField(max_length=40, blank=True)
    done_count = models.PositiveIntegerField(default=0, help_text="Rows that the present step has done.")
    step_started_at = models.DateTimeField(null=True, help_text="Real moment; None: no worker has begun.")
    counts = models.JSONField(default=dict, help_text="Label → rows, of the plan.")
    sites = models.JSONField(default=list, help_text="Counts of the plan by site, with the site's staff.")
    applied = models.JSONField(default=dict, help_text="What was written: kind of change → number.")
    undone = models.JSONField(default=dict, help_text="What was taken back, and what was left alone.")
    failure = models.CharField(max_length=40, blank=True, help_text="Code of what kept the file from being read.")
    failure_message = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Written, failed or given up.")
    undone_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When file and rows were erased.")
    sender_id = models.UUIDField(null=True, blank=True, help_text="Who sent it; actor: who confirmed or undid it last.")
    actor_id = models.UUIDField(null=True, blank=True)
    token_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True, help_text="Under which the audit log has every chunk.")
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="Real moment.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of the present chunk.")
    version = models.PositiveIntegerField(default=1)

    objects = RosterQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["state", "created_at"], name="roster_by_state"),
            models.Index(fields=["company", "created_at", "id"], name="roster_by_company"),
        )

    def __str__(self) -> str:
        return f"{self.mode} {self.state}"


class RosterPiece(models.Model):
    """A piece of the file, packed: web and worker need no disk in common, and erasing is a statement."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["roster", "number"], name="roster_piece_once"),)

    def __str__(self) -> str:
        return str(self.number)


class RosterRow(models.Model):
    """One row as the register reads it, with its label; and, once written, how things stood before.

    Its key becomes the key of what it creates: person, first posting, completion. None in a column says nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(null=True, help_text="In the file; the header is row 1. None: not in it.")
    reference = models.CharField(max_length=40, blank=True)
    reference_key = models.CharField(max_length=40, null=True, help_text="None: nobody can be found by it.")
    company_id = models.UUIDField(null=True, help_text="Whose row it is, in a file for a group; None: the roster's.")
    site_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, null=True)
    employment = models.CharField(max_length=10, null=True)
    language = models.CharField(max_length=10, null=True)
    hired_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    keeps_end = models.BooleanField(default=False, help_text="The file says nothing of the last day.")
    since = models.DateField(null=True)
    course_id = models.UUIDField(null=True)
    completed_on = models.DateField(null=True)
    label = models.CharField(max_length=10, choices=RosterLabel)
    target_id = models.UUIDField(null=True, help_text="The person whom it is about; None: somebody new.")
    target_version = models.PositiveIntegerField(null=True, help_text="As the plan saw them; once written, after it.")
    faults = models.JSONField(null=True, help_text="Column and code of each.")
    cells = models.JSONField(null=True, help_text="As they came, of a row in error.")
    before = models.JSONField(null=True, help_text="Of a written update or end: how the person stood.")

    class Meta:
        indexes = (
            models.Index(fields=["roster", "reference_key"], name="roster_row_by_reference"),
            models.Index(
                fields=["roster", "number"],
                condition=Q(label__in=["error", "conflict"]),
                name="roster_row_bad",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.label}"
