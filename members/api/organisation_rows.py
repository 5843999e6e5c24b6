"""Organisations as they are shown."""

from __future__ import annotations

from rest_framework import serializers

from members import refs
from members.organisations.history import FactKind
from members.organisations.likeness import MatchReason
from members.organisations.models import (
    Activity,
    Identifier,
    NameKind,
    OrganisationKind,
    OrganisationName,
    Parentage,
    ParentageKind,
)
from members.organisations.rules import IdentifierScheme
from registry.kernel.api.rows import Many, ReferenceSerializer, RowSerializer


class OrganisationNameRow(RowSerializer):
    """A name under which the organisation is or was known."""

    text = serializers.CharField()
    kind = serializers.ChoiceField(NameKind.choices)
    language = serializers.CharField(help_text="BCP 47 tag; empty when not known.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class IdentifierRow(RowSerializer):
    """A code by which others know the organisation."""

    scheme = serializers.ChoiceField(IdentifierScheme.choices)
    value = serializers.CharField()


class ParentRow(RowSerializer):
    """To whom the organisation belongs."""

    organisation = refs.organisation("parent")
    kind = serializers.ChoiceField(ParentageKind.choices)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class ActivityRow(RowSerializer):
    """A country in which the organisation works."""

    country = serializers.CharField(source="country_id", help_text="ISO code.")
    country_name = refs.country_name()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class OrganisationRow(RowSerializer):
    """An organisation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    country = serializers.CharField(source="country_id", allow_null=True, help_text="ISO code of its seat.")
    country_name = refs.country_name()
    zone = serializers.CharField(help_text="IANA zone of its legal days.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags.")
    website = serializers.CharField()
    names = Many(
        OrganisationNameRow,
        lambda scope, on: OrganisationName.objects.current(),
        by="organisation_id",
        order=("text", "pk"),
        help_text="All of them, past ones included.",
    )
    identifiers = Many(
        IdentifierRow, lambda scope, on: Identifier.objects.all(), by="organisation_id", order=("scheme", "value", "pk")
    )
    parents = Many(
        ParentRow,
        lambda scope, on: Parentage.objects.on(on).with_parent_seen_by(scope),
        by="child_id",
        order=("kind", "pk"),
        help_text="Of that day.",
    )
    active_in = Many(
        ActivityRow,
        lambda scope, on: Activity.objects.on(on),
        by="organisation_id",
        order=("country_id", "pk"),
        help_text="Countries in which it works on that day, besides its seat.",
    )
    is_listed = serializers.BooleanField(help_text="False: counted, never shown to the public.")
    is_demo = serializers.BooleanField(help_text="Fictional, for showing the register.")
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()
    note = serializers.CharField(source="shown_note", help_text="For the secretariat and auditors; else empty.")
    created_at = serializers.DateTimeField()


class CandidateSerializer(serializers.Serializer):
    """An organisation that may be the one, and why."""

    organisation = ReferenceSerializer()
    score = serializers.FloatField(help_text="How likely it is the one, 0 to 1.")
    reasons = serializers.ListField(child=serializers.ChoiceField(MatchReason.choices))
    is_certain = serializers.BooleanField(help_text="No doubt is left: registering it again is refused.")


class MatchSerializer(serializers.Serializer):
    """What the register knows of an organisation that somebody means."""

    chosen = CandidateSerializer(allow_null=True, help_text="The one that it is; null without any or in doubt.")
    candidates = CandidateSerializer(many=True, help_text="At most ten, the likeliest first.")


class FactSerializer(serializers.Serializer):
    """One dated fact of an organisation."""

    kind = serializers.ChoiceField(FactKind.choices)
    detail = serializers.CharField(help_text="Kind of the name or of the parent; `merged_away` or `taken_over`.")
    text = serializers.CharField(help_text="The name, the parent, the country's ISO code, the other organisation.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField(help_text="When the register learned it.")
    superseded_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was corrected or taken back; null while it is held for true."
    )


class HistorySerializer(serializers.Serializer):
    """The dated facts of an organisation, in the order in which the register learned them."""

    facts = FactSerializer(many=True)
