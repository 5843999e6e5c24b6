"""Documents over HTTP: taken by a form, given back as a download and as nothing else."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.kernel.documents import storage
from registry.kernel.documents.models import Document
from registry.kernel.documents.rules import ENDINGS, Upload, checked
from registry.kernel.errors import NotFound
from registry.kernel.files.limits import MAX_BYTES

DOWNLOAD = "application/octet-stream"
_HELP = f"One of: {ENDINGS}; at most {MAX_BYTES // 1024 // 1024} MB. By a form (multipart/form-data) alone."


@extend_schema_field(OpenApiTypes.BINARY)
class DocumentFile(serializers.FileField):
    """A part of a form that is to be stored; validated as an `Upload`. For views with `TakesFiles`.

    413 `file_too_large`; 415 `type_not_allowed`, `type_mismatch`; 400 `empty_file`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_empty_file": True, "help_text": _HELP, **options})

    def to_internal_value(self, data: Any) -> Upload:
        file = super().to_internal_value(data)
        return checked(file, name=file.name or "", size_bytes=file.size)


class DocumentAnswer(serializers.Serializer):
    """What is known of a document; its content is downloaded."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


def shown(row: tuple[Any, ...]) -> dict[str, Any] | None:
    """`DocumentAnswer` of name, media type, size and sum; None without a document, or of a removed one."""
    return dict(zip(("name", "media_type", "size_bytes", "sha256"), row, strict=True)) if row[3] else None


def download(document: Document) -> HttpResponseBase:
    """The content as an attachment that no browser shows, runs or guesses at. NotFound for a removed one."""
    path = storage.path_of(document.pk)
    if document.removed_at is not None or not path.is_file():
        raise NotFound("The document was removed.", code="document_removed")
    response = FileResponse(path.open("rb"), as_attachment=True, filename=document.name)
    response["Content-Type"] = document.media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{document.sha256}"'
    return response
