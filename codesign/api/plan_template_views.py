"""What a first plan proposes, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.companies.models import CompanyCategory
from codesign.criteria import actions
from codesign.criteria.models import ActionTemplate
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import RowSerializer, context_of
from registry.kernel.api.views import ListRows, ResourceViews, command, query

_CODE = r"^[a-z][a-z0-9_-]{0,39}$"


class PlanTemplateRow(RowSerializer):
    """An action that a first plan proposes."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    effective_from = serializers.DateField(allow_null=True, help_text="Null: since the register began.")
    criterion_number = serializers.IntegerField()
    category = serializers.CharField(help_text="Of the companies that it is proposed to; empty: to all.")
    titles = serializers.DictField(child=serializers.CharField(), help_text="Language → title.")
    responsible_role = serializers.CharField()
    due_months = serializers.IntegerField(help_text="Months after the plan was drafted.")
    is_active = serializers.BooleanField(help_text="False: from this version on no plan proposes it.")


class PlanTemplateBody(Body):
    """A template from a day on; of a code that is there, its next version."""

    code = serializers.RegexField(_CODE, help_text="Lower case, digits, hyphens, underscores.")
    criterion_number = serializers.IntegerField(min_value=1, max_value=6)
    category = serializers.ChoiceField(
        CompanyCategory.choices, required=False, help_text="Proposed to these companies; to all when left out."
    )
    titles = serializers.DictField(child=serializers.CharField(max_length=300), help_text="Language → title.")
    responsible_role = serializers.CharField(max_length=60, help_text="A role, never a person's name.")
    due_months = serializers.IntegerField(min_value=0, max_value=60)
    effective_from = Day(help_text="Today or later.")
    is_active = serializers.BooleanField(required=False, help_text="False gives it up from that day on.")


class PlanTemplateFilters(RowFilters):
    """Filters of templates."""

    code = AnyOf("code", help_text="Code of the template.")
    category = AnyOf("category", choices=CompanyCategory, help_text="Proposed to this category alone.")
    criterion_number = AnyOf("criterion_number", kind=forms.IntegerField(min_value=1, max_value=6), help_text="1 to 6.")

    class Meta:
        model = ActionTemplate
        fields: list[str] = []


class PlanTemplateViews(ListRows, ResourceViews):
    """What a first plan proposes on the day, by category of company; `valid_on` tells what it proposed on another."""

    resource = "plan-templates"
    tag = "Plans"
    row = PlanTemplateRow
    filters = PlanTemplateFilters
    orderings = {"criterion_number": "criterion_number", "code": "code"}
    version_column = None

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return ActionTemplate.objects.on(on)

    @query(answer=PlanTemplateRow, answer_many=True, summary="List every version of every template")
    def versions(self, call: Call) -> list[dict[str, Any]]:
        """Oldest first, those to come and those given up too."""
        return _shown(ActionTemplate.objects.order_by("code", "version"), call)

    @command(
        body=PlanTemplateBody,
        answer=PlanTemplateRow,
        status=201,
        summary="Publish a template, or its next version",
        errors=(409,),
        example={
            "code": "policy",
            "criterion_number": 1,
            "titles": {
                "en": "Adopt a child protection policy",
                "fr": "Adopter une politique de protection de l'enfance",
                "nl": "Een kinderbeschermingsbeleid vaststellen",
                "de": "Eine Kinderschutzrichtlinie beschließen",
                "es": "Adoptar una política de protección de la infancia",
            },
            "responsible_role": "director",
            "due_months": 2,
            "effective_from": "2027-01-01",
        },
    )
    def create(self, call: Call) -> dict[str, Any]:
        """Plans that are drafted stay as they are. 409 when some company's first plan would lack a criterion."""
        template = actions.publish_template(**call.data, actor=call.scope, at=call.at)
        return _shown(ActionTemplate.objects.filter(pk=template.pk), call)[0]


def _shown(rows: QuerySet, call: Call) -> list[dict[str, Any]]:
    plan = PlanTemplateRow.plan(context=context_of(call.scope, call.on))
    return plan.shaped(plan.raw(rows))
