"""Files that mean harm, or come from a careless hand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.factories.imports import xlsx_of

SHEET = "xl/worksheets/sheet1.xml"
CONTENT_TYPES = "[Content_Types].xml"
PLAIN = xlsx_of(["name", "kind"], ["Réseau Fictif", "ngo"])


def repacked(change: Callable[[bytes], bytes], *, name: str = SHEET, book: bytes = PLAIN) -> bytes:
    """A workbook with one of its parts changed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return packed.getvalue()


def bomb() -> bytes:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    return repacked(lambda sheet: b"0" * 100_000_000)


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    packed = bytearray(bomb())
    place = packed.find(b"PK\x01\x02")
    while place >= 0:
        packed[place + 24 : place + 28] = (100).to_bytes(4, "little")
        place = packed.find(b"PK\x01\x02", place + 4)
    return bytes(packed)


def with_doctype() -> bytes:
    """Entities that grow by themselves."""
    declared = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    return repacked(lambda sheet: sheet.replace(b"<worksheet", declared, 1))


def with_formula() -> bytes:
    """A cell that a spreadsheet would work out."""
    return repacked(lambda sheet: sheet.replace(b"</c></row></sheetData>", b"<f>1+1</f></c></row></sheetData>"))


def far_out() -> bytes:
    """A cell in the last corner: room for seventeen thousand million before it."""
    return repacked(lambda sheet: sheet.replace(b'r="B2"', b'r="XFD1048576"'))


def unnamed_far_out() -> bytes:
    """The same corner, told by rows and cells without an address."""
    row = b'<row r="1048576">' + b"<c><v>1</v></c>" * 16_384 + b"</row></sheetData>"
    return repacked(lambda sheet: sheet.replace(b"</sheetData>", row))


def not_utf_8() -> bytes:
    """A part in UTF-16, where no check for UTF-8 text finds anything."""
    return repacked(lambda sheet: sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


HEADER = b"name,kind\n"
# Name → content and the code with which it is refused.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty_file"),
    "blank lines": (lambda: b"\n\n\n", "empty_file"),
    "NUL": (lambda: HEADER + b"a\0b,ngo\n", "nul_character"),
    "UTF-16": (lambda: "name,kind\né,ngo\n".encode("utf-16"), "encoding"),
    "two encodings": (lambda: HEADER + "é,ngo\n".encode() + "é,ngo\n".encode("latin-1"), "encoding"),
    "lone surrogate": (lambda: HEADER + b"\xed\xa0\x80,ngo\n", "encoding"),
    "doubled header": (lambda: b"name,kind,Name\na,ngo,b\n", "duplicate_header"),
    "nameless header": (lambda: b"name,,kind\na,b,ngo\n", "empty_header"),
    "a million columns": (lambda: b"name,kind" + b",x" * 1_000_000 + b"\n", "too_many_columns"),
    "201 columns": (lambda: b",".join(b"c%d" % n for n in range(201)) + b"\n", "too_many_columns"),
    "a million rows": (lambda: b"name,kind\n" + b"a,ngo\n" * 1_000_000, "too_many_rows"),
    "cell of 10 MB": (lambda: HEADER + b"x" * (10 * 1024 * 1024 - 100) + b",ngo\n", "cell_too_long"),
    "surplus cells": (lambda: HEADER + b"a,ngo,b\n", "surplus_cells"),
    "open quotes": (lambda: HEADER + b'"a,ngo\n', "malformed_csv"),
    "bomb": (bomb, "zip_bomb"),
    "lying bomb": (lying_bomb, "malformed_file"),
    "document type": (with_doctype, "doctype"),
    "formula in a workbook": (with_formula, "formula"),
    "far cell": (far_out, "too_many_columns"),
    "far cell without address": (unnamed_far_out, "too_heavy"),
    "workbook in UTF-16": (not_utf_8, "encoding"),
    "two sheets": (lambda: xlsx_of(["name", "kind"], sheets=2), "several_sheets"),
    "half a workbook": (lambda: PLAIN[: len(PLAIN) // 2], "malformed_file"),
    "an archive of anything": (lambda: repacked(lambda part: part, book=_archive()), "unknown_format"),
    "old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unknown_format"),
    "many parts": (lambda: _archive(parts=201), "too_many_entries"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "nul_character"),
}


def _archive(*, parts: int = 1) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(parts):
            archive.writestr(f"{number}.txt", b"x")
    return content.getvalue()
