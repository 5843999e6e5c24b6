"""The Python client, generated from the committed contract and imported."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.contract.contract import PATH, operations

ROOT = PATH.parents[1]
CONFIG = ROOT / "clients" / "python" / "config.yaml"
PACKAGE = "the_code_register_client"


def generate(folder: Path) -> None:
    """Write the client into `folder` and make it importable. A warning of the generator is a failure."""
    programs = Path(sys.executable).parent
    command = [programs / "openapi-python-client", "generate", "--path", PATH, "--config", CONFIG]
    subprocess.run(
        [*command, "--output-path", folder, "--overwrite", "--fail-on-warning"],
        # The generator calls ruff by name.
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"},
        check=True,
        capture_output=True,
    )
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
