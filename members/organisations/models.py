"""Organisations with their dated names, identifiers and parents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.countries.models import Country
from members.organisations.querysets import OrganisationQuerySet, ParentageQuerySet
from registry.kernel.facts import DatedFact
from registry.kernel.ids import new_id

__all__ = ["Identifier", "Organisation", "OrganisationName", "Parentage"]


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
    is_listed = models.BooleanField(default=True, help_text="False: counted, never shown, for its safety.")
    is_demo = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["country", "name", "id"], name="organisation_by_country"),
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

    class Meta(DatedFact.Meta):
        constraints = (
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(kind=NameKind.OFFICIAL, valid_until=None, superseded_at=None),
                name="organisation_one_official_name",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """A number or code by which others know the organisation, such as a company number or an LEI."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
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
