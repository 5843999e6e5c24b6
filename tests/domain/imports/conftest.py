"""What imports are tried with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from members.imports.models import Import, ImportRow
from tests.factories.imports import make_import

OPTIONS = {"name": "Option", "kind": "ngo"}


@pytest.fixture
def labels(db: None) -> Callable[..., list[Any]]:
    """Imports rows and tells label and codes of each: `("create",)`, `("error", "name required")`."""

    def told(kind: str, *rows: dict[str, str]) -> list[Any]:
        return labels_of(make_import(*rows, kind=kind))

    return told


def labels_of(upload: Import) -> list[tuple[str, ...]]:
    """Label and codes of each row."""
    return [
        (row.label, *(f"{fault['column']} {fault['code']}".strip() for fault in row.faults))
        for row in ImportRow.objects.filter(upload=upload).order_by("number")
    ]
