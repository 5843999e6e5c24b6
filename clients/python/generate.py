"""Write the Python client of the committed contract into a folder: `python clients/python/generate.py build/client`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "registry" / "openapi.yaml"
PACKAGE = "the_code_register_client"


def generate(folder: Path) -> None:
    """The generated package, with `calling` beside it. A warning of the generator is a failure."""
    programs = Path(sys.executable).parent
    command = [programs / "openapi-python-client", "generate", "--path", CONTRACT, "--config", HERE / "config.yaml"]
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


if __name__ == "__main__":
    try:
        generate(Path(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stdout}{error.stderr}")
