"""What an organisation is in the network on a day: all its hats on one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.translation import get_language
from rest_framework import serializers

from members.assemblies.models import CommitteeTerm
from members.channels.models import ReportingChannel
from members.network.models import GroupParticipation, Mandate, NetworkMembership
from members.scope import Role, Scope
from registry.kernel.api.bodies import Body, Day
from registry.kernel.api.rows import API_PREFIX, ReferenceSerializer, in_language


class Hat(TextChoices):
    """What an organisation may be in the network."""

    MEMBER = "member", "Member of the network"
    REPRESENTATIVE = "representative", "Local Code Representative"
    PARTICIPANT = "participant", "In a group, such as the STOP Group"
    COMMITTEE = "committee", "Holds a seat of the regional committee"
    CHANNEL = "channel", "Runs a reporting channel"


@dataclass(frozen=True)
class _Source:
    """Where the rows of one hat come from: `name` is a text, or texts by language; `certain` a flag or None."""

    resource: str
    rows: Callable[[Scope, date], QuerySet]
    detail: str
    name: str
    start: str
    end: str
    doubt: str | None = "is_uncertain"


def _memberships(scope: Scope, on: date) -> QuerySet:
    return NetworkMembership.objects.visible_to(scope).on(on).with_certainty(on=on).with_standing(on=on)


def _mandates(scope: Scope, on: date) -> QuerySet:
    readers = {Role.SECRETARIAT, Role.AUDITOR, Role.LCR, Role.MEMBER_GROUP}
    seen = Mandate.objects.visible_to(scope) if scope.wears(*readers) else Mandate.objects.none()
    return seen.on(on).with_certainty(on=on)


def _channels(scope: Scope, on: date) -> QuerySet:
    # Who runs one is named to whoever may know the organisation, and nobody else asks about it here.
    return ReportingChannel.objects.visible_to(scope).open_on(on)


SOURCES: dict[Hat, _Source] = {
    Hat.MEMBER: _Source(
        "network-memberships", _memberships, "kind_on", "region__names", "valid_from", "valid_until"
    ),
    Hat.REPRESENTATIVE: _Source("mandates", _mandates, "state", "country__names", "valid_from", "valid_until"),
    Hat.PARTICIPANT: _Source(
        "group-participations",
        lambda scope, on: GroupParticipation.objects.visible_to(scope).on(on).with_certainty(on=on),
        "role",
        "group__name",
        "valid_from",
        "valid_until",
    ),
    Hat.COMMITTEE: _Source(
        "committee-terms",
        lambda scope, on: CommitteeTerm.objects.visible_to(scope).on(on),
        "role",
        "region__names",
        "starts_on",
        "ends_on",
        doubt=None,
    ),
    Hat.CHANNEL: _Source(
        "reporting-channels",
        _channels,
        "kind",
        "name",
        "pk",
        "closed_on",
        doubt=None,
    ),
}  # fmt: skip


class RolesParameters(Body):
    """Of which day, and whether with what is not proven."""

    valid_on = Day(required=False, help_text="As of this day; today when left out.")
    uncertain = serializers.BooleanField(default=False, help_text="Add roles that are not proven for the day.")


class RoleSerializer(serializers.Serializer):
    """One hat."""

    role = serializers.ChoiceField(Hat.choices)
    detail = serializers.CharField(
        help_text="Kind of membership, state of the mandate, role in the group or committee, kind of channel."
    )
    row = ReferenceSerializer(help_text="The row that says so; named after its region, country, group or channel.")
    valid_from = serializers.DateField(allow_null=True, help_text="Null when not known.")
    valid_until = serializers.DateField(allow_null=True, help_text="Null while it lasts.")
    is_uncertain = serializers.BooleanField()

    class Meta:
        ref_name = "OrganisationRole"


class RolesSerializer(serializers.Serializer):
    """What an organisation is in the network on a day. Its place in The Code stands at its company."""

    as_of = serializers.DateField()
    roles = RoleSerializer(many=True)

    class Meta:
        ref_name = "OrganisationRoles"


def roles_of(key: UUID, scope: Scope, *, on: date, uncertain: bool) -> Iterator[dict[str, Any]]:
    """The hats that the caller may see, in the order of `Hat`. One query each."""
    language = (get_language() or "en").split("-")[0]
    for hat, source in SOURCES.items():
        columns = ["pk", source.detail, source.name, source.start, source.end]
        columns += [source.doubt] if source.doubt else []
        rows = source.rows(scope, on).filter(organisation=key).order_by(source.name, "pk")
        for pk, detail, name, start, end, *doubt in rows.values_list(*columns):
            if any(doubt) and not uncertain:
                continue
            text = in_language(name, language) if isinstance(name, dict) else name
            yield {
                "role": hat.value,
                "detail": detail,
                "row": {"id": str(pk), "url": f"{API_PREFIX}{source.resource}/{pk}/", "display": text},
                "valid_from": start if isinstance(start, date) else None,
                "valid_until": end,
                "is_uncertain": any(doubt),
            }
