"""Index of the tables of the network."""

from members.access.models import ApiToken, Grant, Invitation, User
from members.channels.models import ReportingChannel
from members.countries.models import Country, Region
from members.network.models import Group, GroupParticipation, Mandate, NetworkMembership, PublishedSize
from members.organisations.models import Identifier, Organisation, OrganisationName, Parentage
from members.people.models import Contact

__all__ = [
    "ApiToken",
    "Contact",
    "Country",
    "Grant",
    "Group",
    "GroupParticipation",
    "Identifier",
    "Invitation",
    "Mandate",
    "NetworkMembership",
    "Organisation",
    "OrganisationName",
    "Parentage",
    "PublishedSize",
    "Region",
    "ReportingChannel",
    "User",
]
