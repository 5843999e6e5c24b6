"""Which files are taken as documents: told by what they hold, the name must agree. No database, no web."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from registry.kernel.errors import DomainError, Fault, Invalid, TooLarge, Unsupported
from registry.kernel.files.limits import MAX_BYTES

MAX_NAME = 150
# More parts than any text or table has; the list of them is read, never the parts.
MAX_ENTRIES = 5_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# Media type → endings under which it is sent.
TYPES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    f"{_OFFICE}.wordprocessingml.document": (".docx",),
    f"{_OFFICE}.spreadsheetml.sheet": (".xlsx",),
    f"{_OFFICE}.presentationml.presentation": (".pptx",),
    f"{_OPEN}.text": (".odt",),
    f"{_OPEN}.spreadsheet": (".ods",),
    f"{_OPEN}.presentation": (".odp",),
}
_STARTS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# The part that only a document of this kind has.
_MAIN_PARTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}.presentationml.presentation",
}
ENDINGS = ", ".join(ending.lstrip(".") for endings in TYPES.values() for ending in endings)


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that may be stored: where to read it, and what it is."""

    file: IO[bytes]
    name: str
    media_type: str
    size_bytes: int


def checked(file: IO[bytes], *, name: str, size_bytes: int, pointer: str = "/file") -> Upload:
    """The file as an `Upload`; `pointer`: its place in the body. Raises TooLarge, Invalid, Unsupported."""

    def refusal(kind: type[DomainError], code: str, message: str) -> DomainError:
        return kind(message, code=code, faults=(Fault(pointer, code, message),))

    if size_bytes > MAX_BYTES:
        raise refusal(TooLarge, "file_too_large", f"A document has at most {MAX_BYTES // 1024 // 1024} MB.")
    if not size_bytes:
        raise refusal(Invalid, "empty_file", "The file is empty.")
    media_type = _media_type(file)
    if media_type is None:
        raise refusal(Unsupported, "type_not_allowed", f"A document is one of: {ENDINGS}.")
    shown = shown_name(name)
    if PurePosixPath(shown).suffix.lower() not in TYPES[media_type]:
        raise refusal(Unsupported, "type_mismatch", "The file's name says another type than its content.")
    return Upload(file=file, name=shown, media_type=media_type, size_bytes=size_bytes)


def shown_name(name: str) -> str:
    """The last part of a name without what is not printable; its ending stays when it is cut."""
    last = "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2])).strip()
    path = PurePosixPath(last)
    return path.stem[: MAX_NAME - len(path.suffix)] + path.suffix if len(last) > MAX_NAME else last


def _media_type(file: IO[bytes]) -> str | None:
    """What the content is; None for what is not taken. The file is left at its start."""
    file.seek(0)
    start = file.read(16)
    try:
        if start.startswith(b"PK\x03\x04"):
            return _packed_type(file)
    finally:
        file.seek(0)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for mark, media_type in _STARTS.items() if start.startswith(mark)), None)


def _packed_type(file: IO[bytes]) -> str | None:
    """The kind of an office document; None for another archive, a protected one, or one that holds macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            is_odd = len(entries) > MAX_ENTRIES or any(entry.flag_bits & 1 for entry in entries)
            if is_odd or any(name.lower().endswith(("vbaproject.bin", "/script-lc.xml")) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= 100:
                told = archive.read("mimetype").decode("ascii", "replace")
                return told if told in TYPES else None
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError, zlib.error):
        return None
    return None
