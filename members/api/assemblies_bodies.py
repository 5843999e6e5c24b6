"""What clients send about assemblies, resolutions and the committee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from members.api.bodies import PartialDay, RelatedIds, Texts
from members.assemblies.models import Assembly, AssemblyKind, AssemblyMode, CommitteeRole, ResolutionResult
from members.countries.models import Country, Region
from members.organisations.models import Organisation
from members.scope import Role
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

MAX_COUNT = 1_000_000


def _organisations(scope: Any) -> QuerySet:
    return Organisation.objects.visible_to(scope)


def _holders(scope: Any) -> QuerySet:
    """Whose assemblies the caller keeps."""
    if scope.wears(Role.SECRETARIAT):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=scope.organisations(Role.MEMBER_GROUP))


class AssemblyPatch(Body):
    """What may change of an assembly."""

    number = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)
    title = serializers.CharField(max_length=200, required=False)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    starts_on = PartialDay(required=False)
    ends_on = PartialDay(required=False, allow_blank=True)
    mode = serializers.ChoiceField(AssemblyMode.choices, required=False)
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    voter_count = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, required=False, allow_null=True, help_text="Of a member's own assembly alone."
    )
    entitled_count = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, required=False, allow_null=True, help_text="Of a member's own assembly alone."
    )
    quorum_share = serializers.DecimalField(
        max_digits=5,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        max_value=Decimal(1),
        required=False,
        allow_null=True,
        help_text="Share of those entitled to vote, above 0 and up to 1.",
    )
    quorum_number = serializers.IntegerField(min_value=1, max_value=MAX_COUNT, required=False, allow_null=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class AssemblyBody(AssemblyPatch):
    """A new assembly. The network's are the secretariat's to add."""

    default_error_messages = {"right_missing": "Assemblies of the network are kept by its secretariat."}

    organisation = RelatedId(_holders, help_text="Who holds it.")
    kind = serializers.ChoiceField(AssemblyKind.choices)
    title = serializers.CharField(max_length=200)
    starts_on = PartialDay()
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]

    def validate_kind(self, kind: str) -> str:
        """Of whose assembly it is, only the secretariat says `network`."""
        if kind == AssemblyKind.NETWORK and not self.context["scope"].wears(Role.SECRETARIAT):
            self.fail("right_missing")
        return kind


class AssemblyRegistrationBody(Body):
    """Organisations that register."""

    organisations = RelatedIds(_organisations, source="organisation_ids", min_length=1, max_length=1000)


class AssemblyWithdrawalBody(Body):
    """The organisation whose registration is taken back."""

    organisation = RelatedId(_organisations)


class VotingRightsParams(Body):
    """Whose right to vote is asked about."""

    organisation = RelatedId(_organisations, required=False, help_text="One, registered or not; else all registered.")


class ResolutionPatch(Body):
    """What may change of a resolution."""

    number = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)
    titles = Texts(max_length=300, required=False, help_text="BCP 47 tag → title.")
    texts = Texts(max_length=20_000, required=False, help_text="BCP 47 tag → text.")
    result = serializers.ChoiceField(
        ResolutionResult.choices, required=False, allow_blank=True, help_text="Empty while it is not voted on."
    )
    votes_for = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, required=False, allow_null=True)
    votes_against = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, required=False, allow_null=True)
    abstentions = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, required=False, allow_null=True)


class ResolutionBody(ResolutionPatch):
    """A resolution that is put to an assembly."""

    assembly = RelatedId(lambda scope: Assembly.objects.kept_by(scope))
    titles = Texts(max_length=300, help_text="BCP 47 tag → title.")
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]


class CommitteeSeatsBody(Body):
    """How many seats a region has from a day on."""

    region = RelatedCode(lambda scope: Region.objects.visible_to(scope))
    seat_count = serializers.IntegerField(min_value=0, max_value=100)
    valid_from = Day()
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class CommitteeTermBody(Body):
    """An organisation elected to a seat of its region."""

    region = RelatedCode(lambda scope: Region.objects.visible_to(scope))
    organisation = RelatedId(_organisations)
    role = serializers.ChoiceField(CommitteeRole.choices, required=False)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)
    elected_at = RelatedId(
        lambda scope: Assembly.objects.visible_to(scope).filter(kind=AssemblyKind.NETWORK),
        required=False,
        allow_null=True,
        help_text="The assembly of the network that elected it.",
    )
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class EndCommitteeTermBody(Body):
    """A term's last day."""

    ends_on = Day()
