"""What is shown of memberships of the network, of their decisions and numbers."""

from __future__ import annotations

from rest_framework import serializers

from members import refs
from members.network.lifecycle import NetworkMembershipKind, NetworkMembershipState, NetworkMove
from registry.kernel.api.rows import Ref, RowSerializer

NOTE_HELP = "For the secretariat and auditors; else empty."


class NetworkMembershipRow(RowSerializer):
    """An organisation in the network, as of the day."""

    id = serializers.UUIDField()
    organisation = refs.organisation()
    country = serializers.CharField(source="organisation.country_id", allow_null=True, help_text="ISO code.")
    country_name = refs.country_name("organisation__country")
    region = refs.region()
    kind = serializers.ChoiceField(NetworkMembershipKind.choices, source="kind_on", help_text="On the day.")
    state = serializers.ChoiceField(
        NetworkMembershipState.choices,
        source="state_on",
        help_text="On the day; `recorded`: as a source has it, not confirmed.",
    )
    since = serializers.CharField(help_text="YYYY, YYYY-MM or YYYY-MM-DD; empty when not known.")
    since_basis = serializers.CharField(help_text="What happened on that date.")
    until = serializers.CharField(help_text="Last day as the source has it; empty when none says that it ended.")
    applied_on = serializers.DateField(allow_null=True, help_text="Of one that applied here.")
    valid_from = serializers.DateField(allow_null=True, help_text="Not a member before; null when not known.")
    valid_until = serializers.DateField(allow_null=True, help_text="Not a member after; null while it lasts.")
    proven_from = serializers.DateField(help_text="A source proves it from this day on.")
    proven_until = serializers.DateField(allow_null=True, help_text="A source proves it until this day.")
    decided_from = serializers.DateField(
        allow_null=True, help_text="From this day on the register's own decisions vouch for it; null: never moved."
    )
    is_uncertain = serializers.BooleanField(
        help_text="Neither a decision nor a sure source proves it for the day: such rows come with `uncertain` only."
    )
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(source="shown_note", help_text=NOTE_HELP)


class NetworkDecisionRow(RowSerializer):
    """One move of one membership of the network."""

    id = serializers.UUIDField()
    membership = Ref("network-memberships", "membership_id", "membership__organisation__name")
    move = serializers.ChoiceField(NetworkMove.choices)
    from_state = serializers.ChoiceField(NetworkMembershipState.choices)
    to_state = serializers.ChoiceField(NetworkMembershipState.choices)
    from_kind = serializers.ChoiceField(NetworkMembershipKind.choices)
    to_kind = serializers.ChoiceField(NetworkMembershipKind.choices)
    effective_on = serializers.DateField(help_text="First day on which it counts.")
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="actor_label", help_text="Role and organisation.")


class OfferedNetworkMoveAnswer(serializers.Serializer):
    """A move and whether it is open to the caller now."""

    move = serializers.ChoiceField(NetworkMove.choices)
    url = serializers.CharField(help_text="Where to POST it.")
    to_state = serializers.ChoiceField(
        NetworkMembershipState.choices, allow_null=True, help_text="Null where the move does not start from here."
    )
    is_allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True, help_text="Why not: `right_missing` or `move_not_allowed`.")


class MemberFigureAnswer(serializers.Serializer):
    """A number of members."""

    value = serializers.IntegerField()
    numerator = serializers.IntegerField(allow_null=True, help_text="Null: a count is no share.")
    denominator = serializers.IntegerField(allow_null=True)
    definition = serializers.CharField()
    as_of = serializers.DateField()
    rows = serializers.CharField(
        allow_null=True, help_text="Lists exactly those counted; null where the reader may not see each of them."
    )


class MemberCountAnswer(serializers.Serializer):
    """Members of one region or country; of all in the total."""

    code = serializers.CharField(allow_null=True, help_text="Of the region or country; null in the total.")
    display = serializers.CharField(allow_null=True, help_text="In the language of Accept-Language.")
    certain = MemberFigureAnswer()
    uncertain = MemberFigureAnswer()


class MemberCountsAnswer(serializers.Serializer):
    """Members of the network on a day: the certain ones, and beside them the uncertain."""

    as_of = serializers.DateField()
    by = serializers.ChoiceField(["region", "country"])
    results = MemberCountAnswer(many=True, help_text="One for each with a member, certain or not.")
    total = MemberCountAnswer()
