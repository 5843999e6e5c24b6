"""What the printed documents of The Code share: their templates, their words by language, how days and money read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from members.organisations.models import Organisation
from registry.kernel import pdf

_PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "fr", "nl", "de", "es")


def language_of(*wanted: str) -> str:
    """The first of `wanted` in which documents are printed, else English."""
    return next((code for text in wanted if (code := text.split("-")[0]) in LANGUAGES), "en")


@cache
def words(document: str) -> dict[str, dict[str, str]]:
    """The fixed words of a document, by language and key."""
    found: dict[str, dict[str, str]] = json.loads(
        (_PACKAGE / "data" / "printed" / f"{document}.json").read_text(encoding="utf-8")
    )
    return found


def printed(document: str, data: Mapping[str, Any], *, language: str, at: datetime, qr: str = "") -> bytes:
    """The document as PDF, marked as a demo while the register holds invented organisations. One query."""
    return pdf.render(
        _PACKAGE / "templates" / "pdf" / f"{document}.typ",
        {**data, "words": words(document)[language]},
        at=at,
        language=language,
        is_demo=Organisation.objects.hold_demo_rows(),
        qr=qr,
    )


def day(value: date | None, language: str) -> str:
    """A day in words; blank for none."""
    return format_date(value, "long", locale=language) if value else ""


def euros(value: Decimal, language: str) -> str:
    """An amount with its currency, as the language writes it."""
    return format_currency(value, "EUR", locale=language)
