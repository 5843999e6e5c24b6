"""Agreements for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from members.agreements.actions import drafting
from members.agreements.lifecycle import AgreementState
from members.agreements.models import Agreement
from members.organisations.models import Organisation
from registry.kernel.audit.actor import SYSTEM
from tests.factories.organisations import make_organisation

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
_numbers = count(1)


def make_agreement(*, parties: Sequence[Organisation] | None = None, **overrides: Any) -> Agreement:
    """A memorandum of 2025 to 2027 between two new organisations, in force unless told otherwise."""
    terms: dict[str, Any] = {
        "kind": "memorandum",
        "title": f"Accord fictif {next(_numbers)}",
        "starts_on": "2025-01-01",
        "ends_on": "2027-12-31",
        "is_open_ended": False,
    }
    terms |= {name: overrides.pop(name) for name in drafting.TERMS if name in overrides}
    parties = parties or (make_organisation(), make_organisation())
    keys = [party.pk for party in parties]
    agreement = drafting.draft(party_ids=keys, **terms, actor=SYSTEM, at=overrides.pop("created_at", AT))
    values = {"state": AgreementState.IN_FORCE, **overrides}
    if values["state"] == AgreementState.REPLACED and "replaced_by" not in values:
        values["replaced_by"] = make_agreement(parties=parties)
    if values["state"] != AgreementState.DRAFT:
        agreement.parties.update(signed_on="2024-12-15", signatory_role="director")
    Agreement.objects.filter(pk=agreement.pk).update(**values)
    agreement.refresh_from_db()
    return agreement
