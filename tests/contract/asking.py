"""From a specimen to a request that is ready to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache

from tests.contract.contract import Operation
from tests.contract.places import Caller, Place
from tests.contract.specimens.specimen import Specimen

ABSENT = UUID("01900000-0000-7000-8000-00000000dead")


@dataclass(frozen=True)
class Request:
    """One request; every row that it needs is there."""

    http: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]

    def where(self, **query: str) -> str:
        """The path with the query that the request needs, and more."""
        asked = {**self.query, **query}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path

    def send(self, caller: Caller, **options: Any) -> Any:
        """The answer. If-Match takes any version."""
        cache.clear()  # a throttle of one caller must not answer another
        if self.http == "get":
            return caller.client.get(self.path, headers=self.headers, **self.query)
        sent = {"if_match": "*", "headers": self.headers, **options}
        return getattr(caller.client, self.http)(self.where(), self.body, **sent)


def ask(
    operation: Operation, specimen: Specimen, place: Place, *, row_in: Place | None = None, key: Any = None
) -> Request:
    """The request that the specimen describes, made in `place`; on a row of `row_in`, or with another `key`."""
    row = specimen.row(row_in or place) if specimen.row else None
    path = operation.path.format(id=key or (ABSENT if row is None else row.pk), **specimen.path)
    query = specimen.query(place, row) if specimen.query else {}
    body = specimen.body(place, row) if specimen.body else None
    return Request(operation.http, path, query, body, specimen.headers)
