"""Load the fee table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction

from codesign.fees.models import FeeBand, FeeReduction


@transaction.atomic
def load_bands(rows: Iterable[Mapping[str, str]]) -> int:
    """Enter the bands of the fee table; those already there are left. Answers how many are new."""
    new = 0
    for row in rows:  # four rows, once
        upper = row["revenue_to_eur"]
        _, is_new = FeeBand.objects.get_or_create(
            code=row["code"],
            valid_from=row.get("valid_from") or None,
            defaults={
                "revenue_from_eur": Decimal(row["revenue_from_eur"]),
                "revenue_to_eur": Decimal(upper) if upper else None,
                "annual_fee_eur": Decimal(row["annual_fee_eur"]),
                "source": row["source"],
            },
        )
        new += is_new
    return new


@transaction.atomic
def load_reductions(rows: Iterable[Mapping[str, str]]) -> int:
    """Enter the reductions for members of partner associations; those already there are left."""
    new = 0
    for row in rows:  # a handful, once
        _, is_new = FeeReduction.objects.get_or_create(
            code=row["code"],
            valid_from=row.get("valid_from") or None,
            defaults={"share": Decimal(row["share"]), "source": row["source"]},
        )
        new += is_new
    return new
