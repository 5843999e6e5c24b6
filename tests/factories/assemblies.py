"""Assemblies, resolutions and seats for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from members.assemblies.actions import committee, holding, resolutions
from members.assemblies.models import Assembly, AssemblyParticipation, CommitteeSeats, CommitteeTerm, Resolution
from members.network.models import NetworkMembership
from members.organisations.models import Organisation
from registry.kernel.audit.actor import SYSTEM
from tests.factories.network import make_network_membership
from tests.factories.organisations import make_organisation

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def make_assembly(**overrides: Any) -> Assembly:
    """An assembly of the network on 27 September 2026, without a rule on quorum."""
    organisation = overrides.pop("organisation", None) or make_organisation(kind="network", country_id=None)
    values: dict[str, Any] = {
        "kind": "network",
        "title": f"Assemblée fictive {next(_numbers)}",
        "starts_on": "2026-09-27",
        **overrides,
    }
    return holding.create(organisation_id=organisation.pk, **values, actor=SYSTEM, at=AT)


def make_member_assembly(**overrides: Any) -> Assembly:
    """A member's own assembly with 14 of 20 voters."""
    organisation = overrides.pop("organisation", None) or make_organisation()
    values = {"kind": "member", "voter_count": 14, "entitled_count": 20, **overrides}
    return make_assembly(organisation=organisation, **values)


def make_registration(
    *, assembly: Assembly, member: Organisation | None = None, **membership: Any
) -> AssemblyParticipation:
    """The registration of `member`, else of a new full one; `membership` overrides its network membership."""
    kept = NetworkMembership.objects.filter(organisation=member).first() if member else None
    if member:
        membership["organisation"] = member
    organisation = (kept or make_network_membership(**membership)).organisation
    return AssemblyParticipation.objects.create(assembly=assembly, organisation=organisation, registered_at=AT)


def make_resolution(**overrides: Any) -> Resolution:
    """An adopted resolution of the network, without counted votes."""
    assembly = overrides.pop("assembly", None) or make_assembly()
    values = {"titles": {"en": "Fictional resolution", "fr": "Résolution fictive"}, "result": "adopted", **overrides}
    return resolutions.table(assembly_id=assembly.pk, **values, actor=SYSTEM, at=AT)


def make_seats(**overrides: Any) -> CommitteeSeats:
    """Two seats of Europe since 2024."""
    values = {"region_id": "europe", "seat_count": 2, "valid_from": date(2024, 1, 1), **overrides}
    return committee.set_seats(**values, actor=SYSTEM, at=AT)


def make_term(**overrides: Any) -> CommitteeTerm:
    """A member of Europe with a seat from 2025 to 2027; the seats must be there."""
    organisation = overrides.pop("organisation", None) or make_network_membership().organisation
    values = {"region_id": "europe", "starts_on": date(2025, 1, 1), "ends_on": date(2027, 12, 31), **overrides}
    return committee.elect(organisation_id=organisation.pk, **values, actor=SYSTEM, at=AT)
