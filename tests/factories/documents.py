"""Documents for tests: small files of every kind that is taken, and of some that are not."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from registry.kernel.documents.actions import store
from registry.kernel.documents.models import Document
from registry.kernel.documents.rules import checked

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30)


def packed(*names: str, mimetype: str = "", **parts: str) -> bytes:
    """An archive with these parts."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
        if mimetype:
            archive.writestr("mimetype", mimetype)
    return content.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
ODT = packed("content.xml", mimetype="application/vnd.oasis.opendocument.text")


def make_document(content: bytes = PDF, *, name: str = "policy.pdf", **overrides: Any) -> Document:
    """A stored PDF."""
    upload = checked(BytesIO(content), name=name, size_bytes=len(content))
    return store(upload, **{"at": datetime(2026, 11, 1, 9, tzinfo=UTC), **overrides})
