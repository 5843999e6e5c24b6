"""Initiatives and trainings given for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from members.initiatives.actions import initiatives, trainings
from members.initiatives.models import Initiative, TrainingGiven
from registry.kernel.audit.actor import SYSTEM

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def make_initiative(*, lead: Any = None, **overrides: Any) -> Initiative:
    """A campaign of 2025 for travellers in French; `lead` is the organisation that leads it."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "code": f"campagne-fictive-{number}",
        "kind": "campaign",
        "names": {"en": f"Fictional campaign {number}", "fr": f"Campagne fictive {number}"},
        "since": "2025",
        "audiences": ["traveller"],
        "languages": ["fr"],
        "participants": [{"organisation_id": lead.pk, "role": "lead"}] if lead else [],
        "source": "https://campagne-fictive.example/",
    }
    return initiatives.add(**{**defaults, **overrides}, actor=SYSTEM, at=AT)


def make_training_given(**overrides: Any) -> TrainingGiven:
    """A day for lawyers in Brussels in May 2025, with 25 people."""
    defaults: dict[str, Any] = {
        "title": f"Journée fictive {next(_numbers)}",
        "held_on": "2025-05-18",
        "place": "Brussels",
        "country_id": "BE",
        "attendance": 25,
        "audiences": ["lawyer"],
        "languages": ["fr"],
    }
    return trainings.add(**{**defaults, **overrides}, actor=SYSTEM, at=AT)
