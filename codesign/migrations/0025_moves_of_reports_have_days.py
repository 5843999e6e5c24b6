from django.db import migrations, models


class Migration(migrations.Migration):
    """What a report was on a day: each move keeps its legal day and the term that it gave."""

    dependencies = [("codesign", "0024_refunds")]

    operations = [
        migrations.AddField("reportmove", "moved_on", models.DateField(null=True)),
        migrations.AddField(
            "reportmove",
            "answer_due_on",
            models.DateField(
                blank=True, help_text="The company's term; null unless it is to answer.", null=True
            ),
        ),
    ]
