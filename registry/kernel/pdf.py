"""Printed documents: a template of ours and plain data in, one PDF/A out.

A template is a `.typ` file in the package that owns the document. It starts with `#import "sheet.typ": data, sheet`
and `#show: sheet.with(title: …)`: the sheet brings paper, letters, language, and the DEMO mark. What is printed comes
in as `data`, read as JSON and never as markup, so that no name of a company can be a command. The typesetter sees
these files and no folder of the machine.

Equal input gives equal bytes: the time of the document is passed in, and the letters are those that typst ships.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

MEDIA_TYPE = "application/pdf"
# Archivable, and tagged so that it can be read aloud.
STANDARDS = ["a-2a", "ua-1"]
SHEET = Path(__file__).parent / "sheets" / "sheet.typ"
# Scripts of which the letters at hand cover a part: one letter that lacks says nothing of the others.
_COVERED_IN_PART = {"LATIN", "ARABIC", "GREEK", "CYRILLIC", "HEBREW"}
_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Never printed: control characters, halves of pairs, what is not assigned, and what turns the order of a line around.
_UNPRINTED = {"Cc", "Cs", "Cn", "Co"}
_KEPT = {"\n", "\t"}
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def render(
    template: Path,
    data: Mapping[str, Any],
    *,
    at: datetime,
    language: str = "en",
    is_demo: bool = False,
    qr: str = "",
) -> bytes:
    """The document as PDF, about 10 ms a page. `at`: its creation time; `qr`: what `qr.svg` says when scanned.

    A text in a script without letters at hand (Thai, Japanese) is respelled in Latin letters, rather than refused.
    """
    import typst  # heavy: loaded when somebody prints

    frame = {"language": language, "is_demo": is_demo}
    files = {"main.typ": template.read_bytes(), "sheet.typ": SHEET.read_bytes(), "frame.json": _json(frame)}
    if qr:
        files["qr.svg"] = qr_svg(qr)
    # Its stubs don't know yet that it takes files by name instead of a folder.
    compiled: Any = typst.compile
    printed, moment = _printable(data), at.replace(microsecond=0)  # a document knows whole seconds
    while True:
        files["data.json"] = _json(printed)
        try:
            found: bytes = compiled(
                files, font_paths=_letters(), pdf_standards=STANDARDS, timestamp=moment, root=SHEET.parent
            )
        except typst.TypstError as error:
            lacking = _LACKING.search(str(error))
            respelled = _respelled(printed, _unescaped(lacking[1])) if lacking else printed
            if respelled == printed:
                raise
            printed = respelled
        else:
            return found


def qr_svg(text: str) -> bytes:
    """A QR code as a drawing; readable with a quarter of it worn off."""
    import segno

    file = io.BytesIO()
    segno.make(text, error="q", micro=False).save(file, kind="svg", xmldecl=False, nl=False)
    return file.getvalue()


@cache
def _letters() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with `change` done to each text in it."""
    if isinstance(value, Mapping):
        return {key: _texts(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _printable(data: Any) -> Any:
    """`data` without letters that stand for nothing on paper."""

    def printable(text: str) -> str:
        if text.isprintable() and not _TURNING.intersection(text):
            return text
        kept = (c for c in text if c in _KEPT or (unicodedata.category(c) not in _UNPRINTED and c not in _TURNING))
        return "".join(kept)

    return _texts(data, printable)


def _respelled(data: Any, lacking: str) -> Any:
    """`data` with each text that holds the letters `lacking`, or others of their script, in Latin letters."""
    from anyascii import anyascii

    scripts = {_script(letter) for letter in lacking} - _COVERED_IN_PART

    def respelled(text: str) -> str:
        if any(letter in lacking or _script(letter) in scripts for letter in text if not letter.isascii()):
            return anyascii(text)
        return text

    changed = _texts(data, respelled)
    # A mark above an English letter is reported as that letter: then no text is spared.
    return changed if changed != data else _texts(data, anyascii)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
