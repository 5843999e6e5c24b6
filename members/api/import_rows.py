"""What is sent and shown of imports."""

from __future__ import annotations

from rest_framework import serializers

from members.imports.lifecycle import ImportKind, ImportState, RowLabel
from members.organisations.likeness import MatchReason
from registry.kernel.api.bodies import Body
from registry.kernel.api.rows import API_PREFIX, Computed, RowSerializer
from registry.kernel.api.tables import TableBody


class ImportBody(TableBody):
    """A table of the network."""

    kind = serializers.ChoiceField(ImportKind.choices, help_text="What a row is.")


class ImportLinesParameters(Body):
    """Which rows, from where on."""

    label = serializers.ListField(  # type: ignore[assignment]
        child=serializers.ChoiceField(RowLabel.choices),
        max_length=5,
        required=False,
        help_text="Repeat it for several.",
    )
    uncertain = serializers.BooleanField(default=False, help_text="True: those alone whose source is not sure.")
    after = serializers.IntegerField(min_value=0, max_value=10_000_000, default=0, help_text="Rows beyond this number.")
    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=100, help_text="Rows on a page.")


class ImportCountsAnswer(serializers.Serializer):
    """Rows by what the plan has for them."""

    create = serializers.IntegerField()  # type: ignore[assignment]
    match = serializers.IntegerField()
    update = serializers.IntegerField()  # type: ignore[assignment]
    conflict = serializers.IntegerField()
    error = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Not labelled yet.")
    applied = serializers.IntegerField(help_text="Written.")
    uncertain = serializers.IntegerField(help_text="Of any label, from a source that is not sure.")


class ImportRow(RowSerializer):
    """A table on its way into the register."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ImportKind.choices)
    state = serializers.ChoiceField(ImportState.choices, help_text="Written is nothing before `applying`.")
    file_name = serializers.CharField(help_text="Empty for rows that came as JSON.")
    sha256 = serializers.CharField(help_text="Of columns and rows: the same table has the same.")
    columns = serializers.ListField(child=serializers.CharField())
    unread = serializers.ListField(
        child=serializers.CharField(), help_text="Columns that an export shows and an import has no use for."
    )
    row_count = serializers.IntegerField()
    counts = ImportCountsAnswer()
    created_at = serializers.DateTimeField()
    planned_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True, help_text="Carried out or given up.")
    request_id = serializers.CharField(help_text="Under which the audit log has the rows, once they are written.")


class ImportFaultAnswer(serializers.Serializer):
    """One thing wrong with a row."""

    column = serializers.CharField(help_text="Empty for the row as a whole.")
    code = serializers.CharField(help_text="Stable code for programs.")
    message = serializers.CharField()


class ImportCandidateAnswer(serializers.Serializer):
    """An organisation that a row may mean."""

    id = serializers.UUIDField(allow_null=True, help_text="Null for one of an earlier row of the same table.")
    display = serializers.CharField()
    score = serializers.FloatField(help_text="How likely it is the one, 0 to 1.")
    reasons = serializers.ListField(child=serializers.ChoiceField(MatchReason.choices))


class ImportLineRow(RowSerializer):
    """A row of the table, and what the plan has for it."""

    number = serializers.IntegerField(help_text="In the table; the header is row 1.")
    label = serializers.ChoiceField(RowLabel.choices)  # type: ignore[assignment]
    cells = Computed(
        ("upload__columns", "cells"),
        lambda row: dict(zip(*row, strict=True)),
        serializers.DictField(child=serializers.CharField()),
    )
    errors = ImportFaultAnswer(source="faults", many=True, help_text="Of a row in conflict or error.")  # type: ignore[assignment]
    candidates = ImportCandidateAnswer(many=True, help_text="Of a row that may mean one of them; the likeliest first.")
    changes = serializers.DictField(help_text="Field → [before, after].")
    is_uncertain = serializers.BooleanField(help_text="Its source is not sure: left out of counts unless asked for.")
    target = Computed(
        ("upload__kind", "target_id"),
        lambda row: f"{API_PREFIX}{row[0]}/{row[1]}/" if row[1] else None,
        serializers.CharField(allow_null=True),
        help_text="Where to read the row of the register; null while there is none.",
    )
    applied_at = serializers.DateTimeField(allow_null=True, help_text="Null: not written.")


class ImportLinesAnswer(serializers.Serializer):
    """Rows in the order of the table."""

    results = ImportLineRow(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the rows after these; null on the last.")
