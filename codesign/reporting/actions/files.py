"""Files that belong to a report: handed in, then named as the answer to a question."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from codesign.reporting.actions import moving
from codesign.reporting.actions.writing import ReportNotEditable
from codesign.reporting.lifecycle import EDITABLE
from codesign.reporting.models import ReportFile
from registry.kernel.audit.actions import record
from registry.kernel.audit.actor import Actor
from registry.kernel.documents import actions as documents
from registry.kernel.documents.rules import Upload
from registry.kernel.errors import Refused

MOST = 20


@transaction.atomic
def add_file(*, report_id: UUID, file: Upload, actor: Actor, at: datetime) -> ReportFile:
    """Keep a file beside the report's answers. Raises ReportNotEditable, Refused (`too_many_files`)."""
    report = moving.locked(report_id, None)
    if report.state not in EDITABLE:
        raise ReportNotEditable("This report was handed in.", details={"state": report.state})
    if report.files.count() >= MOST:
        raise Refused(f"A report has at most {MOST} files.", code="too_many_files")
    row = ReportFile.objects.create(report=report, document=documents.store(file, at=at), added_at=at)
    # Not its name: where one tells too much, the log has nothing to redact.
    record("reports.add_file", report, actor=actor, at=at, changes={"file": [None, row.pk]})
    return row
