"""What is shown of rules, occurrences, forecasts and explanations."""

from __future__ import annotations

from rest_framework import serializers

from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import ReminderChannel, ReminderClass, ReminderKind, ReminderStep
from members.people.models import ContactRole
from registry.kernel.api.rows import Many, Ref, RowSerializer, Translated

VERDICTS = ("sent", "will_send", "suppressed", "not_applicable")


class StepRow(RowSerializer):
    """One step of a rule to one role."""

    offset_days = serializers.IntegerField(help_text="Days after the anchor; before it when negative.")
    contact_role = serializers.ChoiceField(ContactRole.choices)


class ReminderRuleRow(RowSerializer):
    """One version of a rule with its steps."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(ReminderKind.choices)
    binding = serializers.ChoiceField(ReminderClass.choices, help_text="Nobody can opt out of an obligation.")
    name = Translated("names")
    steps = Many(
        StepRow,
        lambda scope, on: ReminderStep.objects.all(),
        by="rule",
        order=("offset_days", "contact_role", "pk"),
    )
    moves_off_weekends = serializers.BooleanField(help_text="A weekend moves the mail to Monday, never the deadline.")
    effective_from = serializers.DateField(help_text="Nothing that fell due before is ever planned.")
    is_active = serializers.BooleanField()


class OccurrenceRow(RowSerializer):
    """One step of one rule for one subject and one recipient."""

    id = serializers.UUIDField()
    rule_code = serializers.CharField()
    rule_version = serializers.IntegerField()
    subject_type = serializers.CharField()
    subject_id = serializers.UUIDField()
    company = Ref("companies", "organisation_id", "organisation__name")
    anchor_on = serializers.DateField(help_text="The day from which the steps count.")
    step = serializers.IntegerField(help_text="Days after the anchor; before it when negative.")
    contact_role = serializers.ChoiceField(ContactRole.choices)
    recipient_email = serializers.EmailField(
        allow_null=True, help_text="Null for nobody, and for addresses outside the caller's own organisation."
    )
    channel = serializers.ChoiceField(ReminderChannel.choices)
    state = serializers.ChoiceField(OccurrenceState.choices)
    reason = serializers.CharField(help_text="Why it was not sent, as a code; empty otherwise.")
    due_at = serializers.DateTimeField(help_text="09:00 of the recipient on the first open day.")
    planned_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True, help_text="When it reached its state; null while due.")


class PlannedAnswer(serializers.Serializer):
    """One reminder as it would leave."""

    rule_code = serializers.CharField()
    subject_id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    anchor_on = serializers.DateField()
    step = serializers.IntegerField()
    contact_role = serializers.ChoiceField(ContactRole.choices)
    state = serializers.ChoiceField(OccurrenceState.choices)
    reason = serializers.CharField()
    due_at = serializers.DateTimeField()


class ForecastAnswer(serializers.Serializer):
    """What would leave in a period, in order of leaving."""

    results = PlannedAnswer(many=True)
    is_complete = serializers.BooleanField(help_text="False when there is more than is shown.")


class ClauseAnswer(serializers.Serializer):
    """One condition of a rule and whether it holds now."""

    code = serializers.CharField()
    holds = serializers.BooleanField()


class PastAnswer(serializers.Serializer):
    """One occurrence that was planned before."""

    id = serializers.UUIDField()
    anchor_on = serializers.DateField()
    step = serializers.IntegerField()
    contact_role = serializers.ChoiceField(ContactRole.choices)
    state = serializers.ChoiceField(OccurrenceState.choices)
    reason = serializers.CharField()
    due_at = serializers.DateTimeField()


class ExplanationAnswer(serializers.Serializer):
    """Why a reminder went, will go or does not."""

    rule_code = serializers.CharField()
    rule_version = serializers.IntegerField()
    subject_id = serializers.UUIDField()
    verdict = serializers.ChoiceField([(verdict, verdict) for verdict in VERDICTS])
    clauses = ClauseAnswer(many=True)
    past = PastAnswer(many=True)
    coming = PlannedAnswer(many=True)
