"""Which roles may call which operation on organisations."""

from __future__ import annotations

from members.scope import COMPANY_ROLES, OVERSIGHT, Role

_ROW_READERS = frozenset(Role) - {Role.EVALUATOR}
_STAFF = frozenset({Role.SECRETARIAT})

ORGANISATION_RIGHTS: dict[str, frozenset[str]] = {
    "organisations.list": _ROW_READERS,
    "organisations.export": _ROW_READERS,
    "organisations.read": _ROW_READERS,
    # What is found is what the caller sees anyway: an applicant matches against public facts only.
    "organisations.match": _STAFF | COMPANY_ROLES | {Role.APPLICANT, Role.LCR, Role.MEMBER_GROUP},
    "organisations.roles": _ROW_READERS,
    "organisations.history": OVERSIGHT | {Role.LCR, Role.MEMBER_GROUP, Role.STOP_PARTNER},
    "organisations.create": _STAFF,
    "organisations.update": _STAFF,
    "organisations.put": _STAFF,
    "organisations.rename": _STAFF,
    "organisations.names": _STAFF,
    "organisations.remove_name": _STAFF,
    "organisations.identifiers": _STAFF,
    "organisations.remove_identifier": _STAFF,
    "organisations.parent": _STAFF,
    "organisations.activity": _STAFF,
    "organisations.merge": _STAFF,
    "organisations.unmerge": _STAFF,
    "organisations.profile": _STAFF | {Role.MEMBER_GROUP, Role.STOP_PARTNER},
}
