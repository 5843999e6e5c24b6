"""Filters by django-filter, strict: unknown names are refused with the nearest known one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField
from rapidfuzz import process

from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.errors import Fault, Invalid
from registry.kernel.text import search_key

MAX_TEXT = 200
MAX_VALUES = 200
# The widest column holds no more; a longer number would break the statement instead of finding nothing.
MAX_NUMBER = 2**63 - 1


class _ManyValues(forms.Field):
    """Repeated query values, each cleaned by `field`."""

    def __init__(self, field: forms.Field, **options: Any) -> None:
        self.field = field
        super().__init__(**options, widget=forms.SelectMultiple())

    def clean(self, value: Any) -> list[Any]:
        values = [part for part in (value or []) if part != ""]
        if len(values) > MAX_VALUES:
            raise forms.ValidationError(_("Too many values."), code="too_many_values")
        cleaned = [self.field.clean(part) for part in values]
        if any(isinstance(part, int) and abs(part) > MAX_NUMBER for part in cleaned):
            raise forms.ValidationError(_("The number is too large."), code="out_of_range")
        return cleaned


class _MomentField(IsoDateTimeField):
    """A moment between 1900 and 2200, in UTC: PostgreSQL takes no offset beyond 16 hours."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment is None:
            return None
        if not EARLIEST < moment.date() < LATEST:
            raise forms.ValidationError(_("A day lies between 1900 and 2200."), code="out_of_range")
        return moment.astimezone(UTC)


class MomentFilter(django_filters.IsoDateTimeFilter):
    """Compares with a moment in RFC 3339."""

    field_class = _MomentField


class AnyOf(django_filters.Filter):
    """Equality with any of the repeated values: `?country=BE&country=NL`.

    `choices` bounds the values (a TextChoices class); `kind` is the form field of one value.
    """

    def __init__(
        self, field_name: str, *, choices: Any = None, kind: forms.Field | None = None, help_text: str = "", **rest: Any
    ) -> None:
        self.choices = choices
        if choices is not None:
            kind = forms.ChoiceField(choices=choices.choices)
        self.kind = kind or forms.CharField(max_length=MAX_TEXT)
        super().__init__(field_name=field_name, help_text=help_text, **rest)

    @property
    def field(self) -> Any:
        return _ManyValues(self.kind, required=False)

    def filter(self, queryset: QuerySet, value: list[Any]) -> QuerySet:
        return queryset.filter(**{f"{self.field_name}__in": value}) if value else queryset


class TextSearch(django_filters.Filter):
    """Every word of the text must stand in one of the folded columns: accents and case forgiven."""

    def __init__(self, *columns: str, help_text: str = "Text; accents and case are forgiven.", **rest: Any) -> None:
        self.columns = columns
        super().__init__(help_text=help_text, **rest)

    @property
    def field(self) -> Any:
        return forms.CharField(max_length=MAX_TEXT, required=False)

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        words = search_key(value or "").split()[:10]
        for word in words:
            condition = Q()
            for column in self.columns:
                condition |= Q(**{f"{column}__contains": word})
            queryset = queryset.filter(condition)
        if (value or "").strip() and not words:
            return queryset.none()
        return queryset


class RowFilters(django_filters.FilterSet):
    """Base of filter sets; `Meta.fields = []` and every filter declared by name."""


def refuse_unknown(given: Any, known: set[str]) -> None:
    """400 for query parameters that nobody declared, each with the nearest known name."""
    faults = []
    for name in given:
        if name in known:
            continue
        nearest = process.extractOne(name[:MAX_TEXT], sorted(known), score_cutoff=60)
        hint = _(" Did you mean “%s”?") % nearest[0] if nearest else ""
        faults.append(Fault(f"?{name[:MAX_TEXT]}", "unknown_parameter", _("There is no such parameter.") + hint))
    if faults:
        raise Invalid(_("A query parameter is not known."), faults=tuple(faults))


def apply(filters: type[RowFilters], given: Any, queryset: QuerySet, request: Any) -> QuerySet:
    """The filtered queryset; 400 that lists every bad value."""
    bound = filters(given, queryset=queryset, request=request)
    if not bound.form.is_valid():
        faults = tuple(
            Fault(f"?{name}", error.code or "invalid", str(message))
            for name, errors in bound.form.errors.as_data().items()
            for error in errors
            for message in error.messages
        )
        raise Invalid(_("A filter has a value that it does not take."), faults=faults)
    return bound.qs
