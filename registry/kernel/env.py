"""Settings from the environment, typed, with every fault named at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class Env:
    """Reads typed values; faults are collected and raised together by `finish()`.

    A value that is required and absent, or that has the wrong form, is replaced by a
    harmless one until `finish()` names them all, so that one start shows every fault.
    """

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source
        self.faults: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._source.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.faults.append(f"{name} is missing")
            return ""
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self._source.get(name, "").strip().lower()
        if not value:
            return default
        if value not in _TRUE | _FALSE:
            self.faults.append(f"{name} must be one of 1, 0, true, false, yes, no, on, off")
        return value in _TRUE

    def integer(self, name: str, default: int, *, minimum: int = 0, maximum: int = 2**31) -> int:
        value = self._source.get(name, "").strip()
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            self.faults.append(f"{name} must be a whole number")
            return default
        if not minimum <= number <= maximum:
            self.faults.append(f"{name} must lie between {minimum} and {maximum}")
        return number

    def names(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list, blanks dropped."""
        return [part.strip() for part in self._source.get(name, default).split(",") if part.strip()]

    def folder(self, name: str, default: Path) -> Path:
        return Path(self._source.get(name, "").strip() or default).expanduser().resolve()

    def moment(self, name: str) -> datetime | None:
        """An RFC 3339 moment with its offset; None when unset."""
        value = self._source.get(name, "").strip()
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.faults.append(f"{name} must be a moment with its offset, such as 2027-03-01T09:00:00+01:00")
            return None
        return moment

    def url(self, name: str, default: str, *, schemes: frozenset[str]) -> str:
        value = self._source.get(name, "").strip() or default
        if value and urlsplit(value).scheme not in schemes:
            self.faults.append(f"{name} must start with one of: {', '.join(sorted(s + '://' for s in schemes))}")
        return value

    def finish(self) -> None:
        """Raise ImproperlyConfigured that names every fault found."""
        if self.faults:
            raise ImproperlyConfigured("The environment is not complete: " + "; ".join(self.faults) + ".")
