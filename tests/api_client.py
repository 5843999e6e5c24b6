"""The client that the API tests speak through: JSON in, JSON out, paths below /api/v1/."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

BASE = "/api/v1/"


class ApiClient:
    """One caller. `token` None is the public; `user` alone logs in by session."""

    user: Any = None
    organisation: Any = None
    grant: Any = None
    token_row: Any = None

    def __init__(self, token: str | None = None, *, user: Any = None) -> None:
        self.http = Client(headers={"Authorization": f"Bearer {token}"} if token else {})
        self.token, self.user = token, user
        if user is not None and token is None:
            self.http.force_login(user)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> Any:
        """GET with query parameters."""
        return self.http.get(_url(path), params, headers=headers)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """POST; `if_match` takes a tag, `key` an idempotency key, `headers` anything else."""
        return self._send("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        """PATCH."""
        return self._send("PATCH", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        """PUT."""
        return self._send("PUT", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> Any:
        """DELETE."""
        return self._send("DELETE", path, body, **options)

    def _send(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        if_match: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        named = {"If-Match": if_match, "Idempotency-Key": key}
        sent = {name: value for name, value in named.items() if value is not None} | (headers or {})
        data = b"" if body is None else body if isinstance(body, bytes) else _json(body)
        return self.http.generic(method, _url(path), data, content_type="application/json", headers=sent)


def _url(path: str) -> str:
    return path if path.startswith("/") else BASE + path


def _json(body: Any) -> bytes:
    return json.dumps(body, cls=DjangoJSONEncoder).encode()
