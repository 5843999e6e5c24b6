"""The reference list of regions and countries."""

from django.db import migrations

from members.countries import reference


def fill(apps, schema_editor):
    reference.fill(apps.get_model("members", "Region"), apps.get_model("members", "Country"))


class Migration(migrations.Migration):
    dependencies = [("members", "0002_mandates_never_overlap")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
