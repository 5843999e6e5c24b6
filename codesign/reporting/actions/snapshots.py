"""What was handed in, kept as it was; and what it adds to the indicators once it is accepted."""

from __future__ import annotations

import hashlib
from datetime import datetime

from codesign.reporting import contents
from codesign.reporting.contributions import contributions_of
from codesign.reporting.models import Contribution, Report, ReportMoveKind, ReportSnapshot, SnapshotKind


def take(report: Report, *, kind: SnapshotKind, at: datetime) -> ReportSnapshot:
    """The report as it stands, with the hash of its canonical form."""
    if kind == SnapshotKind.FINAL and report.accepted_at is not None:
        kind = SnapshotKind.CORRECTION
    reason = ""
    if kind == SnapshotKind.CORRECTION:
        asked = report.moves.filter(move=ReportMoveKind.CORRECT).order_by("-version")
        reason = asked.values_list("reason", flat=True).first() or ""
    number = report.snapshots.count() + 1
    content = contents.snapshot_content(report, number=number)
    return ReportSnapshot.objects.create(
        report=report,
        number=number,
        kind=kind,
        reason=reason,
        content=content,
        sha256=digest(content),
        taken_at=at,
    )


def digest(content: dict) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(contents.canonical(content)).hexdigest()


def newest(report: Report) -> ReportSnapshot | None:
    """The snapshot that was handed in last; provisional ones don't count."""
    return report.snapshots.exclude(kind=SnapshotKind.PROVISIONAL).order_by("-number").first()


def count_in(report: Report) -> None:
    """Let the indicators count the accepted content, and nothing of an earlier one."""
    snapshot = newest(report)
    if snapshot is None:
        return
    Contribution.objects.filter(report=report).delete()
    rows = contributions_of(report, snapshot.content, contents.questions_of(report))
    Contribution.objects.bulk_create(rows)
