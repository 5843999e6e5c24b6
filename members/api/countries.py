"""Countries and regions."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from rest_framework import serializers

from members import refs
from members.api.filters import Flag
from members.countries.models import Country, Region
from members.network.models import Mandate
from members.scope import Scope
from registry.kernel.api.exports import ExportRows
from registry.kernel.api.filters import AnyOf, RowFilters, TextSearch
from registry.kernel.api.rows import RowSerializer, Translated
from registry.kernel.api.views import ListRows, ReadRow, ResourceViews


class RegionRow(RowSerializer):
    """A region of the network."""

    code = serializers.CharField()
    name = Translated("names", help_text="In the language of Accept-Language.")


class RegionViews(ListRows, ReadRow, ResourceViews):
    """The five regions in which the network elects its representatives."""

    resource = "regions"
    tag = "Network"
    row = RegionRow
    orderings = {"code": "pk"}
    dated = False
    version_column = None
    lookup_converter = "slug"

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Region.objects.visible_to(scope)


class CountryRow(RowSerializer):
    """A country or territory."""

    code = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    name = Translated("names", help_text="In the language of Accept-Language.")
    region = refs.region(allow_null=True)
    zone = serializers.CharField(help_text="IANA zone of the capital.")
    is_eu = serializers.BooleanField(help_text="Member state of the European Union.")
    represented = serializers.BooleanField(help_text="A confirmed mandate of an LCR covers it on the day.")
    source = serializers.CharField(help_text="Where names, zone and region come from.")  # type: ignore[assignment]


class CountryFilters(RowFilters):
    """Filters of countries."""

    q = TextSearch("search_key", help_text="Code or name in any of five languages; accents and case are forgiven.")
    region = AnyOf("region_id", help_text="Code of the region.")
    is_eu = Flag("is_eu", help_text="Member states of the European Union, or all others.")
    represented = Flag("represented", help_text="Covered by a confirmed mandate on the day, or not.")

    class Meta:
        model = Country
        fields: list[str] = []


class CountryViews(ExportRows, ListRows, ReadRow, ResourceViews):
    """Countries with their names in five languages, zone and region of the network."""

    resource = "countries"
    tag = "Network"
    row = CountryRow
    filters = CountryFilters
    orderings = {"code": "pk"}
    version_column = None
    lookup_converter = "slug"

    def rows(self, scope: Scope, *, on: date) -> QuerySet:
        return Country.objects.visible_to(scope).annotate(represented=Mandate.objects.covering("pk", on=on))
