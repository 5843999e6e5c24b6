"""What clients send about organisations."""

from __future__ import annotations

from rest_framework import serializers

from members.api.bodies import Language, Tags, Zone
from members.countries.models import Country
from members.organisations.models import NameKind, Organisation, OrganisationKind, ParentageKind
from members.organisations.rules import IdentifierScheme
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId

FURTHER_KINDS = [choice for choice in NameKind.choices if choice[0] != NameKind.OFFICIAL]


class IdentifierBody(Body):
    """A code by which others know the organisation."""

    scheme = serializers.ChoiceField(IdentifierScheme.choices)
    value = serializers.CharField(
        max_length=100, help_text="Spaces and points are forgiven. A company number begins with its country's ISO code."
    )


class OrganisationProfilePatch(Body):
    """What an organisation changes in its own record."""

    languages = Tags(required=False)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)


class OrganisationPatch(OrganisationProfilePatch):
    """What the secretariat may change; the name changes by `rename`."""

    kind = serializers.ChoiceField(OrganisationKind.choices, required=False)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    zone = Zone(required=False)
    is_listed = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OrganisationBody(OrganisationPatch):
    """A new organisation."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(OrganisationKind.choices)
    identifiers = IdentifierBody(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]
    confidence = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_another = serializers.BooleanField(
        required=False, help_text="True: the candidates of a `duplicate` were looked at, and none of them is meant."
    )


class MatchBody(Body):
    """An organisation that somebody means."""

    name = serializers.CharField(max_length=200)
    country = RelatedCode(lambda scope: Country.objects.visible_to(scope), required=False, allow_null=True)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)
    identifiers = IdentifierBody(many=True, required=False, max_length=20)  # type: ignore[call-arg]


class RenameBody(Body):
    """A new official name from a day on."""

    name = serializers.CharField(max_length=200)
    effective_on = Day()


class FurtherNameBody(Body):
    """A former name, an acronym, or an alias such as the name in another language."""

    text = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(FURTHER_KINDS)
    language = Language(required=False, allow_blank=True)
    valid_from = Day(required=False, allow_null=True)
    valid_until = Day(required=False, allow_null=True)


class WrongNameBody(Body):
    """A further name as it stands in the record."""

    text = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(FURTHER_KINDS)


class ParentBody(Body):
    """The parent from a day on; null ends the present one the day before."""

    parent = RelatedId(lambda scope: Organisation.objects.visible_to(scope), allow_null=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(ParentageKind.choices, required=False)
    valid_from = Day(required=False, allow_null=True)


class ActivityBody(Body):
    """A country in which it works; replaces what was held of that country for days of the period."""

    country = RelatedCode(lambda scope: Country.objects.visible_to(scope))
    valid_from = Day(required=False, allow_null=True, help_text="Null: since ever, or not known since when.")
    valid_until = Day(required=False, allow_null=True, help_text="Null: until further notice.")
    is_mistake = serializers.BooleanField(required=False, help_text="True: it never worked there in that period.")


class OrganisationMergeBody(Body):
    """The organisation that this one turns out to be."""

    into = RelatedId(lambda scope: Organisation.objects.visible_to(scope))
    reason = serializers.CharField(max_length=500)
