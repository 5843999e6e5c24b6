"""Changes of the reference data."""

from __future__ import annotations

from django.db import transaction

from members.countries import reference
from members.countries.models import Country, Region


@transaction.atomic
def load_countries() -> int:
    """Insert what is missing of the reference list; how many countries are new.

    Not audited: the list is part of the release, its history is the file's.
    """
    return reference.fill(Region, Country)
