"""Sending files, and reading what came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api_client import BASE, ApiClient


@pytest.fixture
def send(secretariat: ApiClient) -> Callable[..., Any]:
    """Sends a table by a form as an officer of the secretariat."""

    def post(kind: str, content: bytes, *, query: str = "", client: ApiClient = secretariat, **headers: str) -> Any:
        form = {"kind": kind, "file": SimpleUploadedFile("table.csv", content)}
        return client.http.post(f"{BASE}imports/{query}", form, headers=headers)

    return post


@pytest.fixture
def rows_of(secretariat: ApiClient) -> Callable[..., list[dict[str, Any]]]:
    """The rows of an import as the answer to its sending names it."""

    def read(answer: Any, **params: Any) -> list[dict[str, Any]]:
        return secretariat.get(f"imports/{answer.json()['id']}/rows/", page_size=1000, **params).json()["results"]

    return read


def downloaded(response: Any) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(response.streaming_content)
