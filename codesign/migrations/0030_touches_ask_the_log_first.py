from django.db import migrations

from codesign.overview import constraints


def anew(apps, schema_editor):
    """The triggers as they stand in `constraints`; PostgreSQL's have not changed."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in (*constraints.SQLITE_REVERSE, *constraints.LATER_REVERSE, *constraints.SQLITE, *constraints.later("sqlite")):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ("codesign", "0029_sites_by_zone"),
    ]

    operations = [migrations.RunPython(anew, migrations.RunPython.noop)]
