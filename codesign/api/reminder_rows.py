"""What is shown of rules, occurrences, forecasts, rehearsals and explanations."""

from __future__ import annotations

from rest_framework import serializers

from codesign.reminders.explain import CAUSES_OF_SILENCE
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import ReminderChannel, ReminderClass, ReminderKind, ReminderStep
from members.people.models import ContactRole
from registry.kernel.api.rows import Many, Ref, RowSerializer, Translated

VERDICTS = ("sent", "will_send", "suppressed", "not_applicable")


class StepRow(RowSerializer):
    """One step of a rule to one role."""

    offset_days = serializers.IntegerField(help_text="Days after the anchor; before it when negative.")
    contact_role = serializers.ChoiceField(ContactRole.choices)
    repeat_days = serializers.IntegerField(allow_null=True, help_text="Comes again every so many days; null: once.")
    repeat_times = serializers.IntegerField(help_text="How often it comes again, while the rule applies.")


class ReminderRuleRow(RowSerializer):
    """One version of a rule with its steps."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    country = serializers.CharField(
        source="country_id", allow_null=True, help_text="Stands in for the rule for everywhere there; null: everywhere."
    )
    kind = serializers.ChoiceField(ReminderKind.choices)
    binding = serializers.ChoiceField(ReminderClass.choices, help_text="Nobody can opt out of an obligation.")
    name = Translated("names")
    steps = Many(
        StepRow,
        lambda scope, on: ReminderStep.objects.all(),
        by="rule",
        order=("offset_days", "contact_role", "pk"),
    )
    categories = serializers.JSONField(help_text="Of companies; empty: all.")
    countries = serializers.JSONField(help_text="Of companies; empty: all.")
    standings = serializers.JSONField(help_text="Of companies, as last counted; empty: all.")
    schemes = serializers.JSONField(help_text="Of memberships; empty: all.")
    moves_off_weekends = serializers.BooleanField(
        help_text="A weekend or a closed season moves the mail to the next open day, never the deadline."
    )
    hour = serializers.IntegerField(help_text="Local hour of the recipient at which it leaves.")
    quiet_from = serializers.IntegerField(help_text="What is caught up late waits from this hour on.")
    quiet_until = serializers.IntegerField(help_text="And leaves from this hour on.")
    late_days = serializers.IntegerField(allow_null=True, help_text="What is later is skipped; null: caught up.")
    is_urgent = serializers.BooleanField(help_text="Does not wait for the one mail of the day.")
    priority = serializers.IntegerField(help_text="1 goes first, 9 last.")
    cap_per_run = serializers.IntegerField(
        allow_null=True, help_text="More in one run stops the rule; null: ten times its forecast does."
    )
    effective_from = serializers.DateField(help_text="Nothing that fell due before is ever planned.")
    published_at = serializers.DateTimeField(allow_null=True, help_text="Null: a draft, which plans nothing.")
    retired_on = serializers.DateField(allow_null=True, help_text="The first day on which it plans nothing.")
    paused_at = serializers.DateTimeField(allow_null=True, help_text="Switched off by a person.")
    held_at = serializers.DateTimeField(allow_null=True, help_text="Stopped itself: it matched far too much.")


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
    due_at = serializers.DateTimeField(help_text="The rule's hour at the recipient on the first open day.")
    planned_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True, help_text="When it reached its end; null before.")


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


class ForecastGroupAnswer(serializers.Serializer):
    """How many reminders leave in one group."""

    key = serializers.CharField()
    name = serializers.CharField(help_text="For people; of an organisation its name.")
    count = serializers.IntegerField()


class ForecastAnswer(serializers.Serializer):
    """What would leave in a period, in order of leaving; with `group_by` counts of it as well."""

    results = PlannedAnswer(many=True)
    groups = ForecastGroupAnswer(many=True, allow_null=True, help_text="Null without group_by.")
    is_complete = serializers.BooleanField(help_text="False when there is more than is shown.")


class MovedAnswer(serializers.Serializer):
    """One reminder that would leave on another day."""

    before = PlannedAnswer()
    after = PlannedAnswer()


class RehearsalAnswer(serializers.Serializer):
    """What a draft or an assumption would change; nothing was written."""

    added = PlannedAnswer(many=True)
    removed = PlannedAnswer(many=True)
    moved = MovedAnswer(many=True)


class ClauseAnswer(serializers.Serializer):
    """One condition of a rule, whether it holds, and the record whose value decides it."""

    code = serializers.CharField()
    holds = serializers.BooleanField()
    value = serializers.JSONField(allow_null=True, help_text="What the record says.")
    record = serializers.CharField(allow_null=True, help_text="Where to read it.")


class PastAnswer(serializers.Serializer):
    """One occurrence that was planned before."""

    id = serializers.UUIDField()
    anchor_on = serializers.DateField()
    step = serializers.IntegerField()
    contact_role = serializers.ChoiceField(ContactRole.choices)
    state = serializers.ChoiceField(OccurrenceState.choices)
    reason = serializers.CharField()
    due_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class ExplanationAnswer(serializers.Serializer):
    """Why a reminder went, will go or does not."""

    rule_code = serializers.CharField()
    rule_version = serializers.IntegerField()
    subject_id = serializers.UUIDField()
    verdict = serializers.ChoiceField([(verdict, verdict) for verdict in VERDICTS])
    stopped = serializers.ListField(
        child=serializers.CharField(),
        help_text="What keeps the whole rule back: rule_paused, rule_held, all_paused.",
    )
    clauses = ClauseAnswer(many=True)
    blocked_by = PastAnswer(allow_null=True, help_text="The sending because of which nobody gets it again.")
    changes_on = serializers.DateTimeField(
        allow_null=True, help_text="When the verdict changes next if nothing else happens; null: never."
    )
    as_of_now = serializers.ListField(
        child=serializers.CharField(),
        help_text="Of a past moment: clauses, hold, opt_out, stopped of which only the present is known. Else empty.",
    )
    past = PastAnswer(many=True)
    coming = PlannedAnswer(many=True)


class SilenceAnswer(serializers.Serializer):
    """Why a rule reached nobody on a day, or how many it did reach."""

    on = serializers.DateField()
    verdict = serializers.ChoiceField([(cause, cause) for cause in CAUSES_OF_SILENCE])
    sent = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField(), help_text="What became of that day's, by state.")
    subjects = serializers.IntegerField(help_text="Of which a step falls on the day, whether or not the rule applies.")
    failing = serializers.DictField(child=serializers.IntegerField(), help_text="For how many each clause fails now.")
    stopped = serializers.ListField(child=serializers.CharField())


class ReleasedAnswer(serializers.Serializer):
    """How many memberships are muted no more."""

    released = serializers.IntegerField()


class SwitchAnswer(serializers.Serializer):
    """Whether reminders leave at all."""

    is_paused = serializers.BooleanField()
    paused_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
