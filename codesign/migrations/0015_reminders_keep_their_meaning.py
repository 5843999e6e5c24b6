"""Rules that were there count as published; what waited goes to its contact."""

from django.db import migrations

FORWARD = (
    "UPDATE codesign_reminderrule SET published_at = created_at WHERE published_at IS NULL",
    "UPDATE codesign_occurrence SET addressee = recipient",
)


class Migration(migrations.Migration):
    dependencies = [
        ("codesign", "0014_reminders_as_data"),
    ]
    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in FORWARD]
