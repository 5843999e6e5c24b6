"""Organisations with their dated names, identifiers and parents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.countries.models import Country
from members.organisations.querysets import (
    OrganisationNameQuerySet,
    OrganisationQuerySet,
    ParentageQuerySet,
    squeezed,
)
from members.organisations.rules import IdentifierScheme
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id
from registry.kernel.search.rules import WORD_LENGTH

__all__ = [
    "Activity",
    "Identifier",
    "Merge",
    "MergeStep",
    "NameWord",
    "Organisation",
    "OrganisationName",
    "Parentage",
]


class OrganisationKind(models.TextChoices):
    """What sort of body it is; its roles in the network are rows of their own."""

    NGO = "ngo", "Non-governmental organisation"
    COMPANY = "company", "Company"
    MINISTRY = "ministry", "Ministry"
    POLICE = "police", "Police"
    PUBLIC_BODY = "public_body", "Public body"
    FEDERATION = "federation", "Federation"
    SPORTS_FEDERATION = "sports_federation", "Sports federation"
    FOUNDATION = "foundation", "Foundation"
    ASSOCIATION = "association", "Association"
    COALITION = "coalition", "Coalition"
    HOTLINE = "hotline", "Hotline"
    HOTLINE_NETWORK = "hotline_network", "Network of hotlines"
    NETWORK = "network", "Network"
    OTHER = "other", "Other"


class NameKind(models.TextChoices):
    """What a name is to its organisation."""

    OFFICIAL = "official", "Official"
    FORMER = "former", "Former"
    ACRONYM = "acronym", "Acronym"
    ALIAS = "alias", "Alias"


class ParentageKind(models.TextChoices):
    """How a parent holds a child."""

    OWNED = "owned", "Owned"
    BRANDED = "branded", "Under the parent's brand"
    MANAGED = "managed", "Managed"
    CHAPTER = "chapter", "Chapter or local office"


class Organisation(models.Model):
    """A body in the register. One body is one row, whatever its roles and in however many lists it stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    search_key = models.TextField(help_text="The present name, folded.")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="organisations")
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA zone of its legal days.")
    languages = models.JSONField(default=list, blank=True, help_text="BCP 47 tags that it works in.")
    website = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=100, blank=True, help_text="Of the website; empty on shared hosts.")
    is_listed = models.BooleanField(default=True, help_text="False: counted, never shown, for its safety.")
    is_demo = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", help_text="The row that it lives on in."
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="organisation_not_merged_into_itself"),
        )
        indexes = (
            models.Index(fields=["domain"], condition=~Q(domain=""), name="organisation_by_domain"),
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["country", "name", "id"], name="organisation_by_country"),
            models.Index(fields=["zone"], name="organisation_by_zone"),
        )

    def __str__(self) -> str:
        return self.name


class OrganisationName(DatedFact):
    """A name under which the organisation is or was known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    search_key = models.TextField()
    language = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=NameKind)

    objects = OrganisationNameQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(kind=NameKind.OFFICIAL, valid_until=None, superseded_at=None),
                name="organisation_one_official_name",
            ),
        )
        indexes = (models.Index(squeezed(), name="organisation_name_squeezed"),)

    def __str__(self) -> str:
        return self.text


class NameWord(models.Model):
    """A word of a name's folded text. The key is ordered for the way in which names are looked for: by word."""

    pk = models.CompositePrimaryKey("word", "name")
    word = models.CharField(max_length=WORD_LENGTH)
    name = models.ForeignKey(OrganisationName, models.CASCADE, related_name="words")


class Identifier(models.Model):
    """A number or code by which others know the organisation, such as a company number or an LEI."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40, choices=IdentifierScheme)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["scheme", "value"], name="identifier_unique"),)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Parentage(DatedFact):
    """`child` belongs to `parent` in one way for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Organisation, models.CASCADE, related_name="parentages")
    parent = models.ForeignKey(Organisation, models.CASCADE, related_name="children")
    kind = models.CharField(max_length=10, choices=ParentageKind, default=ParentageKind.OWNED)

    objects = ParentageQuerySet.as_manager()

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.CheckConstraint(condition=~Q(child=F("parent")), name="parentage_not_of_itself"),
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(valid_until=None, superseded_at=None),
                name="parentage_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} → {self.parent_id}"


class Activity(DatedFact):
    """The organisation works in a country for a time; its seat is `Organisation.country`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="activities")
    country = models.ForeignKey(Country, models.PROTECT, related_name="activities")

    class Meta(DatedFact.Meta):
        verbose_name_plural = "activities"
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "country"],
                condition=Q(valid_until=None, superseded_at=None),
                name="activity_one_open_per_country",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.country_id}"


class Merge(models.Model):
    """Two rows were one body: `source` lives on in `target`. Its steps are what an undo takes back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="merges_away")
    target = models.ForeignKey(Organisation, models.PROTECT, related_name="merges_taken")
    reason = models.CharField(max_length=500)
    merged_at = models.DateTimeField()
    actor_label = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="merge_one_open_per_source"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class StepKind(models.TextChoices):
    """What a step of a merge did to rows."""

    MOVED = "moved", "Now points at the other organisation"
    CHANGED = "changed", "Some fields got other values"
    CREATED = "created", "Is new"
    DELETED = "deleted", "Is gone"


class MergeStep(models.Model):
    """One thing that a merge did, in its order, with what is needed to take it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    table = models.CharField(max_length=100, help_text="`app.Model`, for moves with the field: `app.Model.field`.")
    keys = models.JSONField(help_text="Keys of the rows.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["merge", "position"], name="merge_step_in_order"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.table}"
