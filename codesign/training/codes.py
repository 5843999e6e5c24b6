"""Codes of certificates: long enough that nobody guesses one, easy to read aloud. Pure functions."""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID, uuid5

# Without I, L, O and U, which are misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 20  # 100 bits
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FORM = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")
_HOLDERS = UUID("6a1c1c52-5a0f-5c0e-9d5b-4a4c7c2f6f11")


def new_code() -> str:
    """A code in five groups of four."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, _LENGTH, 4))


def plain(text: str) -> str | None:
    """The code without its dashes, misread letters mended; None for what is no code."""
    found = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
    return found if _FORM.fullmatch(found) else None


def digest_of(code: str, *more: str) -> str:
    """Under what a code is kept; with `more`, what only whoever holds the code can tell is of the same one."""
    return hashlib.sha256("|".join([plain(code) or "", *more]).encode()).hexdigest()


def holder_of(code: str) -> str:
    """A name for whoever holds this one certificate: another certificate has another."""
    return f"urn:uuid:{uuid5(_HOLDERS, plain(code) or '')}"
