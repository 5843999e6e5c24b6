"""Handovers of countries over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from codesign.handovers import actions
from codesign.handovers.figures import Desk
from codesign.handovers.models import Handover
from members import refs
from members.agreements.models import Agreement
from members.countries.models import Country
from members.network.models import Mandate
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import API_PREFIX, Ref, ReferenceSerializer, RowSerializer
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command


class HandoverRow(RowSerializer):
    """A country that changed hands, or will on its day."""

    id = serializers.UUIDField()
    country = serializers.CharField(source="country_id", help_text="ISO code.")
    country_name = refs.country_name()
    former = refs.organisation("former__organisation", allow_null=True, help_text="Null: the secretariat stood in.")
    former_mandate = Ref("mandates", "former_id", "former__country__names", allow_null=True)
    successor = refs.organisation(
        "successor__organisation", allow_null=True, help_text="Null: the secretariat stands in."
    )
    successor_mandate = Ref("mandates", "successor_id", "successor__country__names", allow_null=True)
    effective_on = serializers.DateField(help_text="First day of the successor.")
    reason = serializers.CharField()
    carried_out_at = serializers.DateTimeField(allow_null=True, help_text="When the companies moved; null: not yet.")
    company_count = serializers.IntegerField(allow_null=True, help_text="How many moved; null: not yet.")
    created_at = serializers.DateTimeField()


class HandoverFilters(RowFilters):
    """Filters of handovers."""

    country = AnyOf("country_id", help_text="ISO code.")

    class Meta:
        model = Handover
        fields: list[str] = []


class HandoverBody(Body):
    """What is handed over, to whom, and from when."""

    mandate = RelatedId(
        lambda scope: Mandate.objects.visible_to(scope), required=False, help_text="The mandate that is handed over."
    )
    country = RelatedCode(
        lambda scope: Country.objects.visible_to(scope),
        required=False,
        help_text="Instead of a mandate: a country where the secretariat stood in.",
    )
    organisation = RelatedId(
        lambda scope: Organisation.objects.visible_to(scope),
        allow_null=True,
        help_text="Who takes over; null: the secretariat stands in.",
    )
    agreement = RelatedId(
        lambda scope: Agreement.objects.visible_to(scope),
        required=False,
        help_text="That the successor's mandate rests on.",
    )
    effective_on = Day(help_text="First day of the successor, in the country.")
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class DeskAnswer(serializers.Serializer):
    """Who is written to for one side."""

    officer_count = serializers.IntegerField(help_text="Live contacts; the secretariat's where it stands in.")
    sender = serializers.CharField(help_text="Address that answers to its mails go to; empty without any.")


class MovingAnswer(serializers.Serializer):
    """What goes from one hand to the other."""

    company_count = serializers.IntegerField()
    companies = ReferenceSerializer(many=True, help_text="The first thousand, by name.")
    open_action_count = serializers.IntegerField(help_text="Planned actions that the companies have not done yet.")
    done_action_count = serializers.IntegerField(help_text="Done actions that wait for verification.")
    report_count = serializers.IntegerField(help_text="Reports that wait for review.")
    application_count = serializers.IntegerField(help_text="Applications that wait for an answer.")
    contacts_from = DeskAnswer()
    contacts_to = DeskAnswer()


class HandoverAnswer(serializers.Serializer):
    """The handover with what it moves."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    country = serializers.CharField()
    former_mandate_id = serializers.UUIDField(allow_null=True)
    successor_mandate_id = serializers.UUIDField(allow_null=True)
    effective_on = serializers.DateField()
    carried_out_at = serializers.DateTimeField(allow_null=True, help_text="Null: the companies move on the day.")
    moves = MovingAnswer()
    warnings = serializers.ListField(
        child=serializers.ChoiceField(["no_officer"]),
        help_text="`no_officer`: nobody is written to on the side that takes over.",
    )


class HandoverViews(ListRows, ReadRow, ResourceViews):
    """Countries that change hands. The former representative keeps reading its own period, and nothing later."""

    resource = "handovers"
    tag = "Network"
    row = HandoverRow
    filters = HandoverFilters
    orderings = {"effective_on": "effective_on", "created_at": "created_at", "country": "country_id"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Handover.objects.visible_to(scope)

    @command(
        body=HandoverBody,
        answer=HandoverAnswer,
        status=201,
        summary="Hand a country over; with dry_run, see what would move.",
        errors=(409,),
        example={
            "mandate": "01936f5e-0000-7000-8000-000000000001",
            "organisation": "01936f5e-0000-7000-8000-000000000002",
            "effective_on": "2027-01-01",
        },
    )
    def create(self, call: Call) -> Any:
        """The former mandate ends the day before, the successor's counts from the day, the companies move on it."""
        done = actions.hand_over(**call.data, actor=call.scope, at=call.at)
        handover, moves = done.handover, done.moving
        return {
            "id": handover.pk,
            "url": f"{API_PREFIX}handovers/{handover.pk}/",
            "country": handover.country_id,
            "former_mandate_id": handover.former_id,
            "successor_mandate_id": handover.successor_id,
            "effective_on": handover.effective_on,
            "carried_out_at": handover.carried_out_at,
            "moves": {
                "company_count": moves.company_count,
                "companies": [
                    {"id": str(key), "url": f"{API_PREFIX}companies/{key}/", "display": name}
                    for key, name in moves.companies
                ],
                "open_action_count": moves.open_action_count,
                "done_action_count": moves.done_action_count,
                "report_count": moves.report_count,
                "application_count": moves.application_count,
                "contacts_from": _desk(moves.former_desk),
                "contacts_to": _desk(moves.successor_desk),
            },
            "warnings": [] if moves.successor_desk.officer_count else ["no_officer"],
        }


def _desk(desk: Desk) -> dict[str, Any]:
    return {"officer_count": desk.officer_count, "sender": desk.sender}
