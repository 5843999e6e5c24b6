"""Organisations over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from members.api import organisation_bodies as bodies
from members.api import organisation_rows as shown
from members.api.changes import ChangesOfOrganisations
from members.api.filters import with_shown_note
from members.api.organisation_filters import OrganisationFilters
from members.api.organisation_roles import RolesParameters, RolesSerializer, roles_of
from members.organisations import actions, matching
from members.organisations.history import facts_of
from members.organisations.likeness import Judgement, chosen
from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.api.calls import Call
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.rows import API_PREFIX
from registry.kernel.api.statements import KeptStatements
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

LEI = "00000000000000000098"


class OrganisationViews(ChangesOfOrganisations, ExportRows, KeptStatements, ListRows, ReadRow, ResourceViews):  # type: ignore[misc]
    """Organisations: members of the network, partners of its groups, companies, authorities.

    One that was merged into another is answered with 301 and the address of the one that it lives on in.
    """

    resource = "organisations"
    tag = "Network"
    row = shown.OrganisationRow
    filters = OrganisationFilters
    orderings = {"name": "name", "created_at": "created_at"}
    redirects = True

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return with_shown_note(Organisation.objects.visible_to(scope), scope)

    def visible(self, scope: Scope, *, on: date) -> QuerySet:
        if self.action == "unmerge":
            return Organisation.objects.exclude(merged_into=None)
        seen = Organisation.objects.visible_to(scope)
        return seen.own_of(scope) if self.action == "profile" else seen

    def moved(self, call: Call) -> tuple[Any, int] | None:
        seen = Organisation.objects.visible_to(call.scope)
        merged = Organisation.objects.filter(pk=call.uuid, merged_into__in=seen)
        return merged.values_list("merged_into_id", "version").first()

    @command(
        body=bodies.MatchBody,
        answer=shown.MatchSerializer,
        changes=False,
        summary="Find the organisation that somebody means.",
        example={
            "name": "Reseau Fictif",
            "country": "BE",
            "website": "www.reseau-fictif.example",
            "identifiers": [{"scheme": "lei", "value": LEI}],
        },
    )
    def match(self, call: Call) -> Any:
        """Among those that the caller may see."""
        rows = Organisation.objects.visible_to(call.scope)
        found = matching.candidates(rows, matching.asked_for(**_known(call.data)), on=call.on)
        best = chosen(found)
        return {"chosen": best and _candidate(best), "candidates": [_candidate(each) for each in found]}

    @command(
        body=bodies.OrganisationBody,
        summary="Register an organisation.",
        errors=(409,),
        example={
            "name": "Réseau Fictif",
            "kind": "ngo",
            "country": "BE",
            "languages": ["fr", "nl"],
            "identifiers": [{"scheme": "domain", "value": "reseau-fictif.example"}],
        },
    )
    def create(self, call: Call) -> Any:
        """One that is certainly there already is refused with `duplicate` and its candidates."""
        return actions.register(**_known(call.data), actor=call.scope, at=call.at)

    @command(
        body=bodies.OrganisationPatch,
        if_match="optional",
        summary="Change an organisation.",
        example={"is_listed": False},
    )
    def update(self, call: Call) -> Any:
        return actions.update(
            organisation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        method="put",
        path="by/<str:scheme>/<str:value>",
        body=bodies.OrganisationBody,
        if_match="optional",
        summary="Write an organisation under its identifier.",
        errors=(404, 409),
        example={"name": "Réseau Fictif", "kind": "ngo", "country": "BE"},
    )
    def put(self, call: Call) -> Any:
        """Registers one where none bears it, else brings it up to what is sent; what is left out stays.

        The same again changes nothing. Another name is the official one from today on.
        """
        call.id = actions.bearer_of(**call.url)
        return actions.put(**call.url, **_known(call.data), expected_version=call.version, actor=call.scope, at=call.at)

    @command(
        detail=True,
        method="patch",
        body=bodies.OrganisationProfilePatch,
        if_match="optional",
        summary="Change one's own record.",
        example={"website": "https://www.reseau-fictif.example/", "languages": ["fr"]},
    )
    def profile(self, call: Call) -> Any:
        return self.update(call)

    @command(
        detail=True,
        body=bodies.RenameBody,
        if_match="optional",
        summary="Give a new official name from a day on.",
        example={"name": "Réseau Fictif International", "effective_on": "2027-01-01"},
    )
    def rename(self, call: Call) -> Any:
        return actions.rename(
            organisation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        status=201,
        body=bodies.FurtherNameBody,
        summary="Add a former name, an acronym or an alias.",
        example={"text": "Fictief Netwerk", "kind": "alias", "language": "nl"},
    )
    def names(self, call: Call) -> Any:
        actions.add_name(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        path="names/remove",
        body=bodies.WrongNameBody,
        summary="Take back a further name that was given by mistake.",
        errors=(404,),
        example={"text": "Fictief Netwerk", "kind": "alias"},
    )
    def remove_name(self, call: Call) -> Any:
        actions.remove_name(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        status=201,
        body=bodies.IdentifierBody,
        summary="Add an identifier.",
        example={"scheme": "lei", "value": LEI},
    )
    def identifiers(self, call: Call) -> Any:
        actions.add_identifier(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        path="identifiers/remove",
        body=bodies.IdentifierBody,
        summary="Take away an identifier that was given by mistake.",
        example={"scheme": "lei", "value": LEI},
    )
    def remove_identifier(self, call: Call) -> Any:
        actions.remove_identifier(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        body=bodies.ParentBody,
        summary="Set or end the parent from a day on; a ring is refused.",
        example={"parent": None, "kind": "owned", "valid_from": "2027-01-01"},
    )
    def parent(self, call: Call) -> Any:
        actions.set_parent(child_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        body=bodies.ActivityBody,
        summary="Say from when until when it works in a country.",
        example={"country": "LU", "valid_from": "2024-01-01"},
    )
    def activity(self, call: Call) -> Any:
        actions.set_activity(organisation_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        return call.uuid

    @command(
        detail=True,
        body=bodies.OrganisationMergeBody,
        if_match="required",
        summary="Merge an organisation into another that it turns out to be.",
        errors=(409,),
        example={"into": "0193a000-0000-7000-8000-000000000001", "reason": "The same body under two spellings."},
    )
    def merge(self, call: Call) -> Any:
        """Answers the other one. Everything that belongs to this one moves there, and its id leads there from now on.

        `merge_conflict` lists rows of both that exclude each other. Can be taken back for 30 days.
        """
        return actions.merge(
            organisation_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        if_match="required",
        summary="Take a merge back within 30 days.",
        errors=(409,),
    )
    def unmerge(self, call: Call) -> Any:
        """The tag is that of the 301 answer. What the merge moved returns; what came since stays with the other one.

        `merge_touched`: something that moved has been changed since.
        """
        return actions.unmerge(organisation_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at)

    @query(
        detail=True,
        params=RolesParameters,
        answer=RolesSerializer,
        summary="Read all roles of an organisation on a day.",
        example={
            "as_of": "2026-11-22",
            "roles": [
                {
                    "role": "participant",
                    "detail": "coordinator",
                    "row": {
                        "id": "0193a000-0000-7000-8000-000000000002",
                        "url": "/api/v1/group-participations/0193a000-0000-7000-8000-000000000002/",
                        "display": "Groupe Fictif",
                    },
                    "valid_from": "2014-01-01",
                    "valid_until": None,
                    "is_uncertain": False,
                }
            ],
        },
    )
    def roles(self, call: Call) -> Any:
        """Member, Local Code Representative, partner of a group, holder of a seat, keeper of a channel: one body."""
        found = roles_of(call.uuid, call.scope, on=call.on, uncertain=call.data["uncertain"])
        return {"as_of": call.on, "roles": list(found)}

    @query(
        detail=True,
        answer=shown.HistorySerializer,
        summary="Read the dated facts of an organisation.",
        example={
            "facts": [
                {
                    "kind": "name",
                    "detail": "official",
                    "text": "Réseau Fictif",
                    "valid_from": None,
                    "valid_until": None,
                    "recorded_at": "2026-11-22T10:00:00Z",
                    "superseded_at": None,
                }
            ]
        },
    )
    def history(self, call: Call) -> Any:
        """Names, parents, countries and merges, corrected ones too, in the order in which the register learned them."""
        return {"facts": facts_of(call.uuid, call.scope)}


def _known(data: dict[str, Any]) -> dict[str, Any]:
    """The validated body with its identifiers as pairs."""
    pairs = [(each["scheme"], each["value"]) for each in data.get("identifiers", ())]
    return {**data, "identifiers": pairs}


def _candidate(judgement: Judgement) -> dict[str, Any]:
    key = str(judgement.known.id)
    reference = {"id": key, "url": f"{API_PREFIX}organisations/{key}/", "display": judgement.known.display}
    return {
        "organisation": reference,
        "score": judgement.score,
        "reasons": list(judgement.reasons),
        "is_certain": judgement.is_certain,
    }
