"""Fields and filters that initiatives and trainings given share: audiences, languages, partial dates, years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from rest_framework import serializers

from members.initiatives.lifecycle import Audience
from members.initiatives.models import InitiativeParticipant, TrainingPartner
from members.initiatives.querysets import own_organisations
from members.initiatives.rules import language_tag, span
from members.organisations.models import Organisation
from members.scope import Role, Scope
from registry.kernel.api.bodies import RelatedId
from registry.kernel.api.filters import AnyOf
from registry.kernel.api.rows import Context, Many, RowSerializer
from registry.kernel.calendar import EARLIEST, LATEST

MAX_PARTS = 100
PARTIAL_HELP = "YYYY, YYYY-MM or YYYY-MM-DD; empty when not known."
ONLY_STAFF = "For the secretariat and auditors; else empty."


class Values(Many):
    """One column of the rows that belong to this one, as a list of plain values."""

    is_flat = True

    def __init__(
        self, rows: Callable[[Any, Any], QuerySet], column: str, field: Any, *, by: str, **options: Any
    ) -> None:
        super().__init__(RowSerializer, rows, by=by, order=(column, "pk"), **options)
        self.column = column
        self.field = serializers.ListField(child=field)  # type: ignore[assignment]

    def collect(self, keys: list[Any], context: Context) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = {}
        rows = self.rows(context.scope, context.on).filter(**{f"{self.by}__in": keys}).order_by(*self.order)
        for key, value in rows.values_list(self.by, self.column):
            found.setdefault(key, []).append(value)
        return found


class Partial(serializers.CharField):
    """A date of which the year, the month or the day is known."""

    default_error_messages = {"bad_date": "A date is YYYY, YYYY-MM or YYYY-MM-DD, between 1900 and 2200."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", PARTIAL_HELP)
        super().__init__(max_length=10, required=False, allow_blank=True, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            span(text)
        except ValueError:
            self.fail("bad_date")
        return text


class Language(serializers.CharField):
    """A BCP 47 tag of a language that is registered, such as `fr`, `pcm` or `pt-BR`."""

    default_error_messages = {"unknown_language": "There is no such language."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "BCP 47 tag, such as fr, pcm or pt-BR.")
        super().__init__(max_length=35, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return language_tag(text)
        except ValueError:
            self.fail("unknown_language")


class Languages(serializers.ListField):
    """Languages, each once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=Language(), max_length=MAX_PARTS, required=False, **options)


class Audiences(serializers.ListField):
    """Whom it is for, each once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            child=serializers.ChoiceField(Audience.choices), max_length=len(Audience), required=False, **options
        )


class TextsByLanguage(serializers.DictField):
    """A text by language: `{"en": …, "fr": …}`."""

    default_error_messages = {"unknown_language": "There is no such language."}

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=longest), **options)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        texts = super().to_internal_value(data)
        try:
            return {language_tag(tag): text for tag, text in texts.items()}
        except ValueError:
            self.fail("unknown_language")


class Named(RelatedId):
    """An organisation that the caller may see, or that stands in what the caller keeps already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nameable, **options)


def nameable(scope: Scope) -> QuerySet:
    """Organisations that the caller may put into an initiative or a training."""
    seen = Q(pk__in=Organisation.objects.visible_to(scope).values("pk"))
    for model in (InitiativeParticipant, TrainingPartner):
        seen |= Q(pk__in=model.objects.visible_to(scope).values("organisation_id"))
    return Organisation.objects.filter(seen)


def own_or_any(scope: Scope) -> frozenset[Any] | None:
    """Organisations in whose name the caller writes; None for the secretariat, which writes for all."""
    return None if scope.wears(Role.SECRETARIAT) else own_organisations(scope)


class Organisations(AnyOf):
    """By an organisation in it, as far as the caller may know. `rows` name organisations, `whole` their row."""

    def __init__(self, rows: Callable[[Scope], QuerySet], whole: str, **options: Any) -> None:
        self.rows, self.whole = rows, whole
        super().__init__("organisation_id", kind=forms.UUIDField(), **options)

    def filter(self, queryset: QuerySet, value: list[Any]) -> QuerySet:
        if not value:
            return queryset
        scope = self.parent.request.parser_context["view"].scope
        named = self.rows(scope).filter(organisation_id__in=value)
        return queryset.filter(pk__in=named.values(self.whole))


class Years(AnyOf):
    """Calendar years that it is known to touch."""

    def __init__(self, **options: Any) -> None:
        kind = forms.IntegerField(min_value=EARLIEST.year, max_value=LATEST.year)
        super().__init__("earliest_on", kind=kind, help_text="Year that it is known to touch.", **options)

    def filter(self, queryset: QuerySet, value: list[int]) -> QuerySet:
        return queryset.in_years(value) if value else queryset  # type: ignore[attr-defined]


class _TagField(forms.CharField):
    """A language as the registry writes it."""

    def clean(self, value: Any) -> str:
        try:
            return language_tag(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError("There is no such language.", code="unknown_language") from error


class InLanguages(AnyOf):
    """By language."""

    def __init__(self, path: str) -> None:
        super().__init__(path, kind=_TagField(max_length=35), help_text="BCP 47 tag, such as pcm.")

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        return parts_of(queryset, self.field_name, value)


class ForAudiences(AnyOf):
    """By audience."""

    def __init__(self, path: str) -> None:
        super().__init__(path, choices=Audience, help_text="Whom it is for.")

    def filter(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        return parts_of(queryset, self.field_name, value)


def parts_of(queryset: QuerySet, path: str, values: list[str]) -> QuerySet:
    """Rows with a part of one of these values; a subquery, so that no row comes twice."""
    if not values:
        return queryset
    relation, _, column = path.partition("__")
    field: Any = queryset.model._meta.get_field(relation)
    parts = field.related_model.objects.filter(**{f"{column}__in": values})
    return queryset.filter(pk__in=parts.values(field.field.name))
