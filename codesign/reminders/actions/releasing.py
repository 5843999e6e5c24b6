"""An imported book starts muted; its officer looks at the forecast, then releases it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codesign.companies.models import CodeMembership
from members.scope import Scope
from registry.kernel.audit.actions import record


@transaction.atomic
def release(*, memberships: Collection[UUID], actor: Scope, at: datetime) -> int:
    """Let reminders of these muted memberships begin now: nothing anchored before is ever mailed. How many it was.

    Those that the caller does not see, and those that are not muted, stay as they are.
    """
    muted = CodeMembership.objects.visible_to(actor).filter(pk__in=list(memberships), reminders_muted_until__gt=at)
    rows = list(CodeMembership.objects.locked().filter(pk__in=muted.values("pk")))
    for row in rows:  # one event each: it is the company's history
        changes = {"reminders_muted_until": [row.reminders_muted_until, at]}
        record("reminders.release", row, actor=actor, at=at, changes=changes)
    return CodeMembership.objects.filter(pk__in=[row.pk for row in rows]).update(
        reminders_muted_until=at, version=F("version") + 1
    )
