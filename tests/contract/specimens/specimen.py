"""What it takes to call one operation once and well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.places import Place

Row = Callable[[Place], Any]
Body = Callable[[Place, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """How to make the row that the operation is about, and what to send.

    `row` makes it in a place; None for operations on no row. `body` and `query` get the place and the row.
    `is_shared`: whoever is admitted sees every row, so that none is foreign. `hides_from_all`: what is made
    in a foreign place is hidden from those too who see everything. `refs`: keys of the body that name other
    rows, which must not tell a foreign from an absent one. `status`: of a good call.
    """

    row: Row | None = None
    body: Body | None = None
    query: Body | None = None
    path: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    is_shared: bool = False
    hides_from_all: bool = False
    refs: tuple[str, ...] = ()
    status: int = 200


def reads(resource: str, row: Row, **options: Any) -> dict[str, Specimen]:
    """List and read of one resource."""
    specimen = Specimen(row=row, **options)
    return {f"{resource}_list": specimen, f"{resource}_read": specimen}


def sent(**body: Any) -> Body:
    """A body that depends on nothing."""
    return lambda place, row: body
