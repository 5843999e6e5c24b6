"""Write the audit log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

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
    AuditEvent.objects.create(
        at=at,
        recorded_at=clock.real_now(),
        actor_id=actor.user_id,
        token_id=actor.token_id,
        actor_label=actor.label,
        request_id=actor.request_id,
        action=action,
        object_type=row._meta.model_name or "",
        object_id=row.pk,
        changes=json.loads(json.dumps(changes or {}, cls=DjangoJSONEncoder)),
    )
