"""Imports and their rows, with the plan for each."""

from __future__ import annotations

from django.db import models

from members.imports.lifecycle import ImportKind, ImportState, RowLabel
from members.imports.querysets import ImportQuerySet
from registry.kernel.ids import new_id

__all__ = ["Import", "ImportRow"]


class Import(models.Model):
    """One table that somebody sent. It names its officer, because its rows may be carried out later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=24, choices=ImportKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PLANNING)
    file_name = models.CharField(max_length=200, blank=True, help_text="Empty for rows that came as JSON.")
    sha256 = models.CharField(max_length=64, help_text="Of the columns and rows.")
    columns = models.JSONField(help_text="Names in the table's header, in their order.")
    unread = models.JSONField(default=list, help_text="Those of the columns that an export shows and no import reads.")
    row_count = models.PositiveIntegerField()
    countries = models.JSONField(
        null=True, blank=True, help_text="ISO codes that its rows may be of: a representative's. None: any."
    )
    packed = models.BinaryField(null=True, help_text="Number and cells of every row; empty once all are planned.")
    counts = models.JSONField(default=dict, help_text="Label → rows; `applied`: written; `uncertain`: no sure source.")
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Carried out or given up.")
    actor_id = models.UUIDField(null=True, blank=True)
    token_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    request_id = models.CharField(max_length=64, blank=True, help_text="Under which the audit log has every row.")
    version = models.PositiveIntegerField(default=1)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["state"], name="import_by_state"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportRow(models.Model):
    """One row: its cells as they came, and what the plan has for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upload = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Where it stands in the table; the header is row 1.")
    chunk = models.PositiveIntegerField(help_text="Rows of one chunk are planned, and later written, together.")
    cells = models.JSONField(help_text="In the order of the import's columns.")
    label = models.CharField(max_length=8, choices=RowLabel)
    key = models.TextField(blank=True, help_text="What makes two rows of one table the same.")
    faults = models.JSONField(default=list, help_text="Column, code and message of each.")
    candidates = models.JSONField(default=list, help_text="Organisations that may be the one, likeliest first.")
    changes = models.JSONField(default=dict, help_text="Field → [before, after].")
    target_id = models.UUIDField(null=True, blank=True, help_text="The row of the register that it is, or became.")
    target_version = models.PositiveIntegerField(null=True, blank=True, help_text="As the plan saw it.")
    organisation_id = models.UUIDField(null=True, blank=True, help_text="The organisation meant; null: none, or new.")
    is_new_organisation = models.BooleanField(default=False, help_text="It is registered along with the row.")
    is_uncertain = models.BooleanField(default=False, help_text="Its source is not sure: counted only when asked for.")
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "number"], name="import_row_once"),)
        indexes = (
            models.Index(fields=["upload", "label", "chunk", "number"], name="import_row_by_label"),
            models.Index(fields=["upload", "key"], name="import_row_by_key"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.label}"
