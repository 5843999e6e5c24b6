"""Enter what The Code itself says: criteria, first plans, fees."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from codesign.criteria.actions import load_criteria, load_templates
from codesign.fees.actions import load_bands, load_reductions

FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """Runs safely twice: what is there already is left as it is."""

    help = "Enter the six criteria, the templates of a first plan, the fee table and its reductions."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = {
            "criteria": load_criteria(_json("criteria")),
            "plan templates": load_templates(_json("plan_templates")),
            "fee bands": load_bands(_csv("fee_bands")),
            "fee reductions": load_reductions(_csv("fee_reductions")),
        }
        for name, new in loaded.items():
            self.stdout.write(f"{name}: {new} new")


def _json(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
