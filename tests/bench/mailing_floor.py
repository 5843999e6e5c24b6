"""A task and a connection for each mail: how a person would write it, with the register's own letters.

`celery -A tests.bench.mailing_floor worker`. No lease, no second look, no notice: it only sends and marks.
"""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit
from uuid import UUID

from celery import Celery

from registry.celery import configuration

app = Celery("floor")
app.add_defaults(lambda: {**configuration(), "beat_schedule": {}, "task_routes": {}})


@app.task(name="floor.send")
def send(occurrence_id: str) -> None:
    """One mail, in a dialogue of its own."""
    from django.conf import settings

    from codesign.reminders.facts import facts_of
    from codesign.reminders.mails import compose
    from codesign.reminders.models import Occurrence
    from registry.kernel import clock
    from registry.kernel.mail import WIRE
    from registry.kernel.outbox.actions import message_id_of

    at = clock.now()
    row = Occurrence.objects.select_related("contact", "organisation", "membership").get(pk=UUID(occurrence_id))
    mail = compose([row], facts_of([row], at=at), at=at)
    mail["Message-ID"] = message_id_of(row.key)
    url = urlsplit(settings.MAIL_URL)
    with smtplib.SMTP(url.hostname or "", url.port or 25) as line:
        line.sendmail(str(mail["From"]), [str(mail["To"])], mail.as_bytes(policy=WIRE))
    Occurrence.objects.filter(pk=row.pk).update(state="handed_over", settled_at=at)
