"""The keys with which the register signs what others check without asking it.

The newest key signs; all of them are published, so that what an older one has signed stays checkable. They
come from SIGNING_KEYS, or lie in DATA_DIR/keys, where the first is made when it is needed. A backup holds them.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jws
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
BITS = 2048


def sign(payload: Mapping[str, Any], *, header: Mapping[str, Any], key_url: str) -> str:
    """A compact JWS of the payload by the newest key; its `kid` is `key_url` with the key's thumbprint in it."""
    key = _newest()
    kid = key_url.format(kid=key.thumbprint())
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact({"alg": ALGORITHM, **header, "kid": kid}, text, key)


def published() -> list[dict[str, Any]]:
    """The public halves as JWKs, the oldest first; their `kid` is their thumbprint."""
    _newest()
    return [_public(key) for key in _keys()]


def rotate() -> str:
    """Make a new key that signs from now on; its thumbprint. Those before stay published."""
    if settings.SIGNING_KEYS:
        raise ValueError("The keys come from SIGNING_KEYS: add one there, at the end.")
    return _made().thumbprint()


def _public(key: RSAKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}


def _newest() -> RSAKey:
    keys = _keys()
    return keys[-1] if keys else _made()


def _keys() -> list[RSAKey]:
    """In the order in which they were made: the name of a file begins with its number."""
    if settings.SIGNING_KEYS:
        return [_imported(json.dumps(key)) for key in json.loads(settings.SIGNING_KEYS)["keys"]]
    return [_imported(file.read_text()) for file in sorted(_folder().glob("*.json"))]


@lru_cache(maxsize=32)
def _imported(text: str) -> RSAKey:
    """A key is proved when it is read, which takes a tenth of a second: once a process."""
    return RSAKey.import_key(json.loads(text))


def _made() -> RSAKey:
    """A new key on the disk: a file is there whole or not at all, and of two first ones both are published."""
    key = RSAKey.generate_key(BITS, auto_kid=False)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, suffix=".draft")
    with os.fdopen(handle, "w") as file:
        json.dump(key.as_dict(private=True), file)
        file.flush()
        os.fsync(file.fileno())
    number = len(list(folder.glob("*.json"))) + 1
    Path(draft).rename(folder / f"{number:04}-{key.thumbprint()}.json")
    return key


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "keys"
