"""Reminder rules over HTTP: read by whoever is reminded, kept by the secretariat."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from codesign.api import reminder_bodies as bodies
from codesign.api import reminder_rows as rows
from codesign.reminders import actions
from codesign.reminders.models import ReminderKind, ReminderRule
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command

_EXAMPLE = {
    "code": "report-due",
    "kind": "report_due",
    "names": {"en": "Annual report due"},
    "effective_from": "2027-01-01",
    "steps": [{"offset_days": -45, "contact_role": "reporting_officer"}],
}


class ReminderRuleFilters(RowFilters):
    """Filters of rules."""

    code = AnyOf("code", help_text="Code of the rule, all its versions.")
    kind = AnyOf("kind", choices=ReminderKind, help_text="What the rule looks at.")

    class Meta:
        model = ReminderRule
        fields: list[str] = []


class ReminderRuleViews(ListRows, ReadRow, ResourceViews):
    """Reminder rules, each version a row of its own."""

    resource = "reminder-rules"
    tag = "Reminders"
    row = rows.ReminderRuleRow
    filters = ReminderRuleFilters
    orderings = {"code": "code", "effective_from": "effective_from"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ReminderRule.objects.visible_to(scope)

    @command(body=bodies.RuleBody, summary="Draft the next version of a rule", example=_EXAMPLE)
    def create(self, call: Call) -> ReminderRule:
        """It plans nothing before it is published; until then it can be rehearsed and changed."""
        return actions.draft(**call.data, actor=call.scope, at=call.at)

    @command(body=bodies.RuleChanges, summary="Change a draft", errors=(409,), example={"late_days": 14})
    def update(self, call: Call) -> ReminderRule:
        """409 for a version that was published."""
        return actions.edit(rule_id=call.uuid, **call.data, actor=call.scope, at=call.at)

    @command(detail=True, summary="Publish a draft", errors=(409,))
    def publish(self, call: Call) -> ReminderRule:
        """From its day on it stands in the place of the version before. 400 when that day has passed."""
        return actions.publish(rule_id=call.uuid, actor=call.scope, at=call.at)

    @command(detail=True, body=bodies.RetireBody, summary="Retire a rule", errors=(409,), example={"on": "2027-01-01"})
    def retire(self, call: Call) -> ReminderRule:
        """What waits for that day or later is taken back."""
        return actions.retire(rule_id=call.uuid, on=call.data["on"], actor=call.scope, at=call.at)

    @command(detail=True, summary="Switch a rule off", errors=(409,))
    def pause(self, call: Call) -> ReminderRule:
        """Nothing of it is planned or sent until it goes on; what waits goes on waiting."""
        return actions.pause(rule_id=call.uuid, actor=call.scope, at=call.at)

    @command(detail=True, summary="Let a rule go on", errors=(409,))
    def resume(self, call: Call) -> ReminderRule:
        """One that was switched off, or that stopped itself because it matched ten times its forecast."""
        return actions.resume(rule_id=call.uuid, actor=call.scope, at=call.at)
