"""Enter what the scheme holds: criteria, first plans, fees, training rules, reminders, questionnaires."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from codesign.criteria.actions import load_criteria, load_templates
from codesign.fees.actions import load_agreement_texts, load_bands, load_reductions, open_first
from codesign.reminders.actions import load_rules
from codesign.reporting.actions import load_shipped
from codesign.training.actions.requirements import load_defaults
from registry.kernel import clock
from registry.kernel.audit.actor import SYSTEM

FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """Runs safely twice: what is there already is left as it is."""

    help = "Enter criteria, templates of a first plan, fees, training and reminder rules, and the questionnaires."

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        loaded = {
            "criteria": load_criteria(_json("criteria")),
            "plan templates": load_templates(_json("plan_templates")),
            "fee bands": load_bands(_csv("fee_bands")),
            "fee reductions": load_reductions(_csv("fee_reductions")),
            "agreement texts": load_agreement_texts(_json("agreement_texts")),
            "membership years": open_first(actor=SYSTEM, at=at),
            "training rules": load_defaults(actor=SYSTEM, at=at),
            "reminder rules": load_rules(at=at),
        }
        for name, new in loaded.items():
            self.stdout.write(f"{name}: {new} new")
        self.stdout.write(f"questionnaires: {load_shipped(actor=SYSTEM, at=at)} published")


def _json(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
