"""Text for searching: the same key for every spelling that people mix up."""

from __future__ import annotations

import re

from anyascii import anyascii

_GAPS = re.compile(r"[^a-z0-9]+")


def search_key(text: str) -> str:
    """Lower case, accents and scripts folded to ASCII, punctuation to single blanks.

    >>> search_key("Hôtel  Métropole (Bruxelles)")
    'hotel metropole bruxelles'
    """
    return _GAPS.sub(" ", anyascii(text).lower()).strip()
