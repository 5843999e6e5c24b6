"""Declarations of operations: what a view method takes, answers and may refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from rest_framework import serializers

IfMatch = Literal["no", "optional", "required"]
PLAIN_NAMES = {"create": "post", "update": "patch", "replace": "put", "destroy": "delete"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of a resource, beside its method."""

    name: str
    http_method: str
    is_command: bool
    detail: bool = False
    path: str | None = None
    summary: str = ""
    body: type[serializers.Serializer] | None = None
    params: type[serializers.Serializer] | None = None
    many: bool = False
    max_items: int = 1000
    answer: Any = None
    answer_many: bool = False
    media_type: str | None = None
    public_seconds: int = 0
    status: int = 200
    if_match: IfMatch = "no"
    errors: tuple[int, ...] = ()
    example: Any = None
    keep_answer: bool = True
    changes: bool = True
    deprecated: bool = False

    @property
    def segment(self) -> str:
        """The path below the collection or the row; empty for the plain operations."""
        if self.path is not None:
            return self.path
        return "" if self.name in PLAIN_NAMES else self.name.replace("_", "-")


def command(
    *,
    detail: bool | None = None,
    method: str | None = None,
    path: str | None = None,
    summary: str,
    body: type[serializers.Serializer] | None = None,
    params: type[serializers.Serializer] | None = None,
    many: bool = False,
    max_items: int = 1000,
    answer: Any = None,
    answer_many: bool = False,
    status: int | None = None,
    if_match: IfMatch = "no",
    errors: tuple[int, ...] = (),
    example: Any = None,
    keep_answer: bool = True,
    changes: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an unsafe operation. The method gets a `Call` inside one transaction.

    It returns a model instance or key (answered as the view's `row`), or plain data with `answer`,
    or None (204). `create`, `update`, `replace`, `destroy` bind to the collection or the row itself;
    any other name, or `path`, is a sub-path. `many` takes a list body too. `keep_answer=False` where
    the answer holds a secret. `params` declares query parameters, found in the call's `url`. `changes=False` for a
    question too long for a URL: no transaction, no dry run, no Idempotency-Key.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__
        on_row = (name in {"update", "replace", "destroy"}) if detail is None else detail
        function.operation = Operation(  # type: ignore[attr-defined]
            name=name,
            http_method=(method or PLAIN_NAMES.get(name, "post")).lower(),
            is_command=True,
            detail=on_row,
            path=path,
            summary=summary,
            body=body,
            params=params,
            many=many,
            max_items=max_items,
            answer=answer,
            answer_many=answer_many,
            status=status or (201 if name == "create" and answer is None else 200),
            if_match=if_match,
            errors=errors,
            example=example,
            keep_answer=keep_answer,
            changes=changes,
        )
        return function

    return declare


def query(
    *,
    detail: bool = False,
    path: str | None = None,
    summary: str,
    params: type[serializers.Serializer] | None = None,
    answer: Any = None,
    answer_many: bool = False,
    media_type: str | None = None,
    public_seconds: int = 0,
    errors: tuple[int, ...] = (),
    example: Any = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a safe operation besides list and read. The method gets a `Call` and returns plain data.

    `params` declares the query parameters; `answer` the shape for the contract, or `media_type` what kind of
    file a method that returns a response of its own answers. `public_seconds`: how long anybody may keep it.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        function.operation = Operation(  # type: ignore[attr-defined]
            name=function.__name__,
            http_method="get",
            is_command=False,
            detail=detail,
            path=path,
            summary=summary,
            params=params,
            answer=answer,
            answer_many=answer_many,
            media_type=media_type,
            public_seconds=public_seconds,
            errors=errors,
            example=example,
        )
        return function

    return declare
