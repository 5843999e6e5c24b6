"""Criteria and plans over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.companies.models import CodeMembership, Site
from codesign.companies.querysets import THE_CODE
from codesign.criteria import actions
from codesign.criteria.figures import progress
from codesign.criteria.models import Criterion, PlanAction, PlanActionState
from codesign.criteria.rules import CriterionState, state_of
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer, Translated, context_of, in_language
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query


class CriterionRow(RowSerializer):
    """One of the six criteria in the wording of the day."""

    number = serializers.IntegerField()
    version = serializers.IntegerField()
    name = Translated("names")
    text = Translated("texts")
    effective_from = serializers.DateField()


class PlanActionRow(RowSerializer):
    """An action of a plan."""

    id = serializers.UUIDField()
    membership = Ref("code-memberships", "membership_id", "membership__company__organisation__name")
    company = Ref("companies", "membership__company_id", "membership__company__organisation__name")
    site = Ref("sites", "site_id", "site__name", allow_null=True)
    criterion_number = serializers.IntegerField()
    title = serializers.CharField()
    responsible_role = serializers.CharField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(PlanActionState.choices)
    done_on = serializers.DateField(allow_null=True)
    verified_on = serializers.DateField(allow_null=True)


class PlanActionPatch(Body):
    """What of an open action may change."""

    criterion_number = serializers.IntegerField(min_value=1, max_value=6, required=False)
    title = serializers.CharField(max_length=300, required=False)
    responsible_role = serializers.CharField(max_length=60, required=False, help_text="A role, never a person's name.")
    due_on = Day(required=False)
    site = RelatedId(lambda scope: Site.objects.visible_to(scope), required=False, allow_null=True)


class PlanActionBody(PlanActionPatch):
    """An action of a plan."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope))
    criterion_number = serializers.IntegerField(min_value=1, max_value=6)
    title = serializers.CharField(max_length=300)
    responsible_role = serializers.CharField(max_length=60, help_text="A role, never a person's name.")
    due_on = Day()


class DraftPlanBody(Body):
    """Whose first plan to draft, and in which language."""

    membership = RelatedId(lambda scope: CodeMembership.objects.visible_to(scope))
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")


class DoneBody(Body):
    """When an action was done."""

    done_on = Day()


class PlanActionFilters(RowFilters):
    """Filters of plan actions."""

    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    site = AnyOf("site_id", kind=forms.UUIDField(), help_text="Id of the site.")
    country = AnyOf("membership__company__organisation__country_id", help_text="ISO code of the company's country.")
    criterion_number = AnyOf("criterion_number", kind=forms.IntegerField(min_value=1, max_value=6), help_text="1 to 6.")
    state = AnyOf("state", choices=PlanActionState, help_text="How far the action is.")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt", help_text="Due before this day.")

    class Meta:
        model = PlanAction
        fields: list[str] = []


class WordingAnswer(serializers.Serializer):
    """One wording of one criterion in every language."""

    number = serializers.IntegerField()
    version = serializers.IntegerField()
    names = serializers.DictField(child=serializers.CharField(), help_text="Language → short name.")
    texts = serializers.DictField(child=serializers.CharField(), help_text="Language → what it asks for.")
    effective_from = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]


_WORDING = tuple(WordingAnswer._declared_fields)


class WordingBody(Body):
    """A new wording, in every language at once."""

    number = serializers.IntegerField(min_value=1, max_value=6)
    names = serializers.DictField(child=serializers.CharField(max_length=200), help_text="Language → short name.")
    texts = serializers.DictField(child=serializers.CharField(max_length=2000), help_text="Language → text.")
    effective_from = Day()
    source = serializers.CharField(max_length=500, required=False)  # type: ignore[assignment]


class CriterionPlanAnswer(serializers.Serializer):
    """One criterion of a company's plan, with its progress."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    text = serializers.CharField()
    state = serializers.ChoiceField(CriterionState.choices, help_text="`met` when every action is verified.")
    planned = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Done, verified or not.")
    verified = serializers.IntegerField()
    overdue = serializers.IntegerField()
    actions = PlanActionRow(many=True)


class PlanAnswer(serializers.Serializer):
    """The plan of a company's current membership."""

    membership_id = serializers.UUIDField(allow_null=True)
    criteria = CriterionPlanAnswer(many=True)


class PlanQueries:
    """Adds `plan/` to the companies."""

    @query(detail=True, answer=PlanAnswer, summary="Show the plan on the six criteria with its progress")
    def plan(self, call: Call) -> dict[str, Any]:
        """In the wording of the day. Verified actions alone meet a criterion, numbers of trained staff never do."""
        current = CodeMembership.objects.visible_to(call.scope).filter(
            company=call.uuid, is_current=True, scheme=THE_CODE
        )
        membership_id = current.values_list("pk", flat=True).first()
        counted = progress(membership_id, on=call.on)
        context = context_of(call.scope, call.on)
        plan = PlanActionRow.plan(context=context)
        rows = PlanAction.objects.visible_to(call.scope).filter(membership=membership_id)
        actions_of: dict[int, list[dict[str, Any]]] = {}
        for row in plan.shaped(plan.raw(rows.order_by("criterion_number", "due_on", "pk"))):
            actions_of.setdefault(row["criterion_number"], []).append(row)
        return {
            "membership_id": membership_id,
            "criteria": [
                {
                    "number": criterion.number,
                    "name": in_language(criterion.names, context.language),
                    "text": in_language(criterion.texts, context.language),
                    "state": state_of(**{name: found[name] for name in ("planned", "done", "verified")}),
                    **found,
                    "actions": actions_of.get(criterion.number, []),
                }
                for criterion in Criterion.objects.on(call.on).order_by("number")
                for found in [counted.get(criterion.number, dict.fromkeys(_COUNTS, 0))]
            ],
        }


_COUNTS = ("planned", "done", "verified", "overdue")


class CriterionViews(ListRows, ResourceViews):
    """The six criteria of The Code; `valid_on` gives the wording of another day."""

    resource = "criteria"
    tag = "Public"
    row = CriterionRow
    orderings = {"number": "number"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Criterion.objects.on(on)

    @query(answer=WordingAnswer, answer_many=True, summary="List every wording in every language")
    def wordings(self, call: Call) -> list[dict[str, Any]]:
        """Oldest first: what held on any day stays readable."""
        return list(Criterion.objects.order_by("number", "version").values(*_WORDING))

    @command(
        body=WordingBody,
        answer=WordingAnswer,
        status=201,
        summary="Publish a new wording",
        example={
            "number": 1,
            "names": {"en": "Policy", "fr": "Politique", "nl": "Beleid", "de": "Richtlinie", "es": "Política"},
            "texts": {"en": "Adopt …", "fr": "Adopter …", "nl": "Stel …", "de": "Eine …", "es": "Adoptar …"},
            "effective_from": "2027-01-01",
        },
    )
    def create(self, call: Call) -> dict[str, Any]:
        """From that day on; a wording that held is never edited."""
        criterion = actions.publish_wording(**call.data, actor=call.scope, at=call.at)
        return {name: getattr(criterion, name) for name in _WORDING}


class PlanActionViews(ListRows, ReadRow, ResourceViews):
    """Actions that companies plan on the six criteria."""

    resource = "plan-actions"
    tag = "Plans"
    row = PlanActionRow
    filters = PlanActionFilters
    orderings = {"due_on": "due_on", "criterion_number": "criterion_number", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return PlanAction.objects.visible_to(scope)

    @command(
        body=DraftPlanBody,
        answer=PlanActionRow,
        answer_many=True,
        status=201,
        summary="Draft a first plan",
        example={"membership": "0190a5d0-0000-7000-8000-000000000002", "language": "fr"},
    )
    def draft(self, call: Call) -> list[dict[str, Any]]:
        """Proposes actions by the company's category, at least one on each criterion."""
        drafted = actions.draft_plan(**call.data, actor=call.scope, at=call.at)
        plan = PlanActionRow.plan(context=context_of(call.scope, call.on))
        rows = PlanAction.objects.filter(pk__in=[action.pk for action in drafted])
        return plan.shaped(plan.raw(rows.order_by("criterion_number", "pk")))

    @command(
        body=PlanActionBody,
        summary="Add an action to a plan",
        example={
            "membership": "0190a5d0-0000-7000-8000-000000000002",
            "criterion_number": 4,
            "title": "Show the reporting channel in every room",
            "responsible_role": "communication_manager",
            "due_on": "2027-03-31",
        },
    )
    def create(self, call: Call) -> PlanAction:
        """Not while the plan is under review."""
        return actions.add_action(**call.data, actor=call.scope, at=call.at)

    @command(body=PlanActionPatch, if_match="required", summary="Change an action", example={"due_on": "2027-06-30"})
    def update(self, call: Call) -> PlanAction:
        """Only while it is open."""
        return actions.update_action(
            action_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(if_match="required", summary="Take an action out of a plan")
    def destroy(self, call: Call) -> None:
        """Only while it is open."""
        actions.remove_action(action_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=DoneBody,
        if_match="required",
        summary="Mark an action done",
        example={"done_on": "2026-11-20"},
    )
    def done(self, call: Call) -> PlanAction:
        """It counts for its criterion once someone else verified it."""
        return actions.mark_done(
            action_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(detail=True, if_match="required", summary="Take back that an action is done")
    def reopen(self, call: Call) -> PlanAction:
        """It was not done, or not in full."""
        return actions.reopen(action_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @command(detail=True, if_match="required", summary="Verify that an action was done", errors=(403,))
    def verify(self, call: Call) -> PlanAction:
        """By someone else than who did it, from outside the company."""
        return actions.verify(action_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)
