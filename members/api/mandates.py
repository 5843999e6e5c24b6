"""Mandates of Local Code Representatives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, F, QuerySet, UUIDField, When
from rest_framework import serializers

from members import refs
from members.agreements.models import Agreement
from members.api.bodies import PartialDay
from members.api.changes import ChangesOfOrganisationRows
from members.api.filters import CountryIs, NameSearch, Uncertain, with_shown_note
from members.countries.models import Country
from members.network.actions import mandates
from members.network.lifecycle import MOVES, MandateMove, MandateState
from members.network.models import Mandate
from members.organisations.models import Organisation
from members.scope import Role, Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import Ref, RowSerializer
from registry.kernel.api.statements import KeptStatements
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query


class MandateRow(RowSerializer):
    """An organisation as Local Code Representative of a country."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    country = serializers.CharField(source="country_id", help_text="ISO code.")
    country_name = refs.country_name()
    state = serializers.ChoiceField(MandateState.choices, help_text="Only a confirmed mandate gives access.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="Last day; null while it lasts.")
    confirmed_at = serializers.DateTimeField(allow_null=True)
    agreement = Ref(
        "agreements", "shown_agreement_id", "agreement__title", allow_null=True, help_text="For its readers."
    )
    since = serializers.CharField(help_text="As the source has it; empty when not known.")
    since_basis = serializers.CharField()
    status_seen = serializers.CharField(help_text="What the source says of its state.")
    proven_from = serializers.DateField(allow_null=True, help_text="A source proves it from this day on.")
    is_uncertain = serializers.BooleanField(
        help_text="Neither confirmed nor proven by a sure source for the day: such rows come with `uncertain` only."
    )
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text="For the secretariat and auditors; else empty.")
    created_at = serializers.DateTimeField()


class MandateFilters(RowFilters):
    """Filters of mandates."""

    q = NameSearch("organisation")
    country = CountryIs("country_id")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    state = AnyOf("state", choices=MandateState, help_text="Recorded, confirmed or ended.")
    uncertain = Uncertain()

    class Meta:
        model = Mandate
        fields: list[str] = []


class MandatePatch(Body):
    """What the source says; the period is decided by moves."""

    since = PartialDay(required=False, allow_blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD; empty: not known.")
    since_basis = serializers.CharField(max_length=200, required=False, allow_blank=True)
    status_seen = serializers.CharField(max_length=200, required=False, allow_blank=True)
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="How sure the source is: `sourced` when it is."
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class MandateBody(MandatePatch):
    """A mandate to be confirmed later."""

    organisation = RelatedId(lambda scope: Organisation.objects.visible_to(scope))
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope))
    agreement = RelatedId(lambda scope: Agreement.objects.visible_to(scope), required=False)


class ConfirmMandateBody(Body):
    """The period in which the mandate counts, and what it rests on."""

    valid_from = Day()
    valid_until = Day(required=False, allow_null=True)
    agreement = RelatedId(lambda scope: Agreement.objects.visible_to(scope), required=False)


class EndMandateBody(Body):
    """The mandate's last day."""

    valid_until = Day()


class OfferedMandateMoveAnswer(serializers.Serializer):
    """A move and whether it is open to the caller now."""

    move = serializers.ChoiceField(MandateMove.choices)
    is_allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True, help_text="Why not: `right_missing` or `move_not_allowed`.")


class MandateViews(ChangesOfOrganisationRows, ExportRows, KeptStatements, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Who represents The Code in which country. The list shows the mandates of a day, in any state."""

    resource = "mandates"
    model = Mandate
    tag = "Network"
    row = MandateRow
    filters = MandateFilters
    orderings = {"country": "country_id", "organisation": "organisation__name", "created_at": "created_at"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        readable = Agreement.objects.visible_to(scope).values("pk")
        shown = Case(When(agreement__in=readable, then=F("agreement_id")), output_field=UUIDField())
        rows = Mandate.objects.visible_to(scope).with_certainty(on=on).annotate(shown_agreement_id=shown)
        return with_shown_note(rows.on(on) if self.action in {"list", "export"} else rows, scope)

    @command(
        body=MandateBody,
        summary="Record a mandate; it gives no access until it is confirmed.",
        example={
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "country": "BE",
            "source": "LCR agreement on file",
        },
    )
    def create(self, call: Call) -> Any:
        return mandates.record(**call.data, actor=call.scope, at=call.at)

    @command(
        body=MandatePatch,
        if_match="required",
        summary="Put right what is said of the source of a mandate.",
        example={"since": "2018", "confidence": "sourced"},
    )
    def update(self, call: Call) -> Any:
        return mandates.update(
            mandate_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=ConfirmMandateBody,
        if_match="required",
        summary="Confirm a mandate for a period; two of one country never overlap.",
        example={"valid_from": "2017-01-01"},
    )
    def confirm(self, call: Call) -> Any:
        return mandates.confirm(
            mandate_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=EndMandateBody,
        if_match="required",
        summary="Decide a mandate's last day.",
        example={"valid_until": "2026-12-31"},
    )
    def end(self, call: Call) -> Any:
        return mandates.end(
            mandate_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @query(
        detail=True,
        answer=OfferedMandateMoveAnswer,
        answer_many=True,
        summary="Moves of a mandate, which are open to the caller, and why the others are not.",
        example=[{"move": "confirm", "is_allowed": False, "reason": "move_not_allowed"}],
    )
    def moves(self, call: Call) -> Any:
        state = Mandate.objects.values_list("state", flat=True).get(pk=call.id)
        may = call.scope.wears(Role.SECRETARIAT)
        reasons = {
            move: None if may and state in starts else "move_not_allowed" if may else "right_missing"
            for move, starts in MOVES.items()
        }
        return [{"move": move, "is_allowed": reason is None, "reason": reason} for move, reason in reasons.items()]
