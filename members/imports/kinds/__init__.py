"""The kinds of import, by name: five of the network, and those that a higher package adds."""

from members.imports.kinds.base import Clash, Importer
from members.imports.kinds.channels import ReportingChannels
from members.imports.kinds.mandates import Mandates
from members.imports.kinds.memberships import NetworkMemberships
from members.imports.kinds.organisations import Organisations
from members.imports.kinds.participations import GroupParticipations

IMPORTERS: dict[str, Importer] = {
    kind.kind: kind() for kind in (Organisations, NetworkMemberships, Mandates, GroupParticipations, ReportingChannels)
}


def add(importer: Importer) -> None:
    """Let tables of one more kind be imported."""
    IMPORTERS[importer.kind] = importer


__all__ = ["IMPORTERS", "Clash", "Importer", "add"]
