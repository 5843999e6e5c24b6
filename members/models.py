"""Index of the tables of the network."""

from members.access.models import ApiToken, Grant, Invitation, User
from members.agreements.models import Agreement, AgreementParty, Amendment
from members.assemblies.models import (
    Assembly,
    AssemblyParticipation,
    CommitteeSeats,
    CommitteeTerm,
    Resolution,
)
from members.channels.models import ChannelCount, ReportingChannel
from members.countries.models import Country, Region
from members.imports.models import Import, ImportRow
from members.initiatives.models import (
    Initiative,
    InitiativeAudience,
    InitiativeFigure,
    InitiativeLanguage,
    InitiativeParticipant,
    TrainingAudience,
    TrainingGiven,
    TrainingLanguage,
    TrainingPartner,
)
from members.network.models import (
    Group,
    GroupParticipation,
    Mandate,
    NetworkDecision,
    NetworkMembership,
    PublishedSize,
)
from members.organisations.models import (
    Activity,
    Identifier,
    Merge,
    MergeStep,
    NameWord,
    Organisation,
    OrganisationName,
    Parentage,
)
from members.people.models import Contact, ErasureLedger, Person, PersonRole

__all__ = [
    "Activity",
    "Agreement",
    "AgreementParty",
    "Amendment",
    "ApiToken",
    "Assembly",
    "AssemblyParticipation",
    "ChannelCount",
    "CommitteeSeats",
    "CommitteeTerm",
    "Contact",
    "Country",
    "ErasureLedger",
    "Grant",
    "Group",
    "GroupParticipation",
    "Identifier",
    "Import",
    "ImportRow",
    "Initiative",
    "InitiativeAudience",
    "InitiativeFigure",
    "InitiativeLanguage",
    "InitiativeParticipant",
    "Invitation",
    "Mandate",
    "Merge",
    "MergeStep",
    "NameWord",
    "NetworkDecision",
    "NetworkMembership",
    "Organisation",
    "OrganisationName",
    "Parentage",
    "Person",
    "PersonRole",
    "PublishedSize",
    "Region",
    "ReportingChannel",
    "Resolution",
    "TrainingAudience",
    "TrainingGiven",
    "TrainingLanguage",
    "TrainingPartner",
    "User",
]
