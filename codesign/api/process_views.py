"""Due process over HTTP: notices, proposals, appeals, reviews, and the file of a company."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import QuerySet

from codesign.api import process_bodies as sent
from codesign.api import process_rows as shown
from codesign.notices import actions as notices
from codesign.notices.models import Notice
from codesign.standing import actions, evidence
from codesign.standing.models import Appeal, Proposal, Review
from registry.kernel.api.calls import Call
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews, command, query


class NoticeViews(ListRows, ReadRow, ResourceViews):
    """Notices: mails that the register sent, and what officers sent otherwise. Due process counts them."""

    resource = "notices"
    tag = "Due process"
    row = shown.NoticeRow
    filters = sent.NoticeFilters
    orderings = {"sent_at": "sent_at"}
    dated = False
    version_column = None

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Notice.objects.visible_to(scope)

    @command(
        body=sent.NoticeBody,
        summary="Log a registered letter, or a mail sent outside",
        example={
            "membership": "0193a000-0000-7000-8000-000000000003",
            "kind": "warning",
            "channel": "registered_letter",
            "sent_at": "2026-11-20T10:00:00Z",
            "reference": "RR 123 456 789 BE",
        },
    )
    def create(self, call: Call) -> Notice:
        """After a bounce a registered letter starts the clock again."""
        return notices.record_notice(**call.data, actor=call.scope, at=call.at)

    @command(detail=True, body=sent.SettleBody, summary="Keep the receipt", example={"at": "2026-11-21T09:00:00Z"})
    def deliver(self, call: Call) -> Notice:
        """The first receipt stands; 409 after a bounce."""
        return notices.mark_delivered(notice_id=call.uuid, delivered_at=call.data["at"], actor=call.scope, at=call.at)

    @command(
        detail=True, body=sent.SettleBody, summary="Keep that it came back", example={"at": "2026-11-21T09:00:00Z"}
    )
    def bounce(self, call: Call) -> Notice:
        """It reached nobody, and what was sent before it counts no more."""
        return notices.mark_bounced(notice_id=call.uuid, bounced_at=call.data["at"], actor=call.scope, at=call.at)


class ProposalViews(ListRows, ReadRow, ResourceViews):
    """Measures that rules and officers propose. They wait for a person: the move itself, or a dismissal."""

    resource = "proposals"
    tag = "Due process"
    row = shown.ProposalRow
    filters = sent.ProposalFilters
    orderings = {"proposed_at": "proposed_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Proposal.objects.visible_to(scope)

    @command(
        body=sent.ProposalBody,
        summary="Propose a measure",
        errors=(403, 409),
        example={
            "membership": "0193a000-0000-7000-8000-000000000003",
            "move": "suspend",
            "ground": "plan",
        },
    )
    def create(self, call: Call) -> Proposal:
        """For the secretariat to decide: by the move on the membership, or by a dismissal."""
        return actions.propose(**call.data, actor=call.scope, at=call.at)

    @command(
        detail=True,
        body=sent.ReasonBody,
        if_match="required",
        summary="Decide against a proposal",
        errors=(403, 409),
        example={"reason": "report_promised"},
    )
    def dismiss(self, call: Call) -> Proposal:
        """It does not come again for what it rests on."""
        return actions.dismiss(
            proposal_id=call.uuid,
            reason_code=call.data["reason"],
            expected_version=call.version,
            actor=call.scope,
            at=call.at,
        )


class AppealViews(ListRows, ReadRow, ResourceViews):
    """Appeals against a rejection, an expiry, a suspension or a termination."""

    resource = "appeals"
    tag = "Due process"
    row = shown.AppealRow
    filters = sent.AppealFilters
    orderings = {"lodged_at": "lodged_at"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Appeal.objects.visible_to(scope)

    @command(
        body=sent.AppealBody,
        summary="Appeal a decision",
        errors=(409,),
        example={"decision": "0193a000-0000-7000-8000-000000000004", "text": "The report was handed in on paper."},
    )
    def create(self, call: Call) -> Appeal:
        """Once, within 30 days of the decision."""
        return actions.lodge_appeal(**call.data, actor=call.scope, at=call.at)

    def _settle(self, action: Any, call: Call, **more: Any) -> Appeal:
        return action(appeal_id=call.uuid, expected_version=call.version, actor=call.scope, at=call.at, **more)

    @command(
        detail=True,
        body=sent.ReasonBody,
        if_match="required",
        summary="Overturn the decision",
        errors=(403, 409),
        example={"reason": "report_was_there"},
    )
    def uphold(self, call: Call) -> Appeal:
        """By others than those who decided; the membership is back where it was, without a public trace."""
        return self._settle(actions.uphold_appeal, call, reason_code=call.data["reason"])

    @command(
        detail=True,
        body=sent.ReasonBody,
        if_match="required",
        summary="Let the decision stand",
        errors=(403, 409),
        example={"reason": "nothing_new"},
    )
    def turn_down(self, call: Call) -> Appeal:
        """By others than those who decided."""
        return self._settle(actions.turn_down_appeal, call, reason_code=call.data["reason"])

    @command(detail=True, if_match="required", summary="Take an appeal back", errors=(409,))
    def withdraw(self, call: Call) -> Appeal:
        """The decision stands."""
        return self._settle(actions.withdraw_appeal, call)


class ReviewViews(ListRows, ReadRow, ResourceViews):
    """Reviews of suspensions for safeguarding: due within 30 days, the company heard first."""

    resource = "reviews"
    tag = "Due process"
    row = shown.ReviewRow
    filters = sent.ReviewFilters
    orderings = {"due_on": "due_on"}
    dated = False

    def rows(self, scope: Any, *, on: date) -> QuerySet:
        return Review.objects.visible_to(scope)

    @command(
        detail=True,
        body=sent.HearingBody,
        if_match="required",
        summary="Keep that the company was heard",
        errors=(409,),
        example={"hearing": "heard", "heard_on": "2026-11-20"},
    )
    def hear(self, call: Call) -> Review:
        """The day and a code; what was said is not for this register."""
        return actions.hear(
            review_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        body=sent.ConclusionBody,
        if_match="required",
        summary="Conclude a review",
        errors=(403, 409),
        example={"outcome": "ended"},
    )
    def conclude(self, call: Call) -> Review:
        """By an officer who had no part in the suspension; `ended` reinstates the member."""
        return actions.conclude(
            review_id=call.uuid, expected_version=call.version, **call.data, actor=call.scope, at=call.at
        )


class NoticeFileQueries:
    """Adds `notice-file/` to the companies."""

    @query(detail=True, path="notice-file", answer=shown.NoticeFileAnswer, summary="Read the file of a measure")
    def notice_file(self, call: Call) -> dict[str, Any]:
        """Notices with what became of them, decisions with what was known, proposals, appeals, reviews, extensions."""
        return {
            "on": call.on,
            "grounds": [asdict(ground) for ground in evidence.grounds(call.uuid, scope=call.scope, on=call.on)],
            "pieces": [asdict(piece) for piece in evidence.pieces(call.uuid, scope=call.scope, on=call.on)],
        }
