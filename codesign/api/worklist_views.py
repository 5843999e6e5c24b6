"""The worklist and the contact log over HTTP: for officers, about what needs them."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api import worklist_rows as shown
from codesign.api.company_filters import COUNTRY
from codesign.api.worklist_calls import ready_call
from codesign.companies.models import Company
from codesign.reminders import actions as reminders
from codesign.worklist import actions
from codesign.worklist.items import Work, about, counted, put_off, worklist
from codesign.worklist.kinds import WorkKind, age_days
from codesign.worklist.models import ContactLogEntry, ContactWay
from members.countries.models import Country
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import API_PREFIX
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query
from registry.kernel.errors import Invalid

PAGE, MOST = 100, 1000
ITEM = {"item": "plan_to_decide:0193a000-0000-7000-8000-000000000003"}


class WorklistParams(Body):
    """Which part of the list is wanted."""

    kind = serializers.ListField(
        child=serializers.ChoiceField(WorkKind.choices), required=False, help_text="Kinds of work; repeat for more."
    )
    company = RelatedId(lambda scope: Company.objects.visible_to(scope), required=False, help_text="Id of a company.")
    country = RelatedCode(lambda scope: Country.objects.all(), required=False, help_text=COUNTRY)
    everywhere = serializers.BooleanField(
        default=False, help_text="For the secretariat: countries with a representative too."
    )
    snoozed = serializers.BooleanField(default=False, help_text="What was put off, instead of what is to do.")
    page_size = serializers.IntegerField(default=PAGE, min_value=1, max_value=MOST, help_text=f"1 to {MOST}.")
    after = serializers.CharField(required=False, max_length=100, help_text="Item after which the page begins.")


class SnoozeBody(Body):
    """What is put off, until when, and why."""

    item = serializers.CharField(max_length=100, help_text="As the list names it.")
    until = Day(help_text="The day on which it comes back, within 90 days.")
    reason = serializers.CharField(max_length=300, help_text="For colleagues; never about a case.")


class ItemBody(Body):
    """One piece of work."""

    item = serializers.CharField(max_length=100, help_text="As the list names it.")


class WorklistViews(ResourceViews):
    """What needs a person, the most pressing first, each with its reason and the call that does the next step."""

    resource = "worklist"
    tag = "Worklist"
    dated = False

    @query(path="", params=WorklistParams, answer=shown.WorklistAnswer, summary="List what needs you")
    def items(self, call: Call) -> dict[str, Any]:
        """A representative's: the companies of its countries. The secretariat's: countries without a representative,
        and what waits for the secretariat itself. Worked out from the rows as they are; nothing is kept but snoozes.
        """
        asked = call.data
        found = worklist(
            call.scope,
            on=call.on,
            kinds=[WorkKind(kind) for kind in asked.get("kind", ())],
            companies=[asked["company_id"]] if "company_id" in asked else [],
            countries=[asked["country_id"]] if "country_id" in asked else [],
            everywhere=asked["everywhere"],
            asleep=asked["snoozed"],
        )
        first = _place(found, asked["after"]) if "after" in asked else 0
        page = found[first : first + asked["page_size"]]
        more = len(found) > first + len(page)
        return {
            "on": call.on,
            "results": _shown(call, page),
            "next": _next(call, page[-1].key) if more else None,
            "count": len(found),
            "kinds": [
                {"kind": kind, "reason": WorkKind(kind).label, "count": number}
                for kind, number in counted(found).items()
            ],
        }

    @command(
        body=SnoozeBody,
        answer=shown.SnoozedAnswer,
        summary="Put something off, with a reason.",
        example={**ITEM, "until": "2026-12-07", "reason": "The plan is discussed on site next week."},
    )
    def snooze(self, call: Call) -> dict[str, Any]:
        """It leaves the list of the whole side, and comes back by itself; once more changes day and reason."""
        row = actions.snooze(**call.data, actor=call.scope, at=call.at)
        return {"item": call.data["item"], "until": row.until}

    @command(
        body=ItemBody,
        many=True,
        max_items=100,
        answer=shown.NudgedAnswer,
        answer_many=True,
        summary="Remind companies by mail",
        example=[{"item": "report_late:0193a000-0000-7000-8000-000000000003"}],
    )
    def nudge(self, call: Call) -> list[dict[str, Any]]:
        """One item or a list; a result for each. One nudge a day for each matter, whoever asks. The list offers it only
        where it would leave now.
        """
        given = [data["item"] for data in call.data]
        results = reminders.nudge_items(items=given, actor=call.scope, at=call.at)
        rows = [
            {"index": index, "item": result.item, "is_planned": not result.code, "code": result.code}
            for index, result in zip(call.indexes, results, strict=True)
        ]
        bad = [
            {"index": index, "item": "", "is_planned": False, "code": faults[0].code}
            for index, faults in call.item_faults.items()
        ]
        return sorted(rows + bad, key=lambda row: row["index"])

    @command(body=ItemBody, answer=shown.SnoozedAnswer, summary="Take up again what was put off.", example=ITEM)
    def wake(self, call: Call) -> dict[str, Any]:
        """It is back on the list at once."""
        actions.wake(**call.data, actor=call.scope, at=call.at)
        return {"item": call.data["item"], "until": None}


def _place(found: list[Work], key: str) -> int:
    """Where the page after `key` begins; what has left the list meanwhile is no place."""
    for number, work in enumerate(found):
        if work.key == key:
            return number + 1
    raise Invalid.at("?after", "unknown_item", "It is not on your list any more: begin again.")


def _shown(call: Call, page: list[Work]) -> list[dict[str, Any]]:
    companies = about(page)
    refused = reminders.why_not_nudged(page, at=call.at)
    snoozes = put_off(page, call.scope, on=call.on) if call.data["snoozed"] else {}
    rows = []
    for work in page:
        company = companies[work.key]
        snooze = snoozes.get(work.key)
        rows.append(
            {
                "item": work.key,
                "kind": work.kind,
                "reason": work.kind.label,
                "name": company.name,
                "company": work.company_id
                and {
                    "id": str(work.company_id),
                    "url": f"{API_PREFIX}companies/{work.company_id}/",
                    "display": company.name,
                },
                "country": company.country_id,
                "category": company.category,
                "since": work.since,
                "age_days": age_days(work.since, call.on),
                "due_on": work.due_on,
                "weight": work.weight,
                "call": ready_call(work, on=call.on, refusal=refused.get(work.key, "")),
                "snoozed": snooze and {"until": snooze.until, "reason": snooze.reason, "by": snooze.snoozed_by_label},
            }
        )
    return rows


def _next(call: Call, key: str) -> str:
    params = call.request.query_params.copy()
    params["after"] = key
    return f"{call.request.path}?{params.urlencode()}"


class ContactLogFilters(RowFilters):
    """Filters of the contact log."""

    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    country = AnyOf("company__organisation__country_id", help_text=COUNTRY)
    way = AnyOf("way", choices=ContactWay, help_text="How they spoke.")
    is_open = django_filters.BooleanFilter(
        "next_step_settled_on", lookup_expr="isnull", help_text="Whose next step is not settled, or only the others."
    )

    class Meta:
        model = ContactLogEntry
        fields: list[str] = []


class ContactLogBody(Body):
    """What was talked about."""

    company = RelatedId(lambda scope: Company.objects.visible_to(scope))
    way = serializers.ChoiceField(ContactWay.choices)
    happened_on = Day(help_text="Today or before.")
    summary = serializers.CharField(max_length=1000, help_text="In neutral words; never a name, never a suspicion.")
    next_step = serializers.CharField(max_length=300, required=False)
    next_step_due_on = Day(required=False, help_text="On the worklist from seven days before.")


class NextStepBody(Body):
    """When the next step was taken."""

    settled_on = Day()


class ContactLogViews(ListRows, ReadRow, ResourceViews):
    """Calls, visits, meetings and mails with companies: for their representative and the secretariat alone."""

    resource = "contact-log"
    tag = "Worklist"
    row = shown.ContactLogRow
    filters = ContactLogFilters
    orderings = {"happened_on": "happened_on", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return ContactLogEntry.objects.visible_to(scope)

    @command(
        body=ContactLogBody,
        summary="Keep what was talked about.",
        example={
            "company": "0193a000-0000-7000-8000-000000000001",
            "way": "call",
            "happened_on": "2026-11-20",
            "summary": "The clause for suppliers is with the lawyers.",
            "next_step": "Ask for the signed clause.",
            "next_step_due_on": "2026-12-04",
        },
    )
    def create(self, call: Call) -> ContactLogEntry:
        """A text that looks like a person or a case is refused, and never repeated."""
        return actions.log(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=NextStepBody,
        if_match="required",
        summary="Say that the next step was taken.",
        errors=(409,),
        example={"settled_on": "2026-11-20"},
    )
    def settle(self, call: Call) -> ContactLogEntry:
        """It leaves the worklist."""
        return actions.settle(
            entry_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )
