"""The file of signatories that public sources name, as values for `record_signatory`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codesign.companies.models import CompanyCategory

FILE = Path(__file__).resolve().parent.parent / "data" / "code_companies.csv"

_C = CompanyCategory
# The file's own words where they are not ours.
CATEGORIES = {
    "airline_group": _C.AIRLINE,
    "hotel_management": _C.HOTEL_CHAIN,
    "travel_management": _C.TRAVEL_AGENCY,
    "volunteer_travel": _C.TOUR_OPERATOR,
    "ride_hailing": _C.TRANSPORT,
    "trade_fair": _C.MEETINGS,
}
# A source saw these companies near The Code, and no signature.
NOT_SIGNED = {
    "trained_not_signatory": "staff were trained; a signature was not seen",
    "partner_not_confirmed_signatory": "a campaign partner; its own signature was not seen",
}


def category_of(word: str) -> CompanyCategory:
    """Our category for the file's word; `other` for what we have no word for."""
    if word in CATEGORIES:
        return CATEGORIES[word]
    return _C(word) if word in _C.values else _C.OTHER


def signatories(path: Path = FILE) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """For each row its id, the reason to skip it (blank: none) and the values for `record_signatory`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield (
                row["id"],
                NOT_SIGNED.get(row["status_seen"], ""),
                {
                    "name": row["company"],
                    "country_id": row["iso2"],
                    "category": category_of(row["category"]).value,
                    "since": row["year"],
                    "since_basis": row["year_basis"],
                    "status_seen": row["status_seen"],
                    "source": row["source"],
                    "confidence": row["confidence"],
                    "note": row["note"],
                },
            )
