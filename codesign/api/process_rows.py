"""What is shown of notices, proposals, appeals and reviews, and of the file that they make."""

from __future__ import annotations

from rest_framework import serializers

from codesign.api.standing_rows import ReasonAnswer
from codesign.companies.lifecycle import Move
from codesign.notices.models import NoticeChannel, NoticeKind
from codesign.standing.grounds import Ground
from codesign.standing.models import AppealState, Hearing, ProposalState, ReviewOutcome
from registry.kernel.api.rows import Ref, RowSerializer

_COMPANY = "membership__company__organisation__name"
PIECES = ("notice", "decision", "proposal", "appeal", "review", "extension")


class _OfMembership(RowSerializer):
    """What hangs on a membership."""

    id = serializers.UUIDField()
    membership = Ref("code-memberships", "membership_id", _COMPANY)
    company = Ref("companies", "membership__company_id", _COMPANY)


class NoticeRow(_OfMembership):
    """A letter or mail about an obligation, and what became of it."""

    kind = serializers.ChoiceField(NoticeKind.choices)
    channel = serializers.ChoiceField(NoticeChannel.choices)
    reference = serializers.CharField(help_text="Of the message or of the registered letter.")
    sent_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="A provider's receipt; null without one.")
    bounced_at = serializers.DateTimeField(allow_null=True)


class ProposalRow(_OfMembership):
    """A measure that a rule or an officer proposes; a person decides."""

    move = serializers.ChoiceField(Move.choices)
    ground = serializers.ChoiceField(Ground.choices, allow_blank=True)
    facts = serializers.DictField(help_text="What it rests on.")
    proposed_at = serializers.DateTimeField()
    proposed_by = serializers.CharField(source="proposed_by_label", help_text="`rules`, or an officer's role.")
    state = serializers.ChoiceField(ProposalState.choices)
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by_label")
    reason = serializers.CharField(source="reason_code")
    decision = Ref("decisions", "decision_id", "decision__move", allow_null=True)


class AppealRow(_OfMembership):
    """A company's appeal against a decision."""

    decision = Ref("decisions", "decision_id", "decision__move")
    state = serializers.ChoiceField(AppealState.choices)
    text = serializers.CharField()
    lodged_on = serializers.DateField()
    lodged_by = serializers.CharField(source="lodged_by_label")
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = serializers.CharField(source="settled_by_label")
    reason = serializers.CharField(source="reason_code")


class ReviewRow(_OfMembership):
    """The second look at a suspension that came without notice: days and codes alone."""

    decision = Ref("decisions", "decision_id", "decision__move")
    due_on = serializers.DateField()
    hearing = serializers.ChoiceField(Hearing.choices, allow_blank=True, help_text="Empty before it was heard.")
    heard_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(ReviewOutcome.choices, allow_blank=True, help_text="Empty before its end.")
    concluded_on = serializers.DateField(allow_null=True)
    concluded_by = serializers.CharField(source="concluded_by_label")


class PieceAnswer(serializers.Serializer):
    """One piece of evidence."""

    on = serializers.DateField(help_text="The day that it counts for.")
    at = serializers.DateTimeField(help_text="When the register learned of it.")
    kind = serializers.ChoiceField(choices=PIECES)
    what = serializers.CharField(help_text="Kind, move or state, as a code.")
    id = serializers.UUIDField()
    facts = serializers.DictField()


class GroundAnswer(serializers.Serializer):
    """What a measure on one ground has and lacks."""

    ground = serializers.ChoiceField(choices=Ground.choices)
    holds = serializers.BooleanField(
        allow_null=True, help_text="Whether it is so on the day: a fee that was paid since is no ground; null: judge."
    )
    delivered_on = serializers.ListField(child=serializers.DateField(), help_text="Days of the notices that count.")
    lacks = ReasonAnswer(many=True)
    ripe_on = serializers.DateField(
        allow_null=True,
        help_text="First day on which these notices suffice; null when more have to be sent or it is gone.",
    )


class NoticeFileAnswer(serializers.Serializer):
    """Everything that a measure rests on."""

    on = serializers.DateField()
    grounds = GroundAnswer(many=True, help_text="For a member as it stands today; empty for others.")
    pieces = PieceAnswer(many=True, help_text="Oldest first.")
