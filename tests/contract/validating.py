"""Whether a value is what the contract declares, and nothing beyond it."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from tests.contract.contract import document


@lru_cache(maxsize=1)
def closed_components() -> dict[str, Any]:
    """The components, with no key beyond those that are declared."""
    components = deepcopy(document()["components"])
    for schema in components["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return components


def validator_of(schema: dict[str, Any]) -> Validator:
    """Checks formats too."""
    closed = {**schema, "components": closed_components()}
    return Draft202012Validator(closed, format_checker=Draft202012Validator.FORMAT_CHECKER)
