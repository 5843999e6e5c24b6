"""What is left of a person in places that belong to nobody: stored answers, the audit log, mails kept as files."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterable
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any
from uuid import UUID

from registry.kernel.audit.models import AuditEvent
from registry.kernel.idempotency.actions import drop_answers
from registry.kernel.mail import mailbox_folder

ERASED = "[erased]"


def redact_events(ids: Iterable[UUID], texts: Iterable[str]) -> int:
    """Blot `texts` out of the log's events about these rows. They are not written there: this is the second lock."""
    patterns = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True) if text)
    if not patterns:
        return 0
    pattern, touched = re.compile(patterns, re.IGNORECASE), 0
    for event in AuditEvent.objects.filter(object_id__in=list(ids)).order_by("pk"):  # the few of one person
        changes = _blotted(event.changes, pattern)
        if changes != event.changes:
            touched += AuditEvent.objects.filter(pk=event.pk).update(changes=changes)
    return touched


def _blotted(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, list):
        return [_blotted(one, pattern) for one in value]
    if isinstance(value, dict):
        return {key: _blotted(one, pattern) for key, one in value.items()}
    return value


def burn_letters(emails: Iterable[str]) -> int:
    """Delete the mails to these addresses where mails are kept as files. How many."""
    folder, wanted = mailbox_folder(), {email.lower() for email in emails}
    if folder is None or not folder.exists() or not wanted:
        return 0
    box = mailbox.Maildir(folder, create=False)
    burnt = 0
    for key in box.keys():  # noqa: SIM118 - a mailbox iterates over its messages, not its keys
        with box.get_file(key) as file:
            header = BytesHeaderParser().parsebytes(file.read())
        if wanted & {address.lower() for _, address in getaddresses(header.get_all("To", []))}:
            box.discard(key)
            burnt += 1
    return burnt


__all__ = ["burn_letters", "drop_answers", "redact_events"]
