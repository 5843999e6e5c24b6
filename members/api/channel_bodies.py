"""What is sent about reporting channels and their yearly counts."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from members.api.bodies import Tags
from members.channels.models import ReportingChannel
from members.channels.rules import ChannelAbout, ChannelKind
from members.countries.models import Country
from members.network.models import Group
from members.organisations.models import Organisation
from members.scope import Role, Scope
from registry.kernel.api.bodies import Body, Day, RelatedCode, RelatedId


def _countries(scope: Scope) -> QuerySet:
    """Countries whose channels the caller keeps."""
    rows = Country.objects.all()
    return rows if scope.wears(Role.SECRETARIAT) else rows.filter(pk__in=scope.countries)


class ReportingChannelPatch(Body):
    """What of a channel may change."""

    name = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(ChannelKind.choices, required=False)
    about = serializers.ChoiceField(ChannelAbout.choices, required=False)
    contact = serializers.CharField(
        source="url", max_length=300, required=False, help_text="Web address, or a number as `tel:`."
    )
    country = RelatedCode(
        _countries, required=False, allow_null=True, help_text="ISO code; null, by the secretariat alone, beyond one."
    )
    is_eu_wide = serializers.BooleanField(
        required=False, help_text="In the whole European Union; then without country."
    )
    languages = Tags(required=False)
    covers = serializers.CharField(max_length=300, required=False, allow_blank=True)
    what_it_takes = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    handling = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="What becomes of a report."
    )
    organisation = RelatedId(
        lambda scope: Organisation.objects.visible_to(scope), required=False, allow_null=True, help_text="Who runs it."
    )
    linked_group = RelatedId(lambda scope: Group.objects.visible_to(scope), required=False, allow_null=True)
    source = serializers.CharField(max_length=2000, required=False, allow_blank=True)  # type: ignore[assignment]

    def validate(self, attrs: dict) -> dict:
        """A representative keeps the channels of its countries, and none beyond."""
        beyond = attrs.get("is_eu_wide") or ("country_id" in attrs and attrs["country_id"] is None)
        missing = not self.partly and "country_id" not in attrs
        if (beyond or missing) and not self.context["scope"].wears(Role.SECRETARIAT):
            message = "A channel of one of your countries; others are the secretariat's."
            raise serializers.ValidationError({"country": [serializers.ErrorDetail(message, "country_required")]})
        return attrs

    partly = True


class ReportingChannelBody(ReportingChannelPatch):
    """A channel."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(ChannelKind.choices)
    about = serializers.ChoiceField(ChannelAbout.choices)
    contact = serializers.CharField(source="url", max_length=300, help_text="Web address, or a number as `tel:`.")
    checked_on = Day(required=False, help_text="When it was seen to work; null: not yet.")
    partly = False


class ChannelCheckBody(Body):
    """When the channel was seen to work."""

    checked_on = Day(required=False, help_text="Today when left out.")


class ChannelClosingBody(Body):
    """From when it takes no reports any more."""

    closed_on = Day()


class ChannelCountPatch(Body):
    """A corrected count with its source."""

    value = serializers.IntegerField(min_value=0, max_value=2_000_000_000)
    source = serializers.CharField(max_length=500)  # type: ignore[assignment]


class ChannelCountBody(ChannelCountPatch):
    """How many reports a channel received in a year. A number, never a case."""

    channel = RelatedId(lambda scope: ReportingChannel.objects.kept_by(scope))
    year = serializers.IntegerField(min_value=1990, max_value=2200)
    definition = serializers.CharField(max_length=300, help_text="What was counted.")
