"""Filters that several resources of the network share, and the note that only staff read."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, F, QuerySet, Value

from members.countries.reference import codes
from members.organisations.models import Organisation
from members.scope import OVERSIGHT, Scope
from registry.kernel.api.filters import AnyOf, TextSearch
from registry.kernel.text import search_key


class _Truth(forms.NullBooleanField):
    """`true`, `false` or nothing; anything else is refused instead of ignored."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise forms.ValidationError("Say true or false.", code="invalid")
        return value == "true"


class Flag(django_filters.Filter):
    """A column that is true or false."""

    @property
    def field(self) -> forms.Field:
        return _Truth(required=False)

    def filter(self, queryset: QuerySet, value: bool | None) -> QuerySet:
        return queryset if value is None else queryset.filter(**{self.field_name: value})


class Uncertain(django_filters.ChoiceFilter):
    """Rows that a sure source proves for the day alone, unless told otherwise; reads the column `is_uncertain`."""

    def __init__(self) -> None:
        super().__init__(
            choices=[("true", "true"), ("only", "only"), ("false", "false")],
            help_text="`true` adds the rows that are not proven for the day, `only` lists them alone; else left out.",
        )

    def filter(self, queryset: QuerySet, value: str | None) -> QuerySet:
        return queryset if value == "true" else queryset.filter(is_uncertain=value == "only")


class CountryIs(AnyOf):
    """One of the countries; a code that is none is refused, because an empty list would look like an answer."""

    def __init__(self, field_name: str, *, help_text: str = "ISO code.", **options: Any) -> None:
        super().__init__(field_name, kind=CountryCode(), help_text=help_text, **options)


class CountryCode(forms.CharField):
    """An ISO code in any case."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if code not in codes():
            raise forms.ValidationError("There is no country of this ISO code.", code="unknown_country")
        return code


class NameSearch(TextSearch):
    """Words of any name of an organisation, past ones included. `path` leads to its key."""

    def __init__(self, path: str = "pk", **options: Any) -> None:
        self.path = path
        super().__init__(help_text="Words of any of its names; accents and case are forgiven.", **options)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not (value or "").strip():
            return queryset
        if not search_key(value):
            return queryset.none()
        return queryset.filter(**{f"{self.path}__in": Organisation.objects.found_by(value).values("pk")})


def with_shown_note(rows: QuerySet, scope: Scope) -> QuerySet:
    """Add `shown_note`: the note for the secretariat and auditors, empty for everybody else."""
    shown = F("note") if scope.wears(*OVERSIGHT) else Value("", output_field=CharField())
    return rows.annotate(shown_note=shown)
