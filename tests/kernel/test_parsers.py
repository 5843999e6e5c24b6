"""The body parser refuses what a database could not give back."""

from __future__ import annotations

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError, UnsupportedMediaType

from registry.kernel.api.parsers import StrictJSONParser


def parse(raw: bytes, media_type: str = "application/json"):
    return StrictJSONParser().parse(BytesIO(raw), media_type)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b'{"a": NaN}', "malformed_json"),
        (b'{"a": Infinity}', "malformed_json"),
        (b'{"a": "\\ud800"}', "malformed_json"),
        (b'{"a": "\xff"}', "malformed_json"),
        (b'"\xed\xa0\x80"', "malformed_json"),
        (b'{"a": {"b": ["x\\u0000y"]}}', "nul_character"),
        (b'{"a\\u0000": 1}', "nul_character"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "malformed_json"),
    ],
)
def test_poison_is_refused_with_a_code(raw, code):
    with pytest.raises(ParseError) as refused:
        parse(raw)

    assert refused.value.get_codes() == code


@pytest.mark.parametrize("charset", ["latin-1", "bogus", "utf-16"])
def test_other_charsets_are_refused(charset):
    with pytest.raises(UnsupportedMediaType):
        parse(b"{}", f"application/json; charset={charset}")


def test_deepest_allowed_document_is_read():
    assert parse(b"[" * 32 + b"]" * 32) is not None


def test_an_escaped_backslash_before_u0000_is_text():
    assert parse(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}


def test_many_shallow_objects_are_not_deep():
    assert len(parse(b"[" + b",".join([b'{"a": [1]}'] * 500) + b"]")) == 500
