"""The import contracts name every capability that exists: a new folder can't stand outside the walls."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INTERFACES = {"api", "management", "migrations", "data", "templates", "locale", "static", "templatetags"}


def _capabilities() -> set[str]:
    return {
        f"{package}.{folder.name}"
        for package in ("members", "codesign")
        for folder in (ROOT / package).iterdir()
        if (folder / "__init__.py").exists() and folder.name not in INTERFACES
    }


def _contract(name: str) -> dict:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["id"] == name)


def test_every_capability_has_its_floor():
    layers = {
        part.strip(" ()") for layer in _contract("floors")["layers"] for part in layer.replace(":", "|").split("|")
    }

    assert _capabilities() - layers == set()


@pytest.mark.parametrize(("contract", "key"), [("roles", "containers"), ("no-web", "source_modules")])
def test_every_capability_is_inside_the_other_walls(contract, key):
    assert _capabilities() - set(_contract(contract)[key]) == set()
