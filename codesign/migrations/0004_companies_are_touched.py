"""What changes a company's figures is noted by the database itself."""

from django.db import migrations

from codesign.overview import constraints


def add(apps, schema_editor):
    for statement in constraints.statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in constraints.POSTGRESQL_REVERSE if is_postgresql else constraints.SQLITE_REVERSE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("codesign", "0003_decisions_never_change"), ("members", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
