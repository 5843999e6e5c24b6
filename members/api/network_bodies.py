"""What is sent about memberships of the network and groups."""

from __future__ import annotations

from rest_framework import serializers

from members.countries.models import Country, Region
from members.network.lifecycle import GroupRole, NetworkMembershipKind
from members.network.models import Group
from members.organisations.models import Organisation
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

PARTIAL = "YYYY, YYYY-MM or YYYY-MM-DD, as far as the source knows it."
DECIDED_KINDS = [choice for choice in NetworkMembershipKind.choices if choice[0] != NetworkMembershipKind.UNKNOWN]


class SourcedPatch(Body):
    """Where a row comes from."""

    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class NetworkMembershipPatch(SourcedPatch):
    """What is corrected; state and kind are moved by decisions, and the dates only while none was taken."""

    region = RelatedCode(lambda scope: Region.objects.visible_to(scope), required=False)
    confidence = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="How sure the source is: `sourced` when it is."
    )

    since = serializers.CharField(max_length=10, required=False, allow_blank=True, help_text=PARTIAL)
    since_basis = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="What happened then: admitted, joined, first seen."
    )
    until = serializers.CharField(max_length=10, required=False, allow_blank=True, help_text=f"Last day. {PARTIAL}")


class NetworkMembershipBody(NetworkMembershipPatch):
    """A membership as a source has it."""

    organisation = RelatedId(lambda scope: Organisation.objects.visible_to(scope))
    region = RelatedCode(lambda scope: Region.objects.visible_to(scope))
    kind = serializers.ChoiceField(NetworkMembershipKind.choices, required=False)


class ApplicationBody(Body):
    """An application to the network."""

    organisation = RelatedId(lambda scope: Organisation.objects.visible_to(scope))
    region = RelatedCode(lambda scope: Region.objects.visible_to(scope))
    kind = serializers.ChoiceField(DECIDED_KINDS, required=False, help_text="The kind asked for.")
    applied_on = Day(required=False, help_text="Today when left out.")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class NetworkMoveBody(Body):
    """A decision: from when it counts and why. Neutral words, no names of persons."""

    effective_on = Day(help_text="First day on which it counts.")
    reason = serializers.CharField(max_length=500)


class NetworkKindMoveBody(NetworkMoveBody):
    """A decision that names the kind of membership."""

    kind = serializers.ChoiceField(DECIDED_KINDS)


class GroupPatch(SourcedPatch):
    """What of a group may change."""

    name = serializers.CharField(max_length=200, required=False)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)


class GroupBody(GroupPatch):
    """A group."""

    code = serializers.SlugField(max_length=40, help_text="Its own for good, such as stop-group.")
    name = serializers.CharField(max_length=200)


class GroupParticipationPatch(SourcedPatch):
    """What is corrected; the last day is decided by `end`."""

    valid_from = Day(required=False, allow_null=True, help_text="First day; null when not known.")
    confidence = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="How sure the source is: `sourced` when it is."
    )


class GroupParticipationBody(GroupParticipationPatch):
    """An organisation's role in a group."""

    group = RelatedId(lambda scope: Group.objects.kept_by(scope))
    organisation = RelatedId(lambda scope: Organisation.objects.visible_to(scope))
    role = serializers.ChoiceField(GroupRole.choices)
    valid_until = Day(required=False, allow_null=True, help_text="Last day; null while it lasts.")


class EndParticipationBody(Body):
    """The last day in the group."""

    valid_until = Day()
