"""Decisions are appended, never edited; head counts of a site never overlap: said to the database itself."""

from django.db import migrations

from codesign.companies import constraints


def add(apps, schema_editor):
    for statement in constraints.statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in constraints.POSTGRESQL_REVERSE if is_postgresql else constraints.SQLITE_REVERSE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("codesign", "0002_initial")]
    operations = [migrations.RunPython(add, drop)]
