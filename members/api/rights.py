"""Which roles may call which operation of the network; what they see of it, the querysets say."""

from __future__ import annotations

from members.api.access_rights import ACCESS_RIGHTS
from members.api.agreements import AGREEMENT_RIGHTS
from members.api.assemblies import ASSEMBLY_RIGHTS
from members.api.imports import IMPORT_RIGHTS
from members.api.initiatives import INITIATIVE_RIGHTS
from members.api.organisation_rights import ORGANISATION_RIGHTS
from members.api.people import PEOPLE_RIGHTS
from members.api.trainings import TRAINING_GIVEN_RIGHTS
from members.network.lifecycle import NetworkMove
from members.scope import COMPANY_ROLES, OVERSIGHT, Role

EVERYBODY = frozenset(Role)
# Readers of totals see no row that belongs to anybody.
ROW_READERS = EVERYBODY - {Role.EVALUATOR}
STAFF = frozenset({Role.SECRETARIAT})
MANDATE_READERS = COMPANY_ROLES | OVERSIGHT | {Role.LCR, Role.MEMBER_GROUP}
# Which groups and channels, the querysets say: those that the own organisation coordinates, of the own countries.
GROUP_KEEPERS = STAFF | {Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER}
CHANNEL_KEEPERS = STAFF | {Role.LCR}
CONTACT_KEEPERS = STAFF | {Role.COMPANY_EDITOR, Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER}

NETWORK_RIGHTS: dict[str, frozenset[str]] = {
    "audit.list": OVERSIGHT,
    "audit.read": OVERSIGHT,
    "directory.entries": EVERYBODY,
    "directory.geojson": EVERYBODY,
    "directory.as_csv": EVERYBODY,
    "countries.list": EVERYBODY,
    "countries.read": EVERYBODY,
    "countries.export": EVERYBODY,
    "regions.list": EVERYBODY,
    "regions.read": EVERYBODY,
    **ORGANISATION_RIGHTS,
    "network-memberships.list": ROW_READERS,
    "network-memberships.export": ROW_READERS,
    "network-memberships.read": ROW_READERS,
    "network-memberships.counts": ROW_READERS,
    "network-memberships.moves": OVERSIGHT | {Role.MEMBER_GROUP},
    "network-memberships.decisions": OVERSIGHT | {Role.MEMBER_GROUP},
    "network-memberships.create": STAFF,
    "network-memberships.apply": STAFF,
    "network-memberships.update": STAFF,
    **{f"network-memberships.{move.value}": STAFF for move in NetworkMove},
    "groups.list": ROW_READERS,
    "groups.read": ROW_READERS,
    "groups.export": ROW_READERS,
    "groups.create": STAFF,
    "groups.update": GROUP_KEEPERS,
    "group-participations.list": ROW_READERS,
    "group-participations.export": ROW_READERS,
    "group-participations.read": ROW_READERS,
    "group-participations.create": GROUP_KEEPERS,
    "group-participations.update": GROUP_KEEPERS,
    "group-participations.end": GROUP_KEEPERS,
    "published-sizes.list": EVERYBODY,
    "published-sizes.read": EVERYBODY,
    "published-sizes.export": EVERYBODY,
    "reporting-channels.list": EVERYBODY,
    "reporting-channels.export": EVERYBODY,
    "reporting-channels.read": EVERYBODY,
    "reporting-channels.find": EVERYBODY,
    "reporting-channels.create": CHANNEL_KEEPERS,
    "reporting-channels.update": CHANNEL_KEEPERS,
    "reporting-channels.check": CHANNEL_KEEPERS,
    "reporting-channels.close": CHANNEL_KEEPERS,
    "channel-counts.list": EVERYBODY,
    "channel-counts.read": EVERYBODY,
    "channel-counts.export": EVERYBODY,
    "channel-counts.create": CHANNEL_KEEPERS,
    "channel-counts.update": CHANNEL_KEEPERS,
    "mandates.list": MANDATE_READERS,
    "mandates.export": MANDATE_READERS,
    "mandates.read": MANDATE_READERS,
    "mandates.moves": MANDATE_READERS,
    "mandates.create": STAFF,
    "mandates.update": STAFF,
    "mandates.confirm": STAFF,
    "mandates.end": STAFF,
    **PEOPLE_RIGHTS,
    **IMPORT_RIGHTS,
    **INITIATIVE_RIGHTS,
    **TRAINING_GIVEN_RIGHTS,
    "contacts.list": CONTACT_KEEPERS | {Role.COMPANY_VIEWER},
    "contacts.read": CONTACT_KEEPERS | {Role.COMPANY_VIEWER},
    "contacts.create": CONTACT_KEEPERS,
    "contacts.update": CONTACT_KEEPERS,
    "contacts.end": CONTACT_KEEPERS,
}

RIGHTS: dict[str, frozenset[str]] = {**NETWORK_RIGHTS, **ACCESS_RIGHTS, **AGREEMENT_RIGHTS, **ASSEMBLY_RIGHTS}
