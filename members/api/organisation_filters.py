"""Filters of organisations."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import QuerySet

from members.api.filters import CountryIs, NameSearch
from members.organisations.models import Activity, Organisation, OrganisationKind, Parentage, ParentageKind
from registry.kernel import clock
from registry.kernel.api.filters import AnyOf, RowFilters


class _Below(django_filters.Filter):
    """Organisations below another in the tree of the day. A parent that the caller may not see has none."""

    def __init__(self, *, is_deep: bool = False, kind: str | None = None, **options: Any) -> None:
        self.is_deep, self.kind = is_deep, kind
        super().__init__(**options)

    @property
    def field(self) -> Any:
        return forms.UUIDField(required=False)

    def filter(self, queryset: QuerySet, value: UUID | None) -> QuerySet:
        if value is None:
            return queryset
        seen, day = Organisation.objects.visible_to(_view(self).scope), _day(self)
        links = Parentage.objects.on(day).filter(child__in=seen)
        if self.kind:
            links = links.filter(kind=self.kind)
        if not seen.filter(pk=value).exists():
            return queryset.none()
        if self.is_deep:
            return queryset.filter(pk__in=links.below(value, on=day))
        return queryset.filter(pk__in=links.filter(parent=value).values("child_id"))


class _ActiveIn(CountryIs):
    """Organisations with their seat in a country, or at work there on the day."""

    def filter(self, queryset: QuerySet, value: list[Any]) -> QuerySet:
        if not value:
            return queryset
        there = Activity.objects.on(_day(self)).filter(country_id__in=value)
        return queryset.filter(pk__in=there.values("organisation_id")) | queryset.filter(country_id__in=value)


def _view(filter_: Any) -> Any:
    return filter_.parent.request.parser_context["view"]


def _day(filter_: Any) -> date:
    """The day of `valid_on`, which the list has read already, else today."""
    text = filter_.parent.request.query_params.get("valid_on")
    return date.fromisoformat(text) if text else clock.today()


class OrganisationFilters(RowFilters):
    """Filters of organisations."""

    q = NameSearch()
    country = CountryIs("country_id", help_text="ISO code of its seat.")
    active_in = _ActiveIn("activities__country_id", help_text="ISO code of its seat or of where it works that day.")
    region = AnyOf("country__region_id", help_text="Code of the region of its country.")
    kind = AnyOf("kind", choices=OrganisationKind, help_text="What sort of body it is.")
    parent = _Below(help_text="Id of an organisation: those that belong to it directly on that day.")
    branch_of = _Below(kind=ParentageKind.CHAPTER, help_text="Id of an organisation: its local offices on that day.")
    within = _Below(is_deep=True, help_text="Id of an organisation: all that belong to it, however indirectly.")

    class Meta:
        model = Organisation
        fields: list[str] = []
