"""The list of countries as plain data, for migrations and loaders alike: imports no model."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

from registry.kernel.text import search_key

FILE = Path(__file__).resolve().parent.parent / "data" / "countries.csv"
LANGUAGES = ("en", "fr", "nl", "de", "es")

REGIONS: dict[str, dict[str, str]] = {
    "europe": {"en": "Europe", "fr": "Europe", "nl": "Europa", "de": "Europa", "es": "Europa"},
    "americas": {"en": "Americas", "fr": "Amériques", "nl": "Amerika", "de": "Amerika", "es": "Américas"},
    "sub-saharan-africa": {
        "en": "Sub-Saharan Africa",
        "fr": "Afrique subsaharienne",
        "nl": "Afrika bezuiden de Sahara",
        "de": "Subsahara-Afrika",
        "es": "África subsahariana",
    },
    "middle-east-and-north-africa": {
        "en": "Middle East and North Africa",
        "fr": "Moyen-Orient et Afrique du Nord",
        "nl": "Midden-Oosten en Noord-Afrika",
        "de": "Naher Osten und Nordafrika",
        "es": "Oriente Medio y Norte de África",
    },
    "asia-and-the-pacific": {
        "en": "Asia and the Pacific",
        "fr": "Asie et Pacifique",
        "nl": "Azië en de Stille Oceaan",
        "de": "Asien und Pazifik",
        "es": "Asia y el Pacífico",
    },
}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """The ISO codes of all countries."""
    return frozenset(row["code"] for row in rows())


def rows() -> list[dict[str, Any]]:
    """Field values of every country, by code."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        return [_country(row) for row in csv.DictReader(handle)]


def _country(row: dict[str, str]) -> dict[str, Any]:
    names = {language: row[f"name_{language}"] for language in LANGUAGES}
    return {
        "code": row["code"],
        "names": names,
        "search_key": " ".join(dict.fromkeys(search_key(text) for text in (row["code"], *names.values()))),
        "region_id": row["region"] or None,
        "zone": row["zone"],
        "is_eu": row["is_eu"] == "1",
        "source": row["source"],
    }


def fill(region_model: Any, country_model: Any) -> int:
    """Insert the regions and countries that are missing, in two statements; how many countries are new.

    Takes the model classes, so that a data migration can pass its historical ones.
    """
    region_model.objects.bulk_create(
        [region_model(code=code, names=names) for code, names in REGIONS.items()], ignore_conflicts=True
    )
    before = country_model.objects.count()
    country_model.objects.bulk_create([country_model(**row) for row in rows()], ignore_conflicts=True)
    return country_model.objects.count() - before
