"""What a view method is given: one validated request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from registry.kernel.errors import Fault


@dataclass
class Call:
    """One request after rights, scope and validation.

    `at`: business moment; `on`: the day asked about (`valid_on`, else today); `id`: key of the detail row;
    `version`: of If-Match, None when not sent; `data`: validated body or query; `url`: further path parts;
    `item_faults`: for list bodies, faults by index of the items that are missing in `data`.
    """

    request: Request
    scope: Any
    at: datetime
    on: date
    id: Any = None
    version: int | None = None
    data: Any = None
    url: dict[str, Any] = field(default_factory=dict)
    item_faults: dict[int, list[Fault]] = field(default_factory=dict)
    indexes: list[int] = field(default_factory=list)

    @property
    def uuid(self) -> UUID:
        """`id` where the key is a UUID."""
        assert isinstance(self.id, UUID)
        return self.id
