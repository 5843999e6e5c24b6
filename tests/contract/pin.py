"""Write down what must not change: `python -m tests.contract.pin` after adding operations or enum values.

Adds what is new. What has gone stays in the file and fails the tests: a name that clients use is not dropped.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contract.contract import document, operations

PATH = Path(__file__).with_name("pinned.json")


# In no release, and gone again: nobody's client breaks.
TAKEN_BACK = frozenset({"figures_series"})


def pinned() -> dict[str, Any]:
    """The file."""
    return json.loads(PATH.read_text(encoding="utf-8"))


def enums() -> dict[str, list[str]]:
    """Values by enum, of the committed contract."""
    schemas = document()["components"]["schemas"]
    return {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}


def added(before: dict[str, Any]) -> dict[str, Any]:
    """The file with what is new."""
    kept, now = before["enums"], enums()
    values = {name: sorted({*kept.get(name, ()), *now.get(name, ())}) for name in sorted({*kept, *now})}
    return {"operations": sorted({*before["operations"], *operations()} - TAKEN_BACK), "enums": values}


if __name__ == "__main__":
    PATH.write_text(json.dumps(added(pinned()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
