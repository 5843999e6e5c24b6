"""What is shown of mails, dead letters, closed seasons and calendar feeds."""

from __future__ import annotations

from rest_framework import serializers

from registry.kernel.api.rows import Ref, RowSerializer


class MailEventAnswer(serializers.Serializer):
    """How many items of the mail it bears on."""

    items = serializers.IntegerField(help_text="0 for a mail that the register did not send.")


class ClosedPeriodRow(RowSerializer):
    """Days on which a company or a site is closed, both inclusive."""

    id = serializers.UUIDField()
    company = Ref("companies", "company_id", "company__organisation__name")
    site = Ref("sites", "site_id", "site__name", allow_null=True)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    created_at = serializers.DateTimeField()


class CalendarFeedRow(RowSerializer):
    """One feed; its token is never shown again."""

    id = serializers.UUIDField()
    organisation = Ref("organisations", "organisation_id", "organisation__name")
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewFeedAnswer(serializers.Serializer):
    """A new feed and the address that reads it: shown this once."""

    id = serializers.UUIDField()
    path = serializers.CharField(help_text="With the token; whoever has it reads the deadlines.")


class DeadLetterRow(RowSerializer):
    """One message that was given up. It names nobody: addresses and texts are read when it is sent."""

    id = serializers.UUIDField()
    topic = serializers.CharField()
    attempts = serializers.IntegerField()
    reason = serializers.CharField(source="last_error", help_text="Class of the last fault, or a code.")
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


class RedrivenAnswer(serializers.Serializer):
    """How many wait for another try."""

    redriven = serializers.IntegerField()
