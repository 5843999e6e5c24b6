"""A printed document as an answer."""

from __future__ import annotations

from django.http import HttpResponse

from registry.kernel.pdf import MEDIA_TYPE


def pdf_answer(content: bytes, *, name: str) -> HttpResponse:
    """The PDF, shown in the browser and saved as `name`.pdf; nobody in between keeps it."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
