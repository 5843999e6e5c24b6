from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import migrations

CHUNK = 1000


def fill(apps, schema_editor):
    """The day of each move in its company's zone; a return's term by the days of its year."""
    moves = apps.get_model("codesign", "ReportMove").objects.using(schema_editor.connection.alias)
    columns = ("pk", "at", "to_state", "report__company__organisation__zone", "report__reporting_year__return_days")
    last = None
    while True:
        rows = moves.filter(moved_on=None).order_by("pk")
        page = list((rows.filter(pk__gt=last) if last else rows).values_list(*columns)[:CHUNK])
        if not page:
            return
        last = page[-1][0]
        changed = []
        for key, at, to_state, zone, days in page:
            on = at.astimezone(ZoneInfo(zone or "UTC")).date()
            due = on + timedelta(days=days) if to_state == "returned" else None
            changed.append(moves.model(pk=key, moved_on=on, answer_due_on=due))
        moves.bulk_update(changed, ["moved_on", "answer_due_on"])


class Migration(migrations.Migration):
    """Reports that were returned keep the terms that they were given."""

    dependencies = [("codesign", "0025_moves_of_reports_have_days")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
