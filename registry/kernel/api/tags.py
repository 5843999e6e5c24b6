"""Entity tags: the row's version, and a hash of how it was shown."""

from __future__ import annotations

import hashlib
import re

from django.utils.translation import gettext as _

from registry.kernel.errors import Invalid

_TAG = re.compile(r'(?:W/)?"(\d{1,10})-[0-9a-f]{16}"')


def tag_of(version: int, body: bytes) -> str:
    """`"<version>-<hash>"`."""
    return f'"{version}-{hashlib.sha256(body).hexdigest()[:16]}"'


def version_in(header: str | None) -> int | None:
    """The version that If-Match names; None when the header is absent or `*`."""
    if header is None or header.strip() == "*":
        return None
    match = _TAG.fullmatch(header.strip())
    if match is None:
        raise Invalid(_("If-Match is not one of this register's tags."), code="bad_tag")
    return int(match.group(1))
