"""Files in requests: one multipart form, as strict as the JSON that everything else is sent in."""

from __future__ import annotations

import hashlib
from io import SEEK_END, BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from registry.kernel.api.parsers import StrictJSONParser
from registry.kernel.files.limits import MAX_BYTES

# Boundaries, headers and the fields beside the file.
ROOM = 64 * 1024
BLOCK = 64 * 1024
# Smaller ones stay in memory; of a larger one never more than a block is there.
SPOOLED_FROM = 512 * 1024


class _Spooled(FileUploadHandler):
    """Keeps a file out of memory; its size is bounded before."""

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self.content: Any = SpooledTemporaryFile(max_size=SPOOLED_FROM)  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.content.seek(0)
        return UploadedFile(self.content, self.file_name, self.content_type, file_size, self.charset)


class StrictFormParser(BaseParser):
    """Reads `multipart/form-data`: every part once, text without NUL."""

    media_type = "multipart/form-data"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        request = (parser_context or {})["request"]._request
        try:
            form: Any = getattr(request, "spooled", None) or BytesIO(request.body)
            meta = {**request.META, "CONTENT_LENGTH": str(form.seek(0, SEEK_END))}
            form.seek(0)
            fields, files = MultiPartParser(meta, form, [_Spooled(request)], "utf-8").parse()
        except (RequestDataTooBig, TooManyFieldsSent):
            raise
        except (MultiPartParserError, SuspiciousOperation, TooManyFilesSent, LookupError, ValueError) as error:
            raise ParseError("The form can't be read.", code="malformed_form") from error
        parts = [(name, value) for name, values in (*fields.lists(), *files.lists()) for value in values]
        found: dict[str, Any] = dict(parts)
        if len(found) < len(parts):
            raise ParseError("A part of the form comes twice.", code="duplicate_part")
        if any("\0" in text for name, value in parts for text in (name, value) if isinstance(text, str)):
            raise ParseError("The form holds a NUL character.", code="nul_character")
        return found


class LinesParser(BaseParser):
    """Takes a body of JSON by lines as a file, unread: whoever reads it does so line by line."""

    media_type = "application/x-ndjson"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        lines = getattr((parser_context or {})["request"]._request, "spooled", None)
        if lines is None:
            raise ParseError("This operation takes no lines of JSON.", code="unexpected_body")
        size = lines.seek(0, SEEK_END)
        lines.seek(0)
        return {"file": UploadedFile(lines, "lines.jsonl", self.media_type, size)}


class TakesFiles:
    """A view whose `uploading` operations take a form with a file beside JSON. Larger bodies are refused: 413."""

    parser_classes: Any = (StrictJSONParser, StrictFormParser)
    uploading: frozenset[str] = frozenset()
    most_bytes: int = MAX_BYTES

    def initialize_request(self: Any, request: HttpRequest, *args: Any, **options: Any) -> Request:
        """Spool the form before anything else: a look at its fields, as the check of a session's token
        takes, would use it up. Its sum stands for it where a retry is compared with the first call.
        """
        length = request.META.get("CONTENT_LENGTH") or "0"
        kinds = {parser.media_type for parser in self.parser_classes} - {StrictJSONParser.media_type}
        is_form = (request.content_type or "") in kinds
        is_taken = is_form and self.action_map.get((request.method or "").lower()) in self.uploading
        if is_taken and length.isdigit() and int(length) <= self.most_bytes + ROOM:
            _spool(request)
        return super().initialize_request(request, *args, **options)  # type: ignore[misc]

    def get_parsers(self: Any) -> list[BaseParser]:
        """Files where they are taken, JSON everywhere."""
        action = getattr(self, "action", None) or self.action_map.get(self.request.method.lower())
        return [parser() for parser in self.parser_classes] if action in self.uploading else [StrictJSONParser()]


def _spool(request: Any) -> None:
    """Take the body off the wire block by block, into `request.spooled`, with its sum as `request.spooled_sha256`."""
    spooled: Any = SpooledTemporaryFile(max_size=SPOOLED_FROM)  # noqa: SIM115 - closed with the request
    digest = hashlib.sha256()
    while block := request.read(BLOCK):
        digest.update(block)
        spooled.write(block)
    spooled.seek(0)
    request.spooled, request.spooled_sha256 = spooled, digest.digest()
    request._stream, request._read_started = spooled, False
    request._post, request._files = QueryDict(), MultiValueDict()
