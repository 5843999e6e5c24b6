"""Memoranda and partnership agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.agreements.actions import drafting, moves
from members.agreements.lifecycle import MOVES, AgreementMove, AgreementState
from members.agreements.models import (
    Agreement,
    AgreementEndReason,
    AgreementKind,
    AgreementParty,
    AmendedField,
    Amendment,
    SignatoryRole,
)
from members.agreements.rules import notice_due_on
from members.api import agreements_bodies as bodies
from members.api.filters import with_shown_note
from members.scope import OVERSIGHT, Role, Scope
from registry.kernel import clock
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import Computed, Many, Ref, RowSerializer
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

READERS = OVERSIGHT | {Role.MEMBER_GROUP, Role.LCR}
KEEPERS = frozenset({Role.SECRETARIAT})
AGREEMENT_RIGHTS: dict[str, frozenset[str]] = {
    **{f"agreements.{name}": READERS for name in ("list", "read", "export", "moves")},
    **{f"agreements.{name}": KEEPERS for name in ("create", "update", *AgreementMove.values)},
}


class AgreementPartyRow(RowSerializer):
    """An organisation that is bound, and when it signed."""

    organisation = refs.organisation()
    signed_on = serializers.CharField(help_text="Empty: not signed, or not known when.")
    signatory_role = serializers.ChoiceField(SignatoryRole.choices, allow_blank=True)


class AmendmentRow(RowSerializer):
    """A term that an amendment changed."""

    number = serializers.IntegerField(help_text="Of the amendment; it may change several terms.")
    field = serializers.ChoiceField(AmendedField.choices)
    before = serializers.CharField()
    after = serializers.CharField()
    effective_on = serializers.DateField()
    reference_url = serializers.CharField(help_text="Where the amendment itself is found.")
    recorded_at = serializers.DateTimeField()


def _notice_due_on(row: tuple[Any, ...]) -> date | None:
    ends_on, ends_earliest, days = row
    return notice_due_on(ends_on=ends_on, ends_earliest=ends_earliest, renewal_notice_days=days)


class AgreementRow(RowSerializer):
    """An agreement, in its terms as last amended."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(AgreementKind.choices)
    state = serializers.ChoiceField(AgreementState.choices)
    summary = serializers.CharField()
    parties = Many(
        AgreementPartyRow,
        lambda scope, on: AgreementParty.objects.all(),
        by="agreement_id",
        order=("organisation__name", "pk"),
    )
    starts_on = serializers.CharField(help_text="As far as known: YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD or a span.")
    ends_on = serializers.CharField(help_text="As agreed and as far as known; empty: open-ended, or not known.")
    is_open_ended = serializers.BooleanField()
    is_uncertain = serializers.BooleanField(help_text="Nothing proves that it was in force on the day.")
    ended_on = serializers.DateField(allow_null=True, help_text="Last day as decided by a move.")
    end_reason = serializers.ChoiceField(AgreementEndReason.choices, allow_blank=True)
    renewal_notice_days = serializers.IntegerField(allow_null=True)
    notice_due_on = Computed(
        ("ends_on", "ends_earliest", "renewal_notice_days"),
        _notice_due_on,
        serializers.DateField(allow_null=True),
        help_text="Last day to say whether it shall be renewed.",
    )
    document_url = serializers.CharField()
    amendments = Many(
        AmendmentRow, lambda scope, on: Amendment.objects.all(), by="agreement_id", order=("number", "field", "pk")
    )
    renews = Ref("agreements", "renews_id", "renews__title", allow_null=True)
    renewed_by = Ref("agreements", "renewal__pk", "renewal__title", allow_null=True)
    replaced_by = Ref("agreements", "replaced_by_id", "replaced_by__title", allow_null=True)
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text="For the secretariat and auditors; else empty.")
    created_at = serializers.DateTimeField()


class PartyIs(AnyOf):
    """Any of the named organisations is a party."""

    def filter(self, queryset: Any, value: list[Any]) -> QuerySet:
        return queryset.with_party(value) if value else queryset


class ExpiringWithin(django_filters.Filter):
    """Ends, as far as known, within so many days of `valid_on`, or of today."""

    @property
    def field(self) -> forms.Field:
        return forms.IntegerField(min_value=0, max_value=3650, required=False)

    def filter(self, queryset: Any, value: int | None) -> QuerySet:
        if value is None:
            return queryset
        day = self.parent.data.get("valid_on")
        return queryset.expiring(on=date.fromisoformat(day) if day else clock.today(), within_days=value)


class Uncertain(django_filters.ChoiceFilter):
    """With `valid_on` the proven ones alone, unless told otherwise."""

    def filter(self, queryset: QuerySet, value: str | None) -> QuerySet:
        if value == "only":
            return queryset.filter(is_uncertain=True)
        asks_in_force = "valid_on" in self.parent.data and not self.parent.data.get("expiring_within")
        return queryset.filter(is_uncertain=False) if asks_in_force and value != "true" else queryset


class AgreementFilters(RowFilters):
    """Filters of agreements."""

    q = TextSearch("search_key", help_text="Words of the title; accents and case are forgiven.")
    organisation = PartyIs("parties", kind=forms.UUIDField(), help_text="Id of a party.")
    kind = AnyOf("kind", choices=AgreementKind, help_text="Memorandum, partnership and so on.")
    state = AnyOf("state", choices=AgreementState, help_text="How far it is.")
    expiring_within = ExpiringWithin(
        help_text="Signed or in force, and may end within so many days from `valid_on` or today, 0 to 3650."
    )
    uncertain = Uncertain(
        choices=[("true", "true"), ("only", "only"), ("false", "false")],
        help_text="With `valid_on`: `true` adds those that are not proven for the day; `only` lists them alone.",
    )

    class Meta:
        model = Agreement
        fields: list[str] = []


class OfferedAgreementMoveAnswer(serializers.Serializer):
    """A move and whether it is open to the caller now."""

    move = serializers.ChoiceField(AgreementMove.choices)
    is_allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True, help_text="Why not: `right_missing` or `move_not_allowed`.")


class AgreementViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Agreements between organisations. With `valid_on` the list holds those in force on that day, else all."""

    resource = "agreements"
    model = Agreement
    tag = "Network"
    row = AgreementRow
    filters = AgreementFilters
    orderings = {"title": "title", "starts_on": "starts_earliest", "ends_on": "ends_latest", "created_at": "created_at"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = Agreement.objects.visible_to(scope).with_certainty(on=on)
        asked = self.request.query_params
        # Whether one runs out may be asked about a day on which it is not in force yet, or not beyond doubt.
        if self.action in {"list", "export"} and "valid_on" in asked and not asked.get("expiring_within"):
            rows = rows.possibly_on(on)
        return with_shown_note(rows, scope)

    @command(
        body=bodies.AgreementBody,
        summary="Draft an agreement between two or more organisations.",
        example={
            "title": "Accord fictif",
            "kind": "memorandum",
            "parties": ["01936f5e-0000-7000-8000-000000000001", "01936f5e-0000-7000-8000-000000000002"],
            "starts_on": "2027-01-01",
            "ends_on": "2029-12-31",
            "renewal_notice_days": 90,
        },
    )
    def create(self, call: Call) -> Any:
        return drafting.draft(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.AgreementPatch, if_match="required", summary="Change a draft.", example={"ends_on": "2028-12-31"}
    )
    def update(self, call: Call) -> Any:
        return self._on_row(drafting.update, call)

    @command(
        detail=True,
        body=bodies.SignAgreementBody,
        if_match="required",
        summary="Record a party's signature; with the last one the agreement is signed.",
        example={
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "signed_on": "2026-11-20",
            "signatory_role": "director",
        },
    )
    def sign(self, call: Call) -> Any:
        return self._on_row(drafting.sign, call)

    @command(
        detail=True,
        body=bodies.BringIntoForceBody,
        if_match="required",
        summary="Bring a signed agreement into force.",
        example={"starts_on": "2027-01-01"},
    )
    def bring_into_force(self, call: Call) -> Any:
        return self._on_row(moves.bring_into_force, call)

    @command(
        detail=True,
        body=bodies.AmendAgreementBody,
        if_match="required",
        summary="Amend terms; what each was before is kept apart.",
        example={"effective_on": "2028-01-01", "ends_on": "2031-12-31"},
    )
    def amend(self, call: Call) -> Any:
        return self._on_row(moves.amend, call)

    @command(
        detail=True,
        body=bodies.EndAgreementBody,
        if_match="required",
        summary="Decide an agreement's last day.",
        example={"ended_on": "2028-06-30", "reason": "by_notice"},
    )
    def end(self, call: Call) -> Any:
        return self._on_row(moves.end, call)

    @command(
        detail=True,
        status=201,
        body=bodies.RenewAgreementBody,
        if_match="required",
        summary="Renew an agreement: answers the draft that follows it.",
        example={"starts_on": "2030-01-01", "ends_on": "2032-12-31"},
    )
    def renew(self, call: Call) -> Any:
        return self._on_row(moves.renew, call)

    @command(
        detail=True,
        method="post",
        path="replace",
        body=bodies.ReplaceAgreementBody,
        if_match="required",
        summary="Let another agreement take its place.",
        example={"by": "01936f5e-0000-7000-8000-000000000003", "ended_on": "2028-06-30"},
    )
    def replace(self, call: Call) -> Any:
        return self._on_row(moves.replace, call)

    @query(
        detail=True,
        answer=OfferedAgreementMoveAnswer,
        answer_many=True,
        summary="Moves of an agreement, which are open to the caller, and why the others are not.",
        example=[{"move": "renew", "is_allowed": True, "reason": None}],
    )
    def moves(self, call: Call) -> Any:
        state = Agreement.objects.values_list("state", flat=True).get(pk=call.id)
        may = call.scope.wears(Role.SECRETARIAT)
        reasons = {
            move: None if may and state in starts else "move_not_allowed" if may else "right_missing"
            for move, starts in MOVES.items()
        }
        return [{"move": move, "is_allowed": reason is None, "reason": reason} for move, reason in reasons.items()]

    @staticmethod
    def _on_row(action: Any, call: Call) -> Any:
        return action(agreement_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at)


def add_to(router: Router) -> None:
    """Agreements among the resources of `router`."""
    router.add(AgreementViews)
