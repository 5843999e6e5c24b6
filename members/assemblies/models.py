"""Assemblies with participations and resolutions; the seats of the regional committee and their holders."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.assemblies.querysets import (
    ADOPTED,
    MEMBER,
    NETWORK,
    AssemblyParticipationQuerySet,
    AssemblyQuerySet,
    CommitteeSeatsQuerySet,
    CommitteeTermQuerySet,
    ResolutionQuerySet,
)
from members.countries.models import Country, Region
from members.network.models import Sourced
from members.organisations.models import Organisation
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id

__all__ = ["Assembly", "AssemblyParticipation", "CommitteeSeats", "CommitteeTerm", "Resolution"]

PARTIAL_HELP = "YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD where the year is not known, or a span such as 2017/2018."


class AssemblyKind(models.TextChoices):
    """Whose assembly it is: that decides who votes."""

    NETWORK = NETWORK, "Of the network: its full members vote"
    MEMBER = MEMBER, "Of one member: its voters are a count"


class AssemblyMode(models.TextChoices):
    """How people met."""

    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "In person and online"
    UNKNOWN = "unknown", "Not known"


class ResolutionResult(models.TextChoices):
    """What became of a resolution; none while it is not voted on."""

    ADOPTED = ADOPTED, "Adopted"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CommitteeRole(models.TextChoices):
    """What a holder of a seat is in the committee."""

    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice-chair"
    MEMBER = "member", "Member"


class Assembly(Sourced):
    """A general assembly. `organisation` holds it; of the network's, voters are worked out, never entered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assemblies")
    kind = models.CharField(max_length=10, choices=AssemblyKind)
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Null where no source counts it.")
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="assemblies")
    starts_on = models.CharField(max_length=25, help_text=PARTIAL_HELP)
    ends_on = models.CharField(max_length=25, blank=True, help_text="Empty: on one day, or not known.")
    starts_earliest = models.DateField()
    starts_latest = models.DateField()
    mode = models.CharField(max_length=10, choices=AssemblyMode, default=AssemblyMode.UNKNOWN)
    summary = models.TextField(blank=True, help_text="What is publicly known of it.")
    voter_count = models.PositiveIntegerField(null=True, blank=True, help_text="Present or represented, with a vote.")
    entitled_count = models.PositiveIntegerField(null=True, blank=True, help_text="All who could have voted.")
    quorum_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True, help_text="0–1.")
    quorum_number = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AssemblyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "assemblies"
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], condition=Q(number__isnull=False), name="assembly_number_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_latest__gte=F("starts_earliest")), name="assembly_start_in_order"
            ),
            models.CheckConstraint(
                condition=Q(kind=MEMBER) | Q(voter_count=None, entitled_count=None),
                name="assembly_of_network_counts_no_voters",
            ),
            models.CheckConstraint(
                condition=Q(voter_count=None) | Q(entitled_count=None) | Q(entitled_count__gte=F("voter_count")),
                name="assembly_voters_among_entitled",
            ),
            models.CheckConstraint(
                condition=Q(quorum_share=None) | Q(quorum_share__gt=0, quorum_share__lte=1),
                name="assembly_quorum_share_within_one",
            ),
        )
        indexes = (models.Index(fields=["starts_earliest", "id"], name="assembly_by_start"),)

    def __str__(self) -> str:
        return self.title


class AssemblyParticipation(models.Model):
    """An organisation registered for an assembly."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assembly_participations")
    registered_at = models.DateTimeField()

    objects = AssemblyParticipationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assembly", "organisation"], name="assembly_participation_once"),
        )

    def __str__(self) -> str:
        return f"{self.assembly_id} {self.organisation_id}"


class Resolution(models.Model):
    """What an assembly was asked to decide, and what it decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="resolutions")
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Null where no source counts it.")
    titles = models.JSONField(help_text="Language → title.")
    texts = models.JSONField(default=dict, blank=True, help_text="Language → text.")
    result = models.CharField(max_length=10, choices=ResolutionResult, blank=True)
    votes_for = models.PositiveIntegerField(null=True, blank=True)
    votes_against = models.PositiveIntegerField(null=True, blank=True)
    abstentions = models.PositiveIntegerField(null=True, blank=True)
    source = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assembly", "number"], condition=Q(number__isnull=False), name="resolution_number_once"
            ),
            models.CheckConstraint(
                condition=Q(votes_for=None, votes_against=None, abstentions=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False, abstentions__isnull=False),
                name="resolution_votes_all_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assembly_id} {self.number}"


class CommitteeSeats(DatedFact, Sourced):
    """How many seats of the regional committee a region has, for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="committee_seats")
    seat_count = models.PositiveSmallIntegerField()

    objects = CommitteeSeatsQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        verbose_name_plural = "committee seats"
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["region"], condition=Q(valid_until=None, superseded_at=None), name="committee_seats_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region_id} {self.seat_count}"


class CommitteeTerm(Sourced):
    """An organisation that holds a seat of its region, for a term. Never more than the seats: `actions.committee`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="committee_terms")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="committee_terms")
    role = models.CharField(max_length=10, choices=CommitteeRole, default=CommitteeRole.MEMBER)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day; null while none is set.")
    elected_at = models.ForeignKey(
        Assembly, models.PROTECT, null=True, blank=True, related_name="committee_terms", help_text="The election."
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CommitteeTermQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="committee_term_in_order"
            ),
            models.UniqueConstraint(fields=["organisation"], condition=Q(ends_on=None), name="committee_term_one_open"),
        )

    def __str__(self) -> str:
        return f"{self.region_id} {self.organisation_id}"
