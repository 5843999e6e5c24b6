"""The fee table, invoices and agreements for tests."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from codesign.fees.actions import load_bands, load_reductions
from codesign.fees.models import CodeAgreement, Invoice
from tests.factories.companies import EARLIER, make_membership

DATA = Path(__file__).parents[2] / "codesign" / "data"
_numbers = count(1)


def load_fee_table() -> None:
    """Bands and reductions as they come with the register."""
    for name, load in (("fee_bands", load_bands), ("fee_reductions", load_reductions)):
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            load(csv.DictReader(file))


def make_invoice(*, membership: Any = None, **overrides: Any) -> Invoice:
    """An open invoice of 300 EUR for 2026, due on 1 December."""
    defaults: dict[str, Any] = {
        "number": f"INV-2026-9{next(_numbers):04d}",
        "membership": membership or make_membership(state="approved"),
        "year": 2026,
        "band": "to_2_5m",
        "amount_eur": Decimal("300.00"),
        "issued_on": date(2026, 11, 1),
        "due_on": date(2026, 12, 1),
        "created_at": EARLIER,
    }
    return Invoice.objects.create(**{**defaults, **overrides})


def make_agreement(*, membership: Any = None, **overrides: Any) -> CodeAgreement:
    """An agreement sent on 2 November, not signed by anyone."""
    defaults: dict[str, Any] = {
        "membership": membership or make_membership(state="approved"),
        "text_version": "2026",
        "sent_on": date(2026, 11, 2),
        "created_at": EARLIER,
    }
    return CodeAgreement.objects.create(**{**defaults, **overrides})
