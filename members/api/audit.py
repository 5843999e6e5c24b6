"""The audit log over HTTP: who changed what, for auditors and the secretariat."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members.scope import OVERSIGHT, Scope
from registry.kernel.api.filters import AnyOf, MomentFilter, RowFilters
from registry.kernel.api.rows import RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews
from registry.kernel.audit.models import AuditEvent


class AuditEventRow(RowSerializer):
    """One change of one row by one actor."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField(help_text="Business moment of the change.")
    recorded_at = serializers.DateTimeField(help_text="Real moment at which it was written.")
    actor_id = serializers.UUIDField(allow_null=True, help_text="The user; null for the register's own jobs.")
    token_id = serializers.UUIDField(allow_null=True, help_text="The token that was used; null without one.")
    actor_label = serializers.CharField(help_text="The roles worn.")
    request_id = serializers.CharField()
    action = serializers.CharField(help_text="`<resource>.<verb>`.")
    object_type = serializers.CharField()
    object_id = serializers.UUIDField(allow_null=True)
    changes = serializers.DictField(help_text="Field → [before, after]; never secrets, answers or addresses.")


class AuditEventFilters(RowFilters):
    """Filters of the audit log."""

    action = AnyOf("action", help_text="Such as `companies.create`.")
    object = AnyOf("object_id", kind=forms.UUIDField(), help_text="Id of the row that was changed.")
    actor = AnyOf("actor_id", kind=forms.UUIDField(), help_text="Id of the user.")
    request_id = AnyOf("request_id", help_text="Everything that one request changed.")
    recorded_after = MomentFilter("recorded_at", "gt", help_text="Written after this moment.")

    class Meta:
        model = AuditEvent
        fields: list[str] = []


class AuditViews(ListRows, ReadRow, ResourceViews):
    """The audit log: appended, never edited."""

    resource = "audit"
    tag = "Access"
    row = AuditEventRow
    filters = AuditEventFilters
    orderings = {"recorded_at": "recorded_at"}
    dated = False
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return AuditEvent.objects.all() if scope.wears(*OVERSIGHT) else AuditEvent.objects.none()
