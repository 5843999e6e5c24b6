"""Every change of an organisation, its names, identifiers, countries and parents."""

from members.organisations.actions.activities import set_activity
from members.organisations.actions.identifiers import add_identifier, remove_identifier
from members.organisations.actions.merges import merge, unmerge
from members.organisations.actions.names import add_name, remove_name, rename
from members.organisations.actions.parents import ParentRing, set_parent
from members.organisations.actions.records import Duplicate, register, update
from members.organisations.actions.upserting import bearer_of, put

__all__ = [
    "Duplicate",
    "ParentRing",
    "add_identifier",
    "add_name",
    "bearer_of",
    "merge",
    "put",
    "register",
    "remove_identifier",
    "remove_name",
    "rename",
    "set_activity",
    "set_parent",
    "unmerge",
    "update",
]
