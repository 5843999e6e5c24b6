"""Sending rosters and reading what came of them, as the editor of a chain does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from codesign.companies.models import Site
from tests.api_client import BASE, ApiClient
from tests.factories import training


@pytest.fixture
def site(db: None) -> Site:
    """A hotel of a chain, where everybody may be trained."""
    training.load_default_requirements()
    return training.make_workplace(name="Hotel Fictif Royal")


@pytest.fixture
def editor(client_for: Callable[..., ApiClient], site: Site) -> ApiClient:
    """The chain's editor."""
    return client_for("company_editor", organisation=site.company.organisation)


@pytest.fixture
def send(editor: ApiClient) -> Callable[..., Any]:
    """Sends a file by a form; extra parts of the form by name."""

    def post(content: bytes, *, client: ApiClient = editor, name: str = "staff.csv", **parts: Any) -> Any:
        form = {"file": SimpleUploadedFile(name, content), **parts}
        return client.http.post(f"{BASE}rosters/", form)

    return post


def downloaded(response: Any) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(response.streaming_content)
