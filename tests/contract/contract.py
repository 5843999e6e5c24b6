"""The committed contract, read as a list of operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from registry.kernel.api import rights

PATH = Path(__file__).parents[2] / "registry" / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    http: str
    path: str
    spec: dict[str, Any]

    @property
    def is_command(self) -> bool:
        """Whether it may change something."""
        return any(parameter["name"] == "dry_run" for parameter in self.parameters)

    @property
    def is_list(self) -> bool:
        """Whether it answers pages."""
        return any(parameter["name"] == "cursor" for parameter in self.parameters)

    @property
    def is_file(self) -> bool:
        """Whether it answers a file."""
        return "application/json" not in self.spec["responses"].get("200", {}).get("content", {})

    @property
    def is_on_row(self) -> bool:
        """Whether its path names one row."""
        return "{id}" in self.path

    @property
    def resource(self) -> str:
        """The part of the path before the first key, such as `plan-actions`."""
        return self.path.removeprefix("/api/v1/").partition("/{")[0].strip("/")

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Its parameters, references followed."""
        return [resolved(parameter) for parameter in self.spec.get("parameters", ())]

    @property
    def body(self) -> dict[str, Any] | None:
        """The media type object of its JSON body."""
        return self.spec.get("requestBody", {}).get("content", {}).get("application/json")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The committed file."""
    with PATH.open("rb") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """`part`, or what its `$ref` points to."""
    while "$ref" in part:
        found: Any = document()
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


@lru_cache(maxsize=1)
def operations() -> dict[str, Operation]:
    """Every operation by its id."""
    return {operation.id: operation for operation in _read()}


def _read() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for http, spec in methods.items():
            if http in METHODS:
                yield Operation(spec["operationId"], http, path, spec)


def operation_id(right: str) -> str:
    """The operation id that belongs to a key of the rights table."""
    return right.translate(str.maketrans("-/.", "___"))


@lru_cache(maxsize=1)
def admitted() -> dict[str, frozenset[str]]:
    """Roles by operation id, from the rights table."""
    return {operation_id(key): roles for key, roles in rights.table().items()}
