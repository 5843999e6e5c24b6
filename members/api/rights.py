"""Which roles may call which operation of the network; what they see of it, the querysets say."""

from __future__ import annotations

from members.api.access_rights import ACCESS_RIGHTS
from members.api.agreements import AGREEMENT_RIGHTS
from members.scope import COMPANY_ROLES, OVERSIGHT, Role

EVERYBODY = frozenset(Role)
# Readers of totals see no row that belongs to anybody.
ROW_READERS = EVERYBODY - {Role.EVALUATOR}
STAFF = frozenset({Role.SECRETARIAT})
MANDATE_READERS = COMPANY_ROLES | OVERSIGHT | {Role.LCR, Role.MEMBER_GROUP}
CONTACT_KEEPERS = STAFF | {Role.COMPANY_EDITOR, Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER}

NETWORK_RIGHTS: dict[str, frozenset[str]] = {
    "audit.list": OVERSIGHT,
    "audit.read": OVERSIGHT,
    "countries.list": EVERYBODY,
    "countries.read": EVERYBODY,
    "regions.list": EVERYBODY,
    "regions.read": EVERYBODY,
    "organisations.list": ROW_READERS,
    "organisations.read": ROW_READERS,
    "organisations.create": STAFF,
    "organisations.update": STAFF,
    "organisations.rename": STAFF,
    "organisations.names": STAFF,
    "organisations.identifiers": STAFF,
    "organisations.parent": STAFF,
    "organisations.profile": STAFF | {Role.MEMBER_GROUP, Role.STOP_PARTNER},
    "network-memberships.list": ROW_READERS,
    "network-memberships.read": ROW_READERS,
    "groups.list": ROW_READERS,
    "groups.read": ROW_READERS,
    "group-participations.list": ROW_READERS,
    "group-participations.read": ROW_READERS,
    "published-sizes.list": EVERYBODY,
    "published-sizes.read": EVERYBODY,
    "reporting-channels.list": EVERYBODY,
    "reporting-channels.read": EVERYBODY,
    "reporting-channels.find": EVERYBODY,
    "mandates.list": MANDATE_READERS,
    "mandates.read": MANDATE_READERS,
    "mandates.moves": MANDATE_READERS,
    "mandates.create": STAFF,
    "mandates.confirm": STAFF,
    "mandates.end": STAFF,
    "contacts.list": CONTACT_KEEPERS | {Role.COMPANY_VIEWER},
    "contacts.read": CONTACT_KEEPERS | {Role.COMPANY_VIEWER},
    "contacts.create": CONTACT_KEEPERS,
    "contacts.update": CONTACT_KEEPERS,
    "contacts.end": CONTACT_KEEPERS,
}

RIGHTS: dict[str, frozenset[str]] = {**NETWORK_RIGHTS, **ACCESS_RIGHTS, **AGREEMENT_RIGHTS}
