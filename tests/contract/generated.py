"""The Python client, generated from the committed contract and imported."""

from __future__ import annotations

import sys
from importlib import import_module, util
from pathlib import Path
from typing import Any

from tests.contract.contract import PATH, operations

ROOT = PATH.parents[1]
PACKAGE = "the_code_register_client"


def generate(folder: Path) -> None:
    """Write the client into `folder`, as `make clients` does, and make it importable."""
    spec = util.spec_from_file_location("generating", ROOT / "clients" / "python" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generating = util.module_from_spec(spec)
    spec.loader.exec_module(generating)
    generating.generate(folder)
    sys.path.insert(0, str(folder))


def model(name: str) -> Any:
    """A class of the generated models."""
    return getattr(import_module(f"{PACKAGE}.models"), name)


class Client:
    """One caller. Every operation is a method under its operation id, through its typed function."""

    def __init__(self, url: str, token: str | None = None) -> None:
        package = import_module(PACKAGE)
        # Without redirects: what the client asks for must be the address itself.
        self.inner = package.AuthenticatedClient(base_url=url, token=token) if token else package.Client(base_url=url)

    def __getattr__(self, name: str) -> Any:
        (tag,) = operations()[name].spec["tags"]
        module = import_module(f"{PACKAGE}.api.{tag.lower().replace(' ', '_')}.{name}")

        def call(*keys: Any, **options: Any) -> Any:
            response = module.sync_detailed(*keys, client=self.inner, **options)
            assert response.status_code < 400, response.content
            return response

        return call
