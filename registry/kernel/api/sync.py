"""`changed_after=`: what has changed in a list since a moment, and what has left it.

The audit log tells which rows changed; the days tell which ones came in or went out by themselves. A list that a
caller's roles decide on is read anew when those roles change: that is no change of a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from registry.kernel import clock
from registry.kernel.api.calls import Call
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Invalid

MAX_REMOVED = 10_000
# A change is stamped when it is made and seen when it is committed: whoever asks again asks from before that.
OVERLAP = timedelta(minutes=2)


class RemovedSerializer(serializers.Serializer):
    """A row that is in the list no more, or not for the caller."""

    id = serializers.CharField()
    moved_to = serializers.CharField(allow_null=True, help_text="Id of the row that it lives on in; else null.")

    class Meta:
        ref_name = "Removed"


class TracksChanges:
    """Put it before `ListRows`. `model`: of its rows; `follows`: column → model whose changes a row shows too."""

    model: ClassVar[type[Model]]
    follows: ClassVar[dict[str, type[Model]]] = {}
    tracks_changes = True

    def known(self: Any, scope: Any, since: datetime) -> QuerySet:
        """Rows of which the caller may learn that they are gone: those that it may read, in the list or not."""
        return self.model._default_manager.visible_to(scope)

    def moved_to(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Where rows went that live on in another, by their keys."""
        return {}

    def filtered(self: Any, call: Call) -> QuerySet:
        rows = super().filtered(call)  # type: ignore[misc]
        since = since_of(call)
        return rows if since is None else rows.filter(self._changed(since) | self._came_in(call, since))

    def beside(self: Any, call: Call) -> dict[str, Any]:
        """What the first page says besides its rows."""
        since = since_of(call)
        if since is None:
            return {}
        removed = [] if "cursor" in call.request.query_params else self._removed(call, since)
        return {"removed": removed, "changed_until": clock.real_now() - OVERLAP}

    def _changed(self: Any, since: datetime) -> Q:
        changed = Q(pk__in=touched(self.model, since))
        for column, model in self.follows.items():
            changed |= Q(**{f"{column}__in": touched(model, since)})
        return changed

    def _came_in(self: Any, call: Call, since: datetime) -> Q:
        then = self._listed_on(call, since)
        return Q(pk__in=()) if then is None else ~Q(pk__in=then.values("pk"))

    def _listed_on(self: Any, call: Call, since: datetime) -> QuerySet | None:
        """The list on the day of `since`; None where it is the same day, or the caller asks about a fixed one."""
        day = (clock.now() - (clock.real_now() - since)).date()
        if not self.dated or "valid_on" in call.request.query_params or day >= call.on:
            return None
        return self.rows(call.scope, on=day)

    def _removed(self: Any, call: Call, since: datetime) -> list[dict[str, Any]]:
        gone = self._changed(since)
        if (then := self._listed_on(call, since)) is not None:
            gone |= Q(pk__in=then.values("pk"))
        present = super().filtered(call).values("pk")  # type: ignore[misc]
        rows = self.known(call.scope, since).filter(gone).exclude(pk__in=present).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[: MAX_REMOVED + 1])
        keys += self._destroyed(since)
        if len(keys) > MAX_REMOVED:
            raise Invalid.at("?changed_after", "too_long_ago", _("Too much has changed since: read the whole list."))
        moved = self.moved_to(keys)
        return [{"id": str(key), "moved_to": str(moved[key]) if moved.get(key) else None} for key in keys]

    def _destroyed(self: Any, since: datetime) -> list[Any]:
        events = AuditEvent.objects.filter(
            object_type=self.model._meta.model_name, recorded_at__gt=since, action=f"{self.resource}.destroy"
        )
        return list(events.order_by("object_id").values_list("object_id", flat=True)[: MAX_REMOVED + 1])


def touched(model: type[Model], since: datetime) -> QuerySet:
    """Keys of the rows of a model that the log names since a moment."""
    events = AuditEvent.objects.filter(object_type=model._meta.model_name, recorded_at__gt=since)
    return events.exclude(object_id=None).values("object_id")


def since_of(call: Call) -> datetime | None:
    """The moment of `changed_after`; None without it. Raises Invalid."""
    text = call.request.query_params.get("changed_after")
    if text is None:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus in an address comes as a blank
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not date(1900, 1, 1) < moment.date() < date(2200, 1, 1):
        message = _("A moment with its offset, such as 2026-11-22T10:00:00Z.")
        raise Invalid.at("?changed_after", "invalid", message)
    return moment.astimezone(UTC)
