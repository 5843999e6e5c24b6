"""Fields that several bodies of the network take."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers


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


class Tags(serializers.ListField):
    """Languages as BCP 47 tags, such as `fr`, `pcm` or `pt-BR`."""

    def __init__(self, **options: Any) -> None:
        child = serializers.RegexField(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)
        options.setdefault("help_text", "BCP 47 tags.")
        super().__init__(child=child, max_length=50, **options)
