"""Lock and write an agreement: what its actions share."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from members.agreements.models import Agreement
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.errors import NotFound, Stale

CHANGED = "The agreement has changed since you read it."


def locked(agreement_id: UUID, version: int | None) -> Agreement:
    """The agreement, locked until the end of the transaction. Raises NotFound, Stale."""
    agreement = Agreement.objects.select_for_update().filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound("There is no such agreement.")
    if version is not None and agreement.version != version:
        raise Stale(CHANGED)
    return agreement


def write(
    verb: str,
    agreement: Agreement,
    fields: dict[str, Any],
    *,
    extra: dict[str, list[Any]] | None = None,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Compare and set, then record; `extra` are changes of rows that belong to it."""
    changes = {name: [getattr(agreement, name), value] for name, value in fields.items()}
    rows = Agreement.objects.filter(pk=agreement.pk, version=agreement.version)
    if not rows.update(**fields, version=F("version") + 1):
        raise Stale(CHANGED)
    agreement.refresh_from_db()
    shown = {name: pair for name, pair in changes.items() if pair[0] != pair[1] and name != "search_key"}
    record(f"agreements.{verb}", agreement, actor=actor, at=at, changes={**shown, **(extra or {})})
    return agreement
