"""Index of the tables of the network."""

from members.access.models import ApiToken, Grant, Invitation, User
from members.agreements.models import Agreement, AgreementParty, Amendment
from members.channels.models import ReportingChannel
from members.countries.models import Country, Region
from members.network.models import Group, GroupParticipation, Mandate, NetworkMembership, PublishedSize
from members.organisations.models import (
    Activity,
    Identifier,
    Merge,
    MergeStep,
    Organisation,
    OrganisationName,
    Parentage,
)
from members.people.models import Contact

__all__ = [
    "Activity",
    "Agreement",
    "AgreementParty",
    "Amendment",
    "ApiToken",
    "Contact",
    "Country",
    "Grant",
    "Group",
    "GroupParticipation",
    "Identifier",
    "Invitation",
    "Mandate",
    "Merge",
    "MergeStep",
    "NetworkMembership",
    "Organisation",
    "OrganisationName",
    "Parentage",
    "PublishedSize",
    "Region",
    "ReportingChannel",
    "User",
]
