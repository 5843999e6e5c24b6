"""Write the Python client of the committed contract into a folder: `python clients/python/generate.py build/client`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "registry" / "openapi.yaml"
PACKAGE = "the_code_register_client"


def generate(folder: Path) -> None:
    """The generated package, with `calling` beside it. A warning of the generator is a failure."""
    programs = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place:
        contract = Path(place) / "openapi.json"
        contract.write_text(json.dumps(_with_one_body(_read(CONTRACT))))
        command = [programs / "openapi-python-client", "generate", "--path", contract, "--config", HERE / "config.yaml"]
        options = ["--custom-template-path", HERE / "templates", "--output-path", folder]
        subprocess.run(
            [*command, *options, "--overwrite", "--fail-on-warning"],
            # The generator calls ruff by name.
            env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"},
            check=True,
            capture_output=True,
            text=True,
        )
    for operation in (folder / PACKAGE / "api").rglob("*.py"):
        # Who may ask is the register's answer: what is public takes a client without a token, too.
        text = operation.read_text(encoding="utf-8")
        operation.write_text(text.replace(" client: AuthenticatedClient,", " client: AuthenticatedClient | Client,"))
    shutil.copy(HERE / "calling.py", folder / PACKAGE / "calling.py")


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _with_one_body(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with one kind of body for each operation: a form where a file may come, else JSON.

    Of two kinds with one shape the generated function would always send the second.
    """
    for operation in (part for path in contract["paths"].values() for part in path.values() if isinstance(part, dict)):
        content = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            kept = "multipart/form-data" if _takes_a_file(contract, content) else "application/json"
            operation["requestBody"]["content"] = {kept: content[kept]}
    return contract


def _takes_a_file(contract: dict[str, Any], content: dict[str, Any]) -> bool:
    schema = content["multipart/form-data"]["schema"]
    if "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return any(field.get("format") == "binary" for field in schema.get("properties", {}).values())


if __name__ == "__main__":
    try:
        generate(Path(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stdout}{error.stderr}")
