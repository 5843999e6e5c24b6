"""Criteria and planned actions for tests."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from codesign.criteria.actions import load_criteria, load_templates
from codesign.criteria.models import PlanAction, PlanActionState, PlanEvidence
from tests.factories.companies import EARLIER, make_membership

DATA = Path(__file__).parents[2] / "codesign" / "data"


def load_wordings() -> int:
    """The six criteria as they come with the register."""
    return load_criteria(json.loads((DATA / "criteria.json").read_text(encoding="utf-8")))


def load_plan_templates() -> int:
    """The templates of a first plan as they come with the register."""
    return load_templates(json.loads((DATA / "plan_templates.json").read_text(encoding="utf-8")))


def make_plan_action(*, state: str = PlanActionState.OPEN, membership: Any = None, **overrides: Any) -> PlanAction:
    """An action on the first criterion, due in March, with the dates that its state asks for."""
    defaults: dict[str, Any] = {
        "membership": membership or make_membership(state="draft"),
        "criterion_number": 1,
        "title": "Adopt a policy",
        "responsible_role": "director",
        "due_on": date(2027, 3, 31),
        "created_at": EARLIER,
    }
    if state != PlanActionState.OPEN:
        defaults["done_on"] = date(2026, 11, 1)
    if state == PlanActionState.VERIFIED:
        defaults["verified_on"] = date(2026, 11, 10)
    return PlanAction.objects.create(state=state, **{**defaults, **overrides})


def make_evidence(action: PlanAction | None = None, **overrides: Any) -> PlanEvidence:
    """A link that shows the action done."""
    defaults: dict[str, Any] = {"link": "https://hotel.example/policy", "title": "Policy", "added_at": EARLIER}
    return PlanEvidence.objects.create(action=action or make_plan_action(state="done"), **{**defaults, **overrides})
