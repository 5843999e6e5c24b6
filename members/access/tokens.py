"""Secrets: made of 256 random bits, shown once, kept as a hash.

A plain SHA-256 is enough here: against 256 random bits there is nothing to guess, so slowness buys nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple
from uuid import UUID

from django.utils.crypto import salted_hmac

_TOKEN = re.compile(r"cr_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class Minted(NamedTuple):
    """A new secret: its text for the holder, its prefix for finding it, its hash for keeping."""

    text: str
    prefix: str
    hash: str


def hash_of(secret: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mint_token() -> Minted:
    """A new bearer token, `cr_<prefix>_<secret>`."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return Minted(f"cr_{prefix}_{secret}", prefix, hash_of(secret))


def mint_invitation() -> Minted:
    """A new secret of an invitation, `ci_<secret>`."""
    text = f"ci_{secrets.token_urlsafe(32)}"
    return Minted(text, "", hash_of(text))


def sign_in_secret(link: UUID) -> str:
    """The secret of a mailed link, `sl_<secret>`: worked out anew when the mail is built, and so kept nowhere."""
    return f"sl_{salted_hmac('members.access.sign_in_link', str(link), algorithm='sha256').hexdigest()}"


def read_token(text: str) -> tuple[str, str] | None:
    """Prefix and hash of the secret in `text`; None when it can't be a token: too long, NUL, not ASCII."""
    match = _TOKEN.fullmatch(text)
    return (match[1], hash_of(match[2])) if match else None


def same(one: str, other: str) -> bool:
    """Equality that takes the same time wherever they differ."""
    return hmac.compare_digest(one, other)
