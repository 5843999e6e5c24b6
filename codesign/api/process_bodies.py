"""What is sent to due process, and how its lists are filtered."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from rest_framework import serializers

from codesign.api.company_filters import COUNTRY
from codesign.api.standing_bodies import CODE
from codesign.companies.lifecycle import Move
from codesign.companies.models import CodeMembership, Decision
from codesign.notices.models import Notice, NoticeChannel, NoticeKind
from codesign.standing.actions.proposals import PROPOSABLE
from codesign.standing.grounds import Ground
from codesign.standing.models import Appeal, AppealState, Hearing, Proposal, ProposalState, Review, ReviewOutcome
from members.people.models import Contact
from registry.kernel.api.bodies import Body, Day, RelatedId
from registry.kernel.api.filters import AnyOf, RowFilters

PROPOSABLE_MOVES = [move.value for move in PROPOSABLE]


def _memberships(scope: Any) -> QuerySet:
    return CodeMembership.objects.visible_to(scope)


class NoticeBody(Body):
    """A notice that was handed over outside the register."""

    membership = RelatedId(_memberships)
    kind = serializers.ChoiceField(NoticeKind.choices)
    channel = serializers.ChoiceField(NoticeChannel.choices)
    contact = RelatedId(
        lambda scope: Contact.objects.visible_to(scope), required=False, help_text="Whom a mail was sent to."
    )
    sent_at = serializers.DateTimeField()
    reference = serializers.CharField(
        max_length=200, required=False, help_text="Number of a registered letter; the same one again changes nothing."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A mail names its contact: one to nobody known would count for nothing."""
        if attrs["channel"] == NoticeChannel.EMAIL and not attrs.get("contact_id"):
            raise serializers.ValidationError({"contact": serializers.ErrorDetail("Name the contact.", "required")})
        return attrs


class SettleBody(Body):
    """When a receipt or a bounce came."""

    at = serializers.DateTimeField()


class ReasonBody(Body):
    """A reason code."""

    reason = serializers.RegexField(CODE, help_text="Reason code: lower case and underscores.")


class ProposalBody(Body):
    """A measure that an officer proposes."""

    membership = RelatedId(_memberships)
    move = serializers.ChoiceField(PROPOSABLE_MOVES)
    ground = serializers.ChoiceField(Ground.choices)


class AppealBody(Body):
    """Which decision is appealed."""

    decision = RelatedId(lambda scope: Decision.objects.visible_to(scope))
    text = serializers.CharField(
        max_length=2000, required=False, help_text="Neutral words; never about a case. None on safeguarding."
    )


class HearingBody(Body):
    """Whether the company was heard; never what it said."""

    hearing = serializers.ChoiceField(Hearing.choices)
    heard_on = Day()


class ConclusionBody(Body):
    """What a review found."""

    outcome = serializers.ChoiceField(ReviewOutcome.choices)


class _OfMembershipFilters(RowFilters):
    """Filters of what hangs on a membership."""

    membership = AnyOf("membership_id", kind=forms.UUIDField(), help_text="Id of the membership.")
    company = AnyOf("membership__company_id", kind=forms.UUIDField(), help_text="Id of the company.")
    country = AnyOf("membership__company__organisation__country_id", help_text=COUNTRY)


class NoticeFilters(_OfMembershipFilters):
    """Filters of notices."""

    kind = AnyOf("kind", choices=NoticeKind, help_text="What it is about.")

    class Meta:
        model = Notice
        fields: list[str] = []


class ProposalFilters(_OfMembershipFilters):
    """Filters of proposals."""

    state = AnyOf("state", choices=ProposalState, help_text="What became of it.")
    move = AnyOf("move", choices=Move, help_text="What is proposed.")

    class Meta:
        model = Proposal
        fields: list[str] = []


class AppealFilters(_OfMembershipFilters):
    """Filters of appeals."""

    state = AnyOf("state", choices=AppealState, help_text="What became of it.")
    decision = AnyOf("decision_id", kind=forms.UUIDField(), help_text="Id of the decision.")

    class Meta:
        model = Appeal
        fields: list[str] = []


class ReviewFilters(_OfMembershipFilters):
    """Filters of reviews."""

    is_open = django_filters.BooleanFilter("concluded_on", lookup_expr="isnull", help_text="Not concluded ones.")

    class Meta:
        model = Review
        fields: list[str] = []
