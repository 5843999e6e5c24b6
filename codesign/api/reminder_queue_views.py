"""The queue for people: what was planned, to which role, what became of it; and what can still be done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse

from codesign.api import reminder_rows as rows
from codesign.api.reminder_mail_views import preview_of
from codesign.reminders import actions
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import Occurrence
from members.people.models import ContactRole
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query


class OccurrenceFilters(RowFilters):
    """Filters of occurrences."""

    rule = AnyOf("rule_code", help_text="Code of the rule.")
    subject = AnyOf("subject_id", kind=forms.UUIDField(), help_text="What the reminder is about.")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="The company.")
    state = AnyOf("state", choices=OccurrenceState, help_text="What became of it.")
    reason = AnyOf("reason", help_text="Why it was not sent, such as no_contact.")
    contact_role = AnyOf("contact_role", choices=ContactRole, help_text="Role of the recipient.")
    due_after = django_filters.DateFilter("due_at", lookup_expr="date__gte", help_text="Leaving on that day or later.")
    due_before = django_filters.DateFilter("due_at", lookup_expr="date__lte", help_text="Leaving by that day.")

    class Meta:
        model = Occurrence
        fields: list[str] = []


class OccurrenceViews(ListRows, ReadRow, ResourceViews):
    """Reminders that were planned: to which role, when, and what became of them."""

    resource = "reminders/occurrences"
    tag = "Reminders"
    row = rows.OccurrenceRow
    filters = OccurrenceFilters
    orderings = {"due_at": "due_at", "planned_at": "planned_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Occurrence.objects.visible_to(scope).with_recipient_email(scope)

    @command(detail=True, if_match="optional", summary="Take back a reminder that has not left", errors=(409,))
    def cancel(self, call: Call) -> Occurrence:
        """409 when it has left, or is leaving at this moment."""
        return actions.cancel(occurrence_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @query(detail=True, media_type="text/html", summary="Show a planned mail without sending it")
    def preview(self, call: Call) -> HttpResponse:
        """The page as it would be sent, in the language of its contact."""
        occurrence = Occurrence.objects.select_related("contact", "organisation", "membership").get(pk=call.uuid)
        return preview_of(occurrence, call)

    @command(detail=True, if_match="optional", summary="Send a reminder before its hour", errors=(409,))
    def send_now(self, call: Call) -> Occurrence:
        """In a mail of its own, beside the one of the day; the conditions are looked at again all the same."""
        return actions.send_now(occurrence_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="optional", summary="Mark a reminder as handled elsewhere", errors=(409,))
    def mark_handled(self, call: Call) -> Occurrence:
        """By telephone, say: the step counts as done, and no mail goes to any holder of the role."""
        return actions.mark_handled(
            occurrence_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at
        )
