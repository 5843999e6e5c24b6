"""Memberships of the network, groups with their participants, mandates, published sizes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.agreements.models import Agreement
from members.countries.models import Country, Region
from members.network.lifecycle import (
    GroupRole,
    MandateState,
    NetworkMembershipKind,
    NetworkMembershipState,
    NetworkMove,
)
from members.network.querysets import (
    GroupQuerySet,
    MandateQuerySet,
    MembershipQuerySet,
    NetworkDecisionQuerySet,
    ParticipationQuerySet,
    PublishedSizeQuerySet,
)
from members.organisations.models import Organisation
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id

__all__ = ["Group", "GroupParticipation", "Mandate", "NetworkDecision", "NetworkMembership", "PublishedSize"]


PROVEN_HELP = "A source proves it from this day on; None: nothing does."


class Sourced(models.Model):
    """Where a row comes from and how sure it is."""

    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class NetworkMembership(DatedFact, Sourced):
    """An organisation in the network, for a time; several over time, never two at once.

    `valid_from`, `valid_until`: the days outside which it can't have been a member; `proven_from`,
    `proven_until`: those between which a source proves it. Of an applicant no day counts until it is admitted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="network_memberships")
    kind = models.CharField(max_length=10, choices=NetworkMembershipKind)
    state = models.CharField(max_length=10, choices=NetworkMembershipState)
    region = models.ForeignKey(Region, models.PROTECT, related_name="network_memberships")
    applied_on = models.DateField(null=True, blank=True, help_text="Of one that applied here.")
    since = models.CharField(max_length=10, blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD, as the source has it.")
    since_basis = models.CharField(max_length=200, blank=True, help_text="What happened on that date.")
    until = models.CharField(max_length=10, blank=True, help_text="Last day as the source has it, like `since`.")
    proven_from = models.DateField()
    proven_until = models.DateField(null=True, blank=True, help_text="None: nothing says that it ended.")
    decided_from = models.DateField(
        null=True, blank=True, help_text="Since when the register's own decisions vouch for it; None: never moved."
    )
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(valid_until=None, superseded_at=None),
                name="network_membership_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id}"


class NetworkDecision(models.Model):
    """One move of one membership of the network: appended, never edited. Its reason is neutral and names nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(NetworkMembership, models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField(help_text="Version of the membership that this decision led to.")
    move = models.CharField(max_length=14, choices=NetworkMove)
    from_state = models.CharField(max_length=10, choices=NetworkMembershipState)
    to_state = models.CharField(max_length=10, choices=NetworkMembershipState)
    from_kind = models.CharField(max_length=10, choices=NetworkMembershipKind)
    to_kind = models.CharField(max_length=10, choices=NetworkMembershipKind)
    effective_on = models.DateField()
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)

    objects = NetworkDecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["membership", "version"], name="network_decision_one_per_version"),
        )
        indexes = (models.Index(fields=["membership", "effective_on"], name="network_decision_by_day"),)

    def __str__(self) -> str:
        return f"{self.move} {self.membership_id}"


class Group(Sourced):
    """A named group of organisations that work together, such as the STOP Group of Belgium."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=200)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="groups")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = GroupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class GroupParticipation(DatedFact, Sourced):
    """An organisation in a group, in one role for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="participations")
    role = models.CharField(max_length=12, choices=GroupRole)
    proven_from = models.DateField(null=True, blank=True, help_text=PROVEN_HELP)
    version = models.PositiveIntegerField(default=1)

    objects = ParticipationQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "organisation"],
                condition=Q(valid_until=None, superseded_at=None),
                name="group_participation_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"


class Mandate(Sourced):
    """An organisation as Local Code Representative of a country.

    Confirmed ones of one country never overlap: `constraints.py`. An end may lie ahead: the state tells
    that it was decided, the dates tell when it counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    country = models.ForeignKey(Country, models.PROTECT, related_name="mandates")
    state = models.CharField(max_length=10, choices=MandateState, default=MandateState.RECORDED)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; null while it lasts.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    proven_from = models.DateField(null=True, blank=True, help_text=PROVEN_HELP)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="mandates", help_text="That it rests on."
    )
    since = models.CharField(max_length=10, blank=True, help_text="As the source has it.")
    since_basis = models.CharField(max_length=200, blank=True)
    status_seen = models.CharField(max_length=200, blank=True, help_text="What the source says of its state.")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="mandate_period_in_order",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=MandateState.RECORDED, confirmed_at=None)
                    | Q(state=MandateState.CONFIRMED, confirmed_at__isnull=False, valid_from__isnull=False)
                    | Q(state=MandateState.ENDED)
                ),
                name="mandate_confirmed_with_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.country_id} {self.organisation_id}"


class PublishedSize(models.Model):
    """A count that somebody published: never a figure of this register, and they contradict each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scheme = models.CharField(max_length=40)
    position = models.PositiveIntegerField(unique=True, help_text="Place in the list, in order of time.")
    date_text = models.CharField(max_length=40, help_text="As the source has it.")
    members = models.PositiveIntegerField(null=True, blank=True)
    countries = models.PositiveIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=200, help_text="What was counted.")
    source = models.TextField()

    objects = PublishedSizeQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["scheme", "date_text", "basis"], name="published_size_unique"),)

    def __str__(self) -> str:
        return f"{self.scheme} {self.date_text}"
