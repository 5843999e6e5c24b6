"""Write the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from registry.kernel import clock
from registry.kernel.audit.actor import Actor
from registry.kernel.audit.models import AuditEvent


def record(
    action: str,
    row: models.Model,
    *,
    actor: Actor,
    at: datetime,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """Append one event about `row`; call it inside the transaction of the change itself.

    `changes` maps a field to [before, after]; leave out what must not be kept (secrets, answers,
    references of staff, addresses of people).
    """
    _event(action, type(row), row.pk, actor=actor, at=at, changes=changes or {}).save(force_insert=True)


def record_all(
    action: str,
    model: type[models.Model],
    keys: Iterable[UUID],
    *,
    actor: Actor,
    at: datetime,
    changes: dict[str, list[Any]],
) -> None:
    """Append one event about each of many rows that one change touched alike. One statement for some hundreds."""
    events = [_event(action, model, key, actor=actor, at=at, changes=changes) for key in keys]
    AuditEvent.objects.bulk_create(events, 500)


def _event(
    action: str, model: type[models.Model], key: Any, *, actor: Actor, at: datetime, changes: dict[str, list[Any]]
) -> AuditEvent:
    return AuditEvent(
        at=at,
        recorded_at=clock.real_now(),
        actor_id=actor.user_id,
        token_id=actor.token_id,
        actor_label=actor.label,
        request_id=actor.request_id,
        action=action,
        object_type=model._meta.model_name or "",
        object_id=key,
        changes=json.loads(json.dumps(changes, cls=DjangoJSONEncoder)),
    )
