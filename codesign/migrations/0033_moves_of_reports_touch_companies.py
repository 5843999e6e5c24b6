from django.db import migrations

from codesign.overview import constraints


def touch(apps, schema_editor):
    """The triggers of the tables that came later; again does nothing to those that stand."""
    for statement in constraints.later(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The standing of a day reads the moves of a report: each names its company in the log of touches."""

    dependencies = [("codesign", "0032_reminder_rules_filter")]

    operations = [migrations.RunPython(touch, migrations.RunPython.noop)]
