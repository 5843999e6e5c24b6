"""What has changed in the lists of the network: a row shows its organisation's name, and goes when that is unlisted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet

from members.organisations.models import Organisation
from members.scope import Scope
from registry.kernel.api.sync import TracksChanges
from registry.kernel.audit.models import AuditEvent


def unlisted_since(since: datetime) -> QuerySet:
    """Organisations that stopped being shown: whoever has them is told to forget them, and nothing else."""
    events = AuditEvent.objects.filter(object_type="organisation", recorded_at__gt=since)
    changed = events.filter(changes__has_key="is_listed").values("object_id")
    return Organisation.objects.filter(is_listed=False, pk__in=changed)


class ChangesOfOrganisations(TracksChanges):
    """Of organisations themselves: one that was merged away says where it went."""

    model = Organisation

    def known(self, scope: Scope, since: datetime) -> QuerySet:
        seen = Organisation.objects.visible_to(scope)
        gone = Q(merged_into__in=seen) | Q(pk__in=unlisted_since(since))
        return Organisation.objects.filter(Q(pk__in=seen) | gone)

    def moved_to(self, keys: Iterable[Any]) -> dict[Any, Any]:
        merged = Organisation.objects.filter(pk__in=list(keys)).exclude(merged_into=None)
        return dict(merged.values_list("pk", "merged_into_id"))


class ChangesOfOrganisationRows(TracksChanges):
    """Of rows about one organisation each."""

    follows: ClassVar[dict[str, type[Model]]] = {"organisation_id": Organisation}

    def known(self, scope: Scope, since: datetime) -> QuerySet:
        rows = self.model._default_manager
        return rows.filter(Q(pk__in=rows.visible_to(scope)) | Q(organisation__in=unlisted_since(since)))  # type: ignore[attr-defined]
