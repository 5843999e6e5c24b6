"""What is shown of the worklist and of the contact log."""

from __future__ import annotations

from rest_framework import serializers

from codesign.api.worklist_calls import NUDGE_CODES
from codesign.companies.models import CompanyCategory
from codesign.worklist.kinds import WorkKind
from codesign.worklist.models import ContactWay
from registry.kernel.api.rows import Ref, ReferenceSerializer, RowSerializer


class ReadyCall(serializers.Serializer):
    """The call that does the next step: as it stands, but for what only a person knows."""

    label = serializers.CharField(help_text="What it does.")  # type: ignore[assignment]
    method = serializers.CharField(help_text="GET or POST.")
    url = serializers.CharField()
    body = serializers.DictField(allow_null=True, help_text="Null where none is taken.")
    fill_in = serializers.ListField(
        child=serializers.CharField(), help_text="Fields of the body that a person adds; empty when it is complete."
    )
    tag_from = serializers.CharField(
        allow_null=True, help_text="Read this for the ETag that If-Match needs; null where none is needed."
    )
    instead_of_nudge = serializers.CharField(
        allow_null=True,
        help_text="Where a reminder would be the step and none would leave now: why, as `nudge` says it; else null.",
    )


class SnoozeAnswer(serializers.Serializer):
    """Until when and why something is put off."""

    until = serializers.DateField()
    reason = serializers.CharField()
    by = serializers.CharField(source="snoozed_by_label")


class WorkAnswer(serializers.Serializer):
    """One piece of work: what, why, since when, how pressing, and the next step."""

    item = serializers.CharField(help_text="Names it, for snoozing: kind and id of the row that it is about.")
    kind = serializers.ChoiceField(WorkKind.choices)
    reason = serializers.CharField(help_text="Why it is on the list.")
    name = serializers.CharField(help_text="Of the company, or of the one that a claim names.")
    company = ReferenceSerializer(allow_null=True, help_text="Null for a claim: whom it means is to be found out.")
    country = serializers.CharField()
    category = serializers.ChoiceField(CompanyCategory.choices, allow_null=True, help_text="Null for a claim.")
    since = serializers.DateField(allow_null=True, help_text="Waits since; null where no day is known.")
    age_days = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    weight = serializers.IntegerField(help_text="How pressing, 30 to 135: its kind, its age, a term that ran out.")
    call = ReadyCall()
    snoozed = SnoozeAnswer(allow_null=True)


class WorkCount(serializers.Serializer):
    """Pieces of work of one kind."""

    kind = serializers.ChoiceField(WorkKind.choices)
    reason = serializers.CharField()
    count = serializers.IntegerField()


class WorklistAnswer(serializers.Serializer):
    """One page of the list, the most pressing first, and how much there is of each kind."""

    on = serializers.DateField()
    results = WorkAnswer(many=True)
    next = serializers.CharField(allow_null=True, help_text="URL of the next page; null on the last.")
    count = serializers.IntegerField(help_text="Of everything that was asked for.")
    kinds = WorkCount(many=True)


class NudgedAnswer(serializers.Serializer):
    """What became of one nudge."""

    index = serializers.IntegerField()
    item = serializers.CharField()
    is_planned = serializers.BooleanField(help_text="Whether a mail goes out, today or on the next open day.")
    code = serializers.CharField(
        help_text=f"Why not: `unknown_item`, `not_nudgeable`, {NUDGE_CODES}; empty where it is planned."
    )


class SnoozedAnswer(serializers.Serializer):
    """What was put off or taken up again."""

    item = serializers.CharField()
    until = serializers.DateField(allow_null=True, help_text="Null: it is back on the list.")


class ContactLogRow(RowSerializer):
    """A call, visit, meeting or mail with a company, and what comes next."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    way = serializers.ChoiceField(ContactWay.choices)
    happened_on = serializers.DateField()
    summary = serializers.CharField()
    next_step = serializers.CharField()
    next_step_due_on = serializers.DateField(allow_null=True)
    next_step_settled_on = serializers.DateField(allow_null=True, help_text="Null while it is to be taken.")
    logged_by = serializers.CharField(source="logged_by_label")
    created_at = serializers.DateTimeField()
