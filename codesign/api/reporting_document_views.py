"""A report as a document: printed, with its files, what of it is public, and what is taken away for good."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase

from codesign.api import reporting_bodies as bodies
from codesign.api import reporting_rows as shown
from codesign.reporting import actions
from codesign.reporting.lifecycle import ReportPart
from codesign.reporting.models import Report, ReportFile
from codesign.reporting.printed import report_pdf
from registry.kernel.api.calls import Call
from registry.kernel.api.documents import DOWNLOAD, download
from registry.kernel.api.pdfs import pdf_answer
from registry.kernel.api.uploads import TakesFiles
from registry.kernel.api.views import command, query
from registry.kernel.pdf import MEDIA_TYPE


class ReportDocumentViews(TakesFiles):
    """Adds documents to the resource of reports."""

    uploading = frozenset({"add_file"})

    def visible(self, scope: Any, *, on: date) -> QuerySet:
        """Given by the resource."""
        raise NotImplementedError

    def _report(self, call: Call) -> Report:
        """Given by the resource."""
        raise NotImplementedError

    @query(detail=True, params=shown.ReportPrintParameters, media_type=MEDIA_TYPE, summary="Print a report")
    def pdf(self, call: Call) -> HttpResponseBase:
        """The newest submission with its hash, or the draft, marked as one; in the company's language."""
        report = self._report(call)
        content = report_pdf(report, language=call.data.get("language"), at=call.at)
        return pdf_answer(content, name=f"report-{report.reporting_year.year}")

    @command(
        detail=True,
        method="put",
        body=bodies.PublicityBody,
        if_match="required",
        summary="Choose what of a report is public",
        example={"questions": ["has_policy", "staff_trained"]},
    )
    def publicity(self, call: Call) -> Report:
        """Counts at once where the report is published. Nothing of a first year, nor of what was passed on."""
        return actions.choose_public(
            report_id=call.uuid, **call.data, expected_version=call.version, actor=call.scope, at=call.at
        )

    @command(
        detail=True,
        path="files",
        body=bodies.ReportFileBody,
        answer=shown.ReportFileAnswer,
        status=201,
        summary="Send a file of a report",
        errors=(409, 413, 415),
        example={"name": "policy.pdf", "content": "JVBERi0xLjcKMSAwIG9iago8PCA+PgplbmRvYmoK"},
    )
    def add_file(self, call: Call) -> dict[str, Any]:
        """Then name its id as the answer to a question of kind `file`."""
        row = actions.add_file(report_id=call.uuid, **call.data, actor=call.scope, at=call.at)
        document = row.document
        names = ("media_type", "size_bytes", "sha256")
        return {"id": row.pk, **{name: getattr(document, name) for name in names}}

    @query(detail=True, path="files/<uuid:file>", media_type=DOWNLOAD, summary="Download a file of a report")
    def file(self, call: Call) -> HttpResponseBase:
        """As a download, whatever it holds."""
        rows = ReportFile.objects.select_related("document").filter(report=call.id, pk=call.url["file"])
        row = rows.first()
        if row is None:
            raise Http404
        return download(row.document)

    @command(
        detail=True,
        body=bodies.RedactBody,
        summary="Take away what a report must not say",
        example={"question": "stakeholder_text", "reason": "names_a_person"},
    )
    def redact(self, call: Call) -> Report:
        """All that was said to one question, why it was corrected, its files, or who holds its links.

        From answers, comments, submissions, files, stored replies, the log, and every later restore.
        """
        return actions.redact(
            report_id=call.uuid,
            part=ReportPart(call.data["part"]),
            question=call.data.get("question", ""),
            reason_code=call.data["reason"],
            actor=call.scope,
            at=call.at,
        )
