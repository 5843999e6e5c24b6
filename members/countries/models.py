"""Countries by ISO code and the five regions of the network."""

from __future__ import annotations

from django.db import models

from members.countries.querysets import CountryQuerySet, RegionQuerySet

__all__ = ["Country", "Region"]


class Region(models.Model):
    """A region of the network, as it elects its representatives."""

    code = models.SlugField(primary_key=True, max_length=40)
    names = models.JSONField(help_text="Language → name.")

    objects = RegionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.names["en"])


class Country(models.Model):
    """A country or territory of ISO 3166-1, and Kosovo (XK)."""

    code = models.CharField(primary_key=True, max_length=2, help_text="ISO 3166-1 alpha-2.")
    names = models.JSONField(help_text="Language → name.")
    search_key = models.TextField(help_text="Code and all names, folded.")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="countries")
    zone = models.CharField(max_length=64, help_text="IANA zone of the capital.")
    is_eu = models.BooleanField(default=False, help_text="Member state of the European Union.")
    source = models.TextField(blank=True)

    objects = CountryQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.names["en"])
