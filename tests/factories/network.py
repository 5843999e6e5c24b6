"""Memberships, groups, mandates and channels for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from members.channels.models import ChannelCount, ReportingChannel
from members.channels.rules import ChannelAbout, ChannelKind
from members.network.lifecycle import GroupRole, MandateState, NetworkMembershipKind, NetworkMembershipState
from members.network.models import Group, GroupParticipation, Mandate, NetworkMembership
from tests.factories.organisations import make_organisation

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def _with_organisation(overrides: dict[str, Any]) -> None:
    if not {"organisation", "organisation_id"} & set(overrides):
        overrides["organisation"] = make_organisation()


def make_network_membership(**overrides: Any) -> NetworkMembership:
    """A member group of Europe since 2010, proven by a source."""
    _with_organisation(overrides)
    defaults: dict[str, Any] = {
        "kind": NetworkMembershipKind.FULL,
        "state": NetworkMembershipState.RECORDED,
        "region_id": "europe",
        "since": "2010",
        "since_basis": "joined",
        "valid_from": date(2010, 1, 1),
        "proven_from": date(2010, 12, 31),
        "confidence": "sourced",
        "recorded_at": AT,
    }
    return NetworkMembership.objects.create(**{**defaults, **overrides})


def make_applicant(**overrides: Any) -> NetworkMembership:
    """An applicant of Europe since this November, for affiliate membership."""
    applied = {
        "kind": NetworkMembershipKind.AFFILIATE,
        "state": NetworkMembershipState.APPLICANT,
        "since": "",
        "since_basis": "",
        "valid_from": None,
        "applied_on": date(2026, 11, 1),
        "proven_from": date(2026, 11, 1),
        "confidence": "",
    }
    return make_network_membership(**{**applied, **overrides})


def make_group(**overrides: Any) -> Group:
    """A group of Belgium."""
    number = next(_numbers)
    defaults = {"code": f"groupe-fictif-{number}", "name": f"Groupe Fictif {number}", "country_id": "BE"}
    return Group.objects.create(**{**defaults, "created_at": AT, **overrides})


def make_participation(**overrides: Any) -> GroupParticipation:
    """A partner of a group, since ever."""
    _with_organisation(overrides)
    if not {"group", "group_id"} & set(overrides):
        overrides["group"] = make_group()
    defaults = {"role": GroupRole.PARTNER, "proven_from": overrides.get("valid_from") or date(2014, 6, 1)}
    return GroupParticipation.objects.create(**{**defaults, "recorded_at": AT, **overrides})


def make_mandate(**overrides: Any) -> Mandate:
    """A mandate for Belgium, recorded and not confirmed; confirmed since 2017 with `state="confirmed"`."""
    _with_organisation(overrides)
    if overrides.get("state") == MandateState.CONFIRMED:
        overrides = {"valid_from": date(2017, 1, 1), "confirmed_at": AT, **overrides}
    return Mandate.objects.create(
        **{"country_id": "BE", "proven_from": date(2017, 1, 1), "created_at": AT, **overrides}
    )


def make_channel(**overrides: Any) -> ReportingChannel:
    """A form for reports about travel, without country, checked lately."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"Ligne Fictive {number}",
        "kind": ChannelKind.NGO_FORM,
        "about": ChannelAbout.TRAVEL,
        "url": f"https://ligne-{number}.example/",
        "position": 1000 + number,
        "checked_on": date(2026, 11, 1),
        "check_due_on": date(2027, 5, 1),
        "created_at": AT,
    }
    return ReportingChannel.objects.create(**{**defaults, **overrides})


def make_channel_count(**overrides: Any) -> ChannelCount:
    """The reports that a new channel received in 2025."""
    if not {"channel", "channel_id"} & set(overrides):
        overrides["channel"] = make_channel()
    defaults: dict[str, Any] = {
        "year": 2025,
        "value": 120,
        "definition": "Reports received in the year.",
        "source": "https://ligne.example/2025",
        "created_at": AT,
    }
    return ChannelCount.objects.create(**{**defaults, **overrides})
