"""Assemblies of the network and of its members, and who is registered for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api import assemblies_bodies as bodies
from members.api import committee, registrations, resolutions
from members.api.filters import CountryIs, NameSearch, with_shown_note
from members.assemblies.actions import holding
from members.assemblies.figures import (
    QUORUM_DEFINITION,
    VOTING_DEFINITION,
    absent_reason,
    attendance,
    quorum_of,
    votes_of,
)
from members.assemblies.models import Assembly, AssemblyKind, AssemblyMode, AssemblyParticipation
from members.assemblies.rules import VOTES, Tally, Vote, VoteReason
from members.organisations.models import Organisation
from members.scope import OVERSIGHT, Role, Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.routers import Router
from registry.kernel.api.rows import Ref, RowSerializer, context_of
from registry.kernel.api.sync import TracksChanges
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

EVERYBODY_WITH_ROWS = frozenset(Role) - {Role.EVALUATOR}
ATTENDING = OVERSIGHT | {Role.MEMBER_GROUP, Role.LCR}
KEEPERS = frozenset({Role.SECRETARIAT, Role.MEMBER_GROUP})
SECRETARIAT = frozenset({Role.SECRETARIAT})
PUBLIC_LISTS = ("assemblies", "resolutions", "committee-seats", "committee-terms")

ASSEMBLY_RIGHTS: dict[str, frozenset[str]] = {
    **{f"{resource}.{name}": EVERYBODY_WITH_ROWS for resource in PUBLIC_LISTS for name in ("list", "read", "export")},
    **{f"assemblies.{name}": KEEPERS for name in ("create", "update", "register", "withdraw")},
    **{f"assemblies.{name}": ATTENDING for name in ("voting_rights", "quorum")},
    **{f"assembly-participations.{name}": ATTENDING for name in ("list", "read", "export")},
    **{f"resolutions.{name}": KEEPERS for name in ("create", "update")},
    "committee-seats.create": SECRETARIAT,
    "committee-terms.create": SECRETARIAT,
    "committee-terms.end": SECRETARIAT,
}


class AssemblyRow(RowSerializer):
    """An assembly."""

    id = serializers.UUIDField()
    organisation = refs.organisation(help_text="Who holds it.")
    kind = serializers.ChoiceField(AssemblyKind.choices)
    number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    place = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name()
    starts_on = serializers.CharField(help_text="As far as known: YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD or a span.")
    ends_on = serializers.CharField(help_text="The same; empty: on one day, or not known.")
    mode = serializers.ChoiceField(AssemblyMode.choices)
    summary = serializers.CharField(help_text="What is publicly known of it.")
    registered_count = serializers.IntegerField(help_text="Organisations registered here, whatever a source counted.")
    voter_count = serializers.IntegerField(allow_null=True, help_text="Of a member's own assembly.")
    entitled_count = serializers.IntegerField(allow_null=True, help_text="Of a member's own assembly.")
    quorum_share = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    quorum_number = serializers.IntegerField(allow_null=True)
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text="For the secretariat and auditors; else empty.")
    created_at = serializers.DateTimeField()


class InYears(AnyOf):
    """Assemblies that may have begun in one of the years."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name, kind=forms.IntegerField(min_value=1900, max_value=2200), **options)

    def filter(self, queryset: Any, value: list[int]) -> QuerySet:
        return queryset.in_years(value) if value else queryset


class AssemblyFilters(RowFilters):
    """Filters of assemblies."""

    q = NameSearch("organisation")
    organisation = AnyOf("organisation_id", kind=forms.UUIDField(), help_text="Id of who holds it.")
    kind = AnyOf("kind", choices=AssemblyKind, help_text="Of the network or of a member.")
    number = AnyOf("number", kind=forms.IntegerField(min_value=1), help_text="Number in the holder's own count.")
    country = CountryIs("country_id", help_text="ISO code of the place.")
    mode = AnyOf("mode", choices=AssemblyMode, help_text="How people met.")
    year = InYears("starts_earliest", help_text="Years in which it may have begun.")

    class Meta:
        model = Assembly
        fields: list[str] = []


class VoteTallyAnswer(serializers.Serializer):
    """A count of which a part is not sure."""

    certain = serializers.IntegerField()
    uncertain = serializers.IntegerField()


class QuorumAnswer(serializers.Serializer):
    """Whether enough came."""

    is_met = serializers.BooleanField(allow_null=True, help_text="Null: the register can't tell, see `reason`.")
    reason = serializers.CharField(allow_null=True, help_text="`no_rule`, `count_missing`, `uncertain` or null.")
    required_least = serializers.IntegerField(allow_null=True, help_text="Needed if no uncertain one may vote.")
    required_most = serializers.IntegerField(allow_null=True, help_text="Needed if all uncertain ones may vote.")
    present = VoteTallyAnswer(allow_null=True, help_text="With a vote and registered; null where nobody counted.")
    entitled = VoteTallyAnswer(allow_null=True, help_text="All with a vote; null where nobody counted.")
    share = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True, help_text="The rule.")
    number = serializers.IntegerField(allow_null=True, help_text="The rule.")
    as_of = serializers.CharField(help_text="First day of the assembly, as far as known.")
    definition = serializers.CharField()


class VotingRightAnswer(serializers.Serializer):
    """Whether an organisation may vote, and why."""

    organisation = Ref("organisations", "id", "name")
    vote = serializers.ChoiceField(Vote.choices)
    reason = serializers.ChoiceField(VoteReason.choices)


class VotingRightsAnswer(serializers.Serializer):
    """Rights to vote at one assembly."""

    definition = serializers.CharField()
    results = VotingRightAnswer(many=True)


class AssemblyViews(TracksChanges, ExportRows, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Assemblies: of the network, where full members vote, and of a member, whose voters are a count."""

    resource = "assemblies"
    model = Assembly
    tag = "Network"
    row = AssemblyRow
    filters = AssemblyFilters
    orderings = {"starts_on": "starts_earliest", "title": "title", "created_at": "created_at"}
    dated = False

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_shown_note(Assembly.objects.visible_to(scope).with_registered(), scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        if self.action in {"voting_rights", "quorum"}:
            return Assembly.objects.attended_by(scope)
        return Assembly.objects.kept_by(scope)

    @command(
        body=bodies.AssemblyBody,
        summary="Add an assembly.",
        example={
            "organisation": "01936f5e-0000-7000-8000-000000000001",
            "kind": "member",
            "title": "Assemblée générale fictive",
            "starts_on": "2026-09-27",
            "place": "Bruxelles",
            "country": "BE",
            "mode": "in_person",
            "voter_count": 14,
            "entitled_count": 20,
            "quorum_share": "0.5",
        },
    )
    def create(self, call: Call) -> Any:
        return holding.create(**call.data, actor=call.scope, at=call.at)

    @command(body=bodies.AssemblyPatch, if_match="required", summary="Change an assembly.", example={"voter_count": 15})
    def update(self, call: Call) -> Any:
        return holding.update(
            assembly_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=bodies.AssemblyRegistrationBody,
        summary="Register organisations, all of them or none.",
        example={"organisations": ["01936f5e-0000-7000-8000-000000000001"]},
    )
    def register(self, call: Call) -> Any:
        return holding.register(assembly_id=call.uuid, **call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=bodies.AssemblyWithdrawalBody,
        summary="Take back a registration.",
        example={"organisation": "01936f5e-0000-7000-8000-000000000001"},
    )
    def withdraw(self, call: Call) -> Any:
        return holding.withdraw(assembly_id=call.uuid, **call.data, actor=call.scope, at=call.at)

    @query(
        detail=True,
        answer=QuorumAnswer,
        summary="Whether the quorum was met, with the numbers.",
        example={
            "is_met": True,
            "reason": None,
            "required_least": 10,
            "required_most": 10,
            "present": {"certain": 14, "uncertain": 0},
            "entitled": {"certain": 20, "uncertain": 0},
            "share": "0.5000",
            "number": None,
            "as_of": "2026-09-27",
            "definition": QUORUM_DEFINITION,
        },
    )
    def quorum(self, call: Call) -> Any:
        assembly = Assembly.objects.get(pk=call.uuid)
        counted = attendance(assembly)
        weighed = quorum_of(assembly, counted)
        return {
            **vars(weighed),
            "present": _tally(counted.present),
            "entitled": _tally(counted.entitled),
            "share": assembly.quorum_share,
            "number": assembly.quorum_number,
            "as_of": assembly.starts_on,
            "definition": QUORUM_DEFINITION,
        }

    @query(
        detail=True,
        params=bodies.VotingRightsParams,
        answer=VotingRightsAnswer,
        summary="Which registered organisations may vote, and why or why not.",
        example={
            "definition": VOTING_DEFINITION,
            "results": [
                {
                    "organisation": {
                        "id": "01936f5e-0000-7000-8000-000000000001",
                        "url": "/api/v1/organisations/01936f5e-0000-7000-8000-000000000001/",
                        "display": "Réseau Fictif",
                    },
                    "vote": "no",
                    "reason": "affiliate",
                }
            ],
        },
    )
    def voting_rights(self, call: Call) -> Any:
        assembly = Assembly.objects.get(pk=call.uuid)
        # A member's own voters are people and a count: there are no organisations to judge.
        is_network = assembly.kind == AssemblyKind.NETWORK
        results = _voting_rights(assembly, call) if is_network else []
        return {"definition": VOTING_DEFINITION if is_network else QUORUM_DEFINITION, "results": results}


def _voting_rights(assembly: Assembly, call: Call) -> list[dict[str, Any]]:
    """Three queries, however many are registered."""
    if asked := call.data.get("organisation_id"):
        keys = [asked]
    else:
        seen = AssemblyParticipation.objects.visible_to(call.scope).filter(assembly=assembly)
        keys = list(seen.values_list("organisation_id", flat=True))
    reasons = votes_of(assembly, keys)
    absent = absent_reason(assembly)
    reference = Ref("organisations", "id", "name").shape(context_of(call.scope, call.on))
    named = Organisation.objects.filter(pk__in=keys).order_by("name", "pk").values_list("pk", "name")
    judged = [(reference(key, name), reasons.get(key, absent)) for key, name in named]
    return [{"organisation": ref, "vote": VOTES[reason], "reason": reason} for ref, reason in judged]


def _tally(tally: Tally | None) -> dict[str, int] | None:
    return None if tally is None else {"certain": tally.certain, "uncertain": tally.uncertain}


def add_to(router: Router) -> None:
    """Assemblies and what belongs to them among the resources of `router`."""
    for views in (
        AssemblyViews,
        registrations.AssemblyParticipationViews,
        resolutions.ResolutionViews,
        committee.CommitteeSeatsViews,
        committee.CommitteeTermViews,
    ):
        router.add(views)
