from django.db import migrations, models


class Migration(migrations.Migration):
    """Every move of a report has its day."""

    dependencies = [("codesign", "0026_fill_days_of_report_moves")]

    operations = [
        migrations.AlterField(
            "reportmove",
            "moved_on",
            models.DateField(help_text="Day of `at` in the company's zone: what the report was on a day."),
        ),
    ]
