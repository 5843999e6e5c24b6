"""Memberships of the network: who is in it as of a day, and the decisions that moved them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from rest_framework import serializers

from members.api import network_bodies as bodies
from members.api import network_rows as shown
from members.api.changes import ChangesOfOrganisationRows
from members.api.filters import CountryIs, NameSearch, Uncertain, with_shown_note
from members.countries.models import Country, Region
from members.network.actions import memberships
from members.network.figures import DEFINITION, UNCERTAIN_DEFINITION, MemberCount, member_counts
from members.network.lifecycle import NETWORK_MOVES, NetworkMembershipKind, NetworkMembershipState, NetworkMove
from members.network.models import NetworkDecision, NetworkMembership
from members.network.querysets import MembershipQuerySet
from members.scope import Role, Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.rows import API_PREFIX, context_of, in_language
from registry.kernel.api.statements import KeptStatements
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

BY = {"region": "region_id", "country": "organisation__country_id"}
EXAMPLE = {"effective_on": "2026-12-01", "reason": "Decided by the Assembly."}


class _StandingIn(AnyOf):
    """Rows by their state on the day; without one, the members of that day."""

    def filter(self, queryset: Any, value: list[str]) -> QuerySet:
        return queryset.standing_in(value) if value else queryset.filter(is_member_on=True)


class NetworkMembershipFilters(RowFilters):
    """Filters of memberships."""

    q = NameSearch("organisation")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of the organisation.")
    country = CountryIs("organisation__country_id")
    region = AnyOf("region_id", help_text="Code of the region.")
    kind = AnyOf("kind_on", choices=NetworkMembershipKind, help_text="Member group or affiliate, on the day.")
    state = _StandingIn(
        "state_on", choices=NetworkMembershipState, help_text="State on the day; left out: members of that day."
    )
    confidence = AnyOf("confidence", help_text="How sure the source is.")
    uncertain = Uncertain()

    class Meta:
        model = NetworkMembership
        fields: list[str] = []


class CountParameters(Body):
    """Of which day, and how the members are cut."""

    valid_on = Day(required=False, help_text="As of this day; today when left out.")
    by = serializers.ChoiceField(list(BY), default="region")
    region = RelatedCode(
        lambda scope: Region.objects.visible_to(scope), required=False, help_text="Code of one region."
    )
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, help_text="ISO code.")
    kind = serializers.ChoiceField(NetworkMembershipKind.choices, required=False, help_text="On the day.")


def _move(
    summary: str, *, body: type[Body] = bodies.NetworkMoveBody, **example: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a move: on one row, with the tag of what was read."""
    return command(
        detail=True, if_match="required", body=body, summary=summary, errors=(409,), example={**EXAMPLE, **example}
    )


class NetworkMembershipViews(ChangesOfOrganisationRows, ExportRows, KeptStatements, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Who is in the network as of a day: the certain rows, each with its source; the others on request."""

    resource = "network-memberships"
    model = NetworkMembership
    tag = "Network"
    row = shown.NetworkMembershipRow
    filters = NetworkMembershipFilters
    orderings = {"organisation": "organisation__name", "region": "region_id", "proven_from": "proven_from"}

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        rows = self.visible(scope, on=on).with_certainty(on=on).with_standing(on=on)
        return with_shown_note(rows.begun_on(on) if self.action in {"list", "export"} else rows, scope)

    def visible(self, scope: Scope, *, on: date) -> MembershipQuerySet:
        return NetworkMembership.objects.visible_to(scope).current()

    @command(
        body=bodies.NetworkMembershipBody,
        summary="Record a membership as a source has it; dates may be partial or unknown.",
        errors=(409,),
        example={
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "region": "europe",
            "kind": "affiliate",
            "since": "2018",
            "since_basis": "admitted at the Assembly",
            "source": "https://organisation.example/news",
            "confidence": "sourced",
        },
    )
    def create(self, call: Call) -> Any:
        return memberships.record_membership(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.ApplicationBody,
        status=201,
        summary="Open an application to the network.",
        errors=(409,),
        example={"organisation": "01936f5e-0000-7000-8000-000000000001", "region": "europe", "kind": "affiliate"},
    )
    def apply(self, call: Call) -> Any:
        return memberships.apply(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.NetworkMembershipPatch,
        if_match="required",
        summary="Correct the source or the region of a membership.",
        example={"confidence": "sourced"},
    )
    def update(self, call: Call) -> Any:
        return memberships.update(
            membership_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @_move("Admit an applicant.", body=bodies.NetworkKindMoveBody, kind="affiliate")
    def admit(self, call: Call) -> Any:
        """applicant → active, as affiliate or full member from that day on."""
        return _moved(NetworkMove.ADMIT, call)

    @_move("Confirm a recorded membership.", body=bodies.NetworkKindMoveBody, kind="full")
    def confirm(self, call: Call) -> Any:
        """recorded → active; from that day on the register vouches for it, whatever the source was worth."""
        return _moved(NetworkMove.CONFIRM, call)

    @_move("Decline an application, or a record that proved wrong.")
    def decline(self, call: Call) -> Any:
        """applicant or recorded → declined: a member on no day."""
        return _moved(NetworkMove.DECLINE, call)

    @_move("Change the kind of a membership.", body=bodies.NetworkKindMoveBody, kind="full")
    def change_kind(self, call: Call) -> Any:
        """Of an active or dormant member: affiliate → full, or back."""
        return _moved(NetworkMove.CHANGE_KIND, call)

    @_move("Make a member dormant.")
    def make_dormant(self, call: Call) -> Any:
        """active → dormant; it stays a member."""
        return _moved(NetworkMove.MAKE_DORMANT, call)

    @_move("Suspend a member.")
    def suspend(self, call: Call) -> Any:
        """active or dormant → suspended; it stays a member."""
        return _moved(NetworkMove.SUSPEND, call)

    @_move("End dormancy or a suspension.")
    def reinstate(self, call: Call) -> Any:
        """dormant or suspended → active."""
        return _moved(NetworkMove.REINSTATE, call)

    @_move("Record that a member leaves.")
    def leave(self, call: Call) -> Any:
        """recorded, active, dormant or suspended → left; the day before is its last."""
        return _moved(NetworkMove.LEAVE, call)

    @_move("Expel a suspended member.")
    def expel(self, call: Call) -> Any:
        """suspended → expelled; the day before is its last."""
        return _moved(NetworkMove.EXPEL, call)

    @query(
        detail=True,
        answer=shown.OfferedNetworkMoveAnswer,
        answer_many=True,
        summary="Moves of a membership, which are open to the caller, and why the others are not.",
    )
    def moves(self, call: Call) -> Any:
        state = NetworkMembership.objects.values_list("state", flat=True).get(pk=call.id)
        may = call.scope.wears(Role.SECRETARIAT)
        return [
            {
                "move": move,
                "url": f"{API_PREFIX}{self.resource}/{call.id}/{move.value.replace('_', '-')}/",
                "to_state": starts.get(state),
                "is_allowed": may and state in starts,
                "reason": "right_missing" if not may else None if state in starts else "move_not_allowed",
            }
            for move, starts in NETWORK_MOVES.items()
        ]

    @query(
        detail=True,
        answer=shown.NetworkDecisionRow,
        answer_many=True,
        summary="Decisions on a membership, oldest first.",
    )
    def decisions(self, call: Call) -> Any:
        plan = shown.NetworkDecisionRow.plan(context=context_of(call.scope, call.on))
        rows = NetworkDecision.objects.visible_to(call.scope).filter(membership=call.id)
        return plan.shaped(plan.raw(rows.order_by("version", "pk")))

    @query(
        params=CountParameters,
        answer=shown.MemberCountsAnswer,
        summary="Count the members of a day: the certain ones, and beside them the uncertain.",
    )
    def counts(self, call: Call) -> Any:
        """Unlisted organisations are counted and never shown."""
        by, on = call.data["by"], call.on
        wanted = {BY[name]: call.data[f"{name}_id"] for name in BY if f"{name}_id" in call.data}
        rows = NetworkMembership.objects.filter(**wanted)
        if kind := call.data.get("kind"):
            rows = rows.of_kind(kind, on=on)
        found = member_counts(rows, by=BY[by], on=on, scope=call.scope)
        kinds: type[Region] | type[Country] = Region if by == "region" else Country
        names = {row.pk: row.names for row in kinds.objects.filter(pk__in=[cell.key for cell in found])}
        narrowed = {name: call.data.get(f"{name}_id") for name in BY} | {"kind": kind}
        results = [_cell(cell, names.get(cell.key or ""), {**narrowed, by: cell.key}, on) for cell in found]
        sums = [sum(numbers) for numbers in zip(*(_numbers(cell) for cell in found), strict=True)] or [0] * 4
        return {
            "as_of": on,
            "by": by,
            "results": results,
            "total": _cell(MemberCount(None, *sums), None, narrowed, on),
        }


def _moved(move: NetworkMove, call: Call) -> NetworkMembership:
    """Take a move as the body words it."""
    return memberships.move(
        move=move,
        membership_id=call.uuid,
        **call.data,
        expected_version=call.version,
        actor=call.scope,
        at=call.at,
    )


def _numbers(cell: MemberCount) -> tuple[int, int, int, int]:
    return cell.certain, cell.uncertain, cell.certain_shown, cell.uncertain_shown


def _cell(cell: MemberCount, names: dict[str, str] | None, narrowed: dict[str, Any], on: date) -> dict[str, Any]:
    """Both numbers, each with its definition and the list of those counted, where the reader may see them all."""
    asked = {name: value for name, value in narrowed.items() if value is not None} | {"valid_on": on.isoformat()}

    def figure(value: int, shown_count: int, definition: str, **more: str) -> dict[str, Any]:
        rows = f"{API_PREFIX}network-memberships/?{urlencode({**asked, **more})}"
        return {
            "value": value,
            "numerator": None,
            "denominator": None,
            "definition": definition,
            "as_of": on,
            "rows": rows if value == shown_count else None,
        }

    return {
        "code": cell.key,
        "display": in_language(names, (get_language() or "en").split("-")[0]),
        "certain": figure(cell.certain, cell.certain_shown, DEFINITION),
        "uncertain": figure(cell.uncertain, cell.uncertain_shown, UNCERTAIN_DEFINITION, uncertain="only"),
    }
