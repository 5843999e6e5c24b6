"""Memberships and their moves, payments, waivers and agreements over HTTP; standing and timeline of companies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api import standing_bodies as bodies
from codesign.api import standing_rows as shown
from codesign.api.company_filters import NameSearch
from codesign.api.handover_periods import MEMBERSHIPS, ReadsBack
from codesign.api.standing_bodies import word_of
from codesign.api.standing_many import ManyMoves
from codesign.companies.actions import open_membership, record_in_scheme
from codesign.companies.figures import Waiting, with_waiting
from codesign.companies.lifecycle import MembershipState, Move
from codesign.companies.models import CodeMembership, CompanyCategory
from codesign.companies.querysets import MembershipQuerySet
from codesign.criteria.figures import with_plan_states
from codesign.fees.figures import with_joining
from codesign.recognition.timeline import timeline
from codesign.standing import actions
from codesign.standing.facts import standing_of
from codesign.standing.moves import moves
from codesign.standing.rules import Check, Finding
from codesign.standing.steps import steps
from registry.kernel import clock
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.calls import Call
from registry.kernel.api.filters import AnyOf, RowFilters
from registry.kernel.api.problems import said
from registry.kernel.api.rows import API_PREFIX
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query

# Words that a move may come with; most need none.
EXAMPLE = {"reason": "complete", "text": "The plan covers all six criteria."}
_PATHS = {Move.MERGE: "merge-into"}


def _move(
    summary: str, *, body: type[bodies.WordBody] = bodies.MoveBody, example: dict[str, str] = EXAMPLE
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a move: on one row, with the tag of what was read."""
    return command(
        detail=True, if_match="required", body=body, summary=summary, example=example, errors=(403, 409, 412, 428)
    )


class WaitingFilter(AnyOf):
    """How long today the state has been what it is; worked out only where it is asked for."""

    def filter(self, queryset: QuerySet, value: list[Any]) -> QuerySet:
        return super().filter(with_waiting(queryset, on=clock.today()), value) if value else queryset


class CodeMembershipFilters(RowFilters):
    """Filters of memberships."""

    q = NameSearch("company__organisation", help_text="Words of a name; accents, case and former names are forgiven.")
    state = AnyOf("state", choices=MembershipState, help_text="State now.")
    country = AnyOf("company__organisation__country_id", help_text="ISO code of the company's country.")
    category = AnyOf("company__category", choices=CompanyCategory, help_text="Category of the company.")
    company = AnyOf("company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    scheme = AnyOf("scheme", help_text="`the_code`, or a national code.")
    representative = AnyOf("representative_id", kind=forms.UUIDField(), help_text="Id of the representative.")
    number = AnyOf("number", help_text="Member number.")
    is_current = django_filters.BooleanFilter(
        help_text="Only those that stand for their company today, or only others."
    )
    waiting = WaitingFilter("waiting", choices=Waiting, help_text="For how long it has been in its state, today.")
    member_since_before = django_filters.DateFilter("member_since", "lte", help_text="Members on or before this day.")

    class Meta:
        model = CodeMembership
        fields: list[str] = []


class CodeMembershipViews(ManyMoves, ReadsBack, ListRows, ReadRow, ResourceViews):
    """Memberships of companies in The Code, moved by named decisions."""

    resource = "code-memberships"
    tag = "Memberships"
    row = shown.CodeMembershipRow
    filters = CodeMembershipFilters
    read_back = MEMBERSHIPS
    orderings = {"created_at": "created_at", "name": "company__organisation__search_key", "state": "state"}

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return with_plan_states(with_joining(self.visible(scope, on=on)))

    def visible(self, scope: Any, *, on: date) -> MembershipQuerySet:
        return CodeMembership.objects.visible_to(scope)

    @command(
        body=bodies.OpenBody,
        summary="Start an application as a draft",
        errors=(409,),
        example={"company": "0193a000-0000-7000-8000-000000000001"},
    )
    def create(self, call: Call) -> CodeMembership:
        """One open membership per company; refused while visits to residential care are on offer."""
        return open_membership(**call.data, actor=call.scope, at=call.at)

    @command(
        body=bodies.SchemeBody,
        status=201,
        summary="Record the signature of a national code",
        errors=(409,),
        example={
            "company": "0193a000-0000-7000-8000-000000000001",
            "scheme": "cr_national_code",
            "since": "2019",
            "source": "https://register.example/companies",
        },
    )
    def record(self, call: Call) -> CodeMembership:
        """A fact beside The Code: seen by staff, never counted as a member, never turned into one."""
        return record_in_scheme(**call.data, actor=call.scope, at=call.at)

    @query(
        detail=True,
        answer=shown.StepAnswer,
        answer_many=True,
        summary="List the steps to membership and what is missing",
    )
    def steps(self, call: Call) -> list[dict[str, Any]]:
        """In order, whoever's turn it is; an application can be left and taken up at any of them."""
        membership = CodeMembership.objects.select_related("company__organisation").get(pk=call.id)
        return [asdict(step) for step in steps(membership, on=call.on)]

    @query(
        detail=True,
        path="moves",
        params=bodies.MovesParams,
        answer=shown.MoveAnswer,
        answer_many=True,
        summary="List the moves and what stands against each",
    )
    def moves(self, call: Call) -> list[dict[str, Any]]:
        """Every move of the life cycle: allowed now to this caller, and if not, all the reasons."""
        membership = CodeMembership.objects.select_related("company__organisation").get(pk=call.id)
        return [
            {
                "move": offer.move,
                "url": f"{API_PREFIX}code-memberships/{call.id}/{_path_of(offer.move)}/",
                "to_state": offer.to_state,
                "allowed": offer.is_allowed,
                "reasons": [{**asdict(reason), "message": said(reason.message)} for reason in offer.reasons],
                "endorsed_by": list(offer.endorsed_by),
            }
            for offer in moves(membership, call.scope, on=call.on, ground=call.data.get("ground", ""))
        ]

    @_move("Hand in the application")
    def submit(self, call: Call) -> CodeMembership:
        """draft → submitted."""
        return _moved(actions.submit, call)

    @_move("Hand in the plan on the six criteria")
    def submit_plan(self, call: Call) -> CodeMembership:
        """submitted or changes_requested → plan_submitted; 400 names each criterion without an action."""
        return _moved(actions.submit_plan, call)

    @_move("Give the plan back for changes", body=bodies.ChangesBody, example={"text": "Say where travellers read it."})
    def request_changes(self, call: Call) -> CodeMembership:
        """plan_submitted → changes_requested, with what to change; yeses given so far are void."""
        return _moved(actions.request_changes, call)

    @_move("Say yes to application and plan")
    def approve(self, call: Call) -> CodeMembership:
        """The yes that completes both sides approves, issues the first invoice and sends the agreement."""
        return _moved(actions.approve, call)

    @_move("Turn down an application or a recorded signatory")
    def reject(self, call: Call) -> CodeMembership:
        """To rejected; by the secretariat."""
        return _moved(actions.reject, call)

    @_move("Take an application back")
    def withdraw(self, call: Call) -> CodeMembership:
        """To withdrawn; an invoice on which nothing was paid is cancelled."""
        return _moved(actions.withdraw, call)

    @_move("Close an approval that nothing came of")
    def expire(self, call: Call) -> CodeMembership:
        """approved → expired, after twelve months without payment or signature."""
        return _moved(actions.expire, call)

    @_move("Suspend a member", body=bodies.MeasureBody, example={"reason": "report_lapsed"})
    def suspend(self, call: Call) -> CodeMembership:
        """active → suspended, after delivered notices; on the ground safeguarding by two officers, at once."""
        return _moved(actions.suspend, call)

    @_move("End a suspension")
    def reinstate(self, call: Call) -> CodeMembership:
        """suspended → active."""
        return _moved(actions.reinstate, call)

    @_move("End a suspended membership", body=bodies.MeasureBody, example={"reason": "report_lapsed"})
    def terminate(self, call: Call) -> CodeMembership:
        """suspended → terminated, after notices delivered since the suspension."""
        return _moved(actions.terminate, call)

    @_move("Record that the company leaves")
    def resign(self, call: Call) -> CodeMembership:
        """active or suspended → resigned."""
        return _moved(actions.resign, call)

    @_move("Record that the company exists no more")
    def dissolve(self, call: Call) -> CodeMembership:
        """active or suspended → dissolved."""
        return _moved(actions.dissolve, call)

    @_move(
        "Record that the company was taken over",
        body=bodies.MergeBody,
        example={"into": "0193a000-0000-7000-8000-000000000001"},
    )
    def merge_into(self, call: Call) -> CodeMembership:
        """active or suspended → merged_into, with the company that goes on."""
        return _moved(actions.merge, call)

    @_move("Confirm a recorded signatory", body=bodies.ConfirmBody, example={"member_since": "2014-11-19"})
    def confirm(self, call: Call) -> CodeMembership:
        """recorded → active: the representative and the secretariat, naming the same day of signature."""
        return _moved(actions.confirm_signatory, call)


def _moved(action: Any, call: Call) -> CodeMembership:
    """Take a move as the body words it."""
    word = word_of(call.data)
    return action(
        membership_id=call.id, word=word, **call.data, expected_version=call.version, actor=call.scope, at=call.at
    )


def _path_of(move: Move) -> str:
    return _PATHS.get(move, move.value.replace("_", "-"))


def _explained(parts: Iterable[Finding | Check]) -> list[dict[str, Any]]:
    """Findings or rules with the addresses of their rows."""
    return [
        asdict(part) | {"rows": [f"{API_PREFIX}{resource}/{key}/" for resource, key in part.rows]} for part in parts
    ]


class ExplainParams(Body):
    """How much is said about a standing."""

    explain = serializers.BooleanField(default=False, help_text="Whether to list the findings with their facts.")
    valid_on = Day(required=False, help_text="As of this day; today when left out.")


class StandingQueries:
    """Adds `standing/` and `timeline/` to the companies."""

    @query(detail=True, params=ExplainParams, answer=shown.StandingAnswer, summary="Say how a company stands on a day")
    def standing(self, call: Call) -> dict[str, Any]:
        """Computed from dated facts, never stored."""
        found = standing_of(call.uuid, on=call.on)
        explains = call.data["explain"]
        return {
            "on": call.on,
            "standing": found and found.standing,
            "changes_on": found and found.changes_on,
            "findings": _explained(found.findings if found else ()) if explains else None,
            "checks": _explained(found.checks if found else ()) if explains else None,
        }

    @query(detail=True, answer=shown.TimelineEntryAnswer, answer_many=True, summary="Tell what happened with a company")
    def timeline(self, call: Call) -> list[dict[str, Any]]:
        """Decisions, money, agreements, notices, reports, recognition, claims, appeals in one order, oldest first."""
        return [asdict(entry) for entry in timeline(call.uuid, scope=call.scope, on=call.on)]
