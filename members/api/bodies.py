"""Fields that several bodies of the network take."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.db.models import QuerySet
from rest_framework import serializers

from members.organisations.rules import is_language

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Zone(serializers.CharField):
    """An IANA zone, such as Europe/Brussels."""

    default_error_messages = {"unknown_zone": "There is no such time zone."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "IANA zone, such as Europe/Brussels.")
        super().__init__(max_length=64, **options)

    def to_internal_value(self, data: Any) -> str:
        zone = super().to_internal_value(data)
        if zone not in _zones():
            self.fail("unknown_zone")
        return zone


class Language(serializers.RegexField):
    """A language as a BCP 47 tag; one that does not exist is refused."""

    default_error_messages = {"unknown_language": "There is no such language."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "BCP 47 tag, such as fr or pcm.")
        super().__init__(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20, **options)

    def to_internal_value(self, data: Any) -> str:
        tag = super().to_internal_value(data)
        if _TAG.fullmatch(tag) and not is_language(tag):
            self.fail("unknown_language")
        return tag


class Tags(serializers.ListField):
    """Languages as BCP 47 tags, such as `fr`, `pcm` or `pt-BR`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "BCP 47 tags.")
        super().__init__(child=Language(), max_length=50, **options)


class PartialDay(serializers.CharField):
    """A date of which a part may be missing; the domain reads it and says what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text", "YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD where the year is not known, or a span such as 2017/2018."
        )
        super().__init__(max_length=25, **options)


class RelatedIds(serializers.ListField):
    """Ids of rows that the caller may see, looked up together; an absent one and a foreign one look the same."""

    default_error_messages = {"unknown_reference": "There is no such row for you."}

    def __init__(self, rows: Callable[[Any], QuerySet], **options: Any) -> None:
        self.rows = rows
        super().__init__(child=serializers.UUIDField(), **options)

    def to_internal_value(self, data: Any) -> list[Any]:
        keys = super().to_internal_value(data)
        found = set(self.rows(self.context["scope"]).filter(pk__in=keys).values_list("pk", flat=True))
        message = str(self.error_messages["unknown_reference"])
        faults: dict[Any, Any] = {
            index: [serializers.ErrorDetail(message, "unknown_reference")]
            for index, key in enumerate(keys)
            if key not in found
        }
        if faults:
            raise serializers.ValidationError(faults)
        return keys


class Texts(serializers.DictField):
    """A text by language: BCP 47 tag → text."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        options.setdefault("help_text", "BCP 47 tag → text.")
        super().__init__(child=serializers.CharField(max_length=max_length), **options)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        texts = super().to_internal_value(data)
        if not texts or len(texts) > 50 or not all(_TAG.fullmatch(tag) for tag in texts):
            raise serializers.ValidationError("Give one text or more, each under a BCP 47 tag.", "bad_languages")
        return texts
