"""From when a source proves a participation and a mandate: its first day, else the day on which it was recorded."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from members.network.rules import presence


def fill(apps: Any, schema_editor: Any) -> None:
    participations = apps.get_model("members", "GroupParticipation")._base_manager
    for row in participations.only("valid_from", "valid_until", "recorded_at").iterator():
        recorded_on = row.recorded_at.date()
        proven_from = row.valid_from or min(recorded_on, row.valid_until or recorded_on)
        participations.filter(pk=row.pk).update(proven_from=proven_from)
    mandates = apps.get_model("members", "Mandate")._base_manager
    for row in mandates.only("since", "since_basis", "created_at").iterator():
        told = presence(since=row.since, basis=row.since_basis, seen_on=row.created_at.date())
        mandates.filter(pk=row.pk).update(proven_from=told.proven_from)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_proven_from"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
