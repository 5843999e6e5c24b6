"""Bodies: JSON in UTF-8 and nothing that a database could not give back."""

from __future__ import annotations

from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser


class StrictJSONParser(BaseParser):
    """Reads one JSON document: UTF-8 alone, no NUL, no lone surrogate, no NaN, bounded nesting.

    Each of these, let through, is stored by one of the databases and breaks every later list.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        for parameter in (media_type or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset" and value.strip(' "').lower() not in {"utf-8", "utf8"}:
                raise UnsupportedMediaType(media_type or "", "Send JSON in UTF-8.")
        raw = stream.read()
        try:
            document = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise ParseError("The body is not JSON: " + str(error), code="malformed_json") from error
        if raw.count(b"{") + raw.count(b"[") > settings.API_MAX_NESTING and _depth(document) > settings.API_MAX_NESTING:
            raise ParseError(f"The body is nested deeper than {settings.API_MAX_NESTING} levels.", code="too_deep")
        if b"\\u0000" in raw and _has_nul(document):
            raise ParseError("The body holds a NUL character.", code="nul_character")
        return document


def _depth(document: Any) -> int:
    """Levels of lists and objects, counted without recursion."""
    level, nodes = 0, [document]
    while nodes := [node for node in nodes if isinstance(node, dict | list)]:
        level, nodes = level + 1, _children(nodes)
    return level


def _children(nodes: list[Any]) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, dict):
            found.extend(node.values())
        elif isinstance(node, list):
            found.extend(node)
    return found


def _has_nul(document: Any) -> bool:
    nodes = [document]
    while nodes:
        for node in nodes:
            if isinstance(node, str) and "\0" in node:
                return True
            if isinstance(node, dict) and any("\0" in key for key in node):
                return True
        nodes = _children(nodes)
    return False
