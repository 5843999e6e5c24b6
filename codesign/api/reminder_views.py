"""Reminders over HTTP: the rules, what was planned, what will leave, and why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api import reminder_rows as rows
from codesign.reminders import actions
from codesign.reminders.explain import FORECAST_ROWS, explain, forecast
from codesign.reminders.lifecycle import OccurrenceState
from codesign.reminders.models import Occurrence, ReminderKind, ReminderRule
from codesign.reminders.planner import Planned
from members.people.models import ContactRole
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import Invalid

LONGEST_FORECAST = timedelta(days=400)


class ReminderRuleFilters(RowFilters):
    """Filters of rules."""

    code = AnyOf("code", help_text="Code of the rule, all its versions.")
    kind = AnyOf("kind", choices=ReminderKind, help_text="What the rule looks at.")

    class Meta:
        model = ReminderRule
        fields: list[str] = []


class OccurrenceFilters(RowFilters):
    """Filters of occurrences."""

    rule = AnyOf("rule_code", help_text="Code of the rule.")
    subject = AnyOf("subject_id", kind=forms.UUIDField(), help_text="What the reminder is about.")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="The company.")
    state = AnyOf("state", choices=OccurrenceState, help_text="What became of it.")
    contact_role = AnyOf("contact_role", choices=ContactRole, help_text="Role of the recipient.")
    due_after = django_filters.DateFilter("due_at", lookup_expr="date__gte", help_text="Leaving on that day or later.")
    due_before = django_filters.DateFilter("due_at", lookup_expr="date__lte", help_text="Leaving by that day.")

    class Meta:
        model = Occurrence
        fields: list[str] = []


class ForecastParams(Body):
    """The period of a forecast: whole days, UTC; from now on when `from` is left out."""

    # A word of Python: it can't be written as a name.
    locals()["from"] = Day(required=False, source="since", help_text="First day; now when left out.")
    until = Day(required=False, help_text="Last day; 90 days ahead when left out, 400 at most.")
    rule = serializers.CharField(max_length=40, required=False, help_text="Code of one rule; all when left out.")


class ExplainParams(Body):
    """Which rule and which subject to explain."""

    rule = serializers.CharField(max_length=40, help_text="Code of the rule.")
    subject = serializers.UUIDField(help_text="Id of the subject, such as a report obligation.")


class ReminderRuleViews(ListRows, ReadRow, ResourceViews):
    """Reminder rules, each version a row of its own."""

    resource = "reminder-rules"
    tag = "Reminders"
    row = rows.ReminderRuleRow
    filters = ReminderRuleFilters
    orderings = {"code": "code", "effective_from": "effective_from"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ReminderRule.objects.visible_to(scope)


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


class ReminderViews(ResourceViews):
    """What will leave, and why something did, will or does not."""

    resource = "reminders"
    tag = "Reminders"
    row = rows.OccurrenceRow

    @query(params=ForecastParams, answer=rows.ForecastAnswer, summary="Say what would leave in a period")
    def forecast(self, call: Call) -> dict[str, Any]:
        """The planner's own statement, read instead of written."""
        since, until = _period(call)
        found = forecast(scope=call.scope, at=call.at, since=since, until=until, rule_code=call.data.get("rule", ""))
        return {
            "results": [_planned(code, row) for code, row in found[:FORECAST_ROWS]],
            "is_complete": len(found) <= FORECAST_ROWS,
        }

    @query(params=ExplainParams, answer=rows.ExplanationAnswer, summary="Explain one reminder", errors=(404,))
    def explain(self, call: Call) -> dict[str, Any]:
        """Verdict, every condition with its value, what was planned before and what comes."""
        found = explain(rule_code=call.data["rule"], subject_id=call.data["subject"], scope=call.scope, at=call.at)
        past = [{name: getattr(row, name) for name in rows.PastAnswer._declared_fields} for row in found.past]
        return {
            "rule_code": found.rule.code,
            "rule_version": found.rule.version,
            "subject_id": found.subject_id,
            "verdict": found.verdict,
            "clauses": [{"code": code, "holds": holds} for code, holds in found.clauses.items()],
            "past": past,
            "coming": [_planned(found.rule.code, row) for row in found.coming],
        }


def _period(call: Call) -> tuple[datetime, datetime]:
    """The moments of `from` and `until`; Invalid for a period that is empty or too long."""
    zone = call.at.tzinfo
    first, last = call.data.get("since"), call.data.get("until")
    since = datetime.combine(first, time(), tzinfo=zone) if first else call.at
    until = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone) if last else since + timedelta(days=90)
    if not timedelta() < until - since or until - call.at > LONGEST_FORECAST:
        raise Invalid.at("?until", "out_of_range", "A forecast ends after it begins, within 400 days from now.")
    return since, until


def _planned(rule_code: str, row: Planned) -> dict[str, Any]:
    names = (name for name in rows.PlannedAnswer._declared_fields if name != "rule_code")
    return {"rule_code": rule_code, **{name: getattr(row, name) for name in names}}
