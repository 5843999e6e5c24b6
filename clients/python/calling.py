"""What every caller needs beside the generated operations: refusals as exceptions, rows over pages, and waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from .models.problem import Problem

__all__ = ["ProblemError", "good", "rows", "rows_async", "wait", "wait_async"]

T = TypeVar("T")
Row = TypeVar("Row")


class Page(Protocol[Row]):
    """One page of a list."""

    results: list[Row]
    next_: str | None


class ProblemError(Exception):
    """A refusal of the register. Branch on `code`, which never changes; show the text."""

    def __init__(self, problem: Problem) -> None:
        faults = [f"{fault.pointer}: {fault.message}" for fault in problem.errors or []]
        super().__init__(" ".join([problem.detail or problem.title, *faults]))
        self.problem = problem
        self.status = problem.status
        self.code = problem.code


def good(answer: T | Problem | None) -> T:
    """The answer, where it is one. Raises ProblemError for a refusal."""
    if isinstance(answer, Problem):
        raise ProblemError(answer)
    if answer is None:
        raise RuntimeError("The register answered something that the contract does not name.")
    return answer


def rows(ask: Callable[..., Page[Row] | Problem | None], **asked: Any) -> Iterator[Row]:
    """The rows of a list, page after page: `rows(companies_list.sync, client=client, country=["BE"])`."""
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        page = good(ask(**asked, **cursor))
        yield from page.results
        cursor = _cursor(page.next_)


async def rows_async(ask: Callable[..., Awaitable[Page[Row] | Problem | None]], **asked: Any) -> AsyncIterator[Row]:
    """The same with an `asyncio` operation."""
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        page = good(await ask(**asked, **cursor))
        for row in page.results:
            yield row
        cursor = _cursor(page.next_)


def wait(look: Callable[[], T], done: Callable[[T], bool], *, every: float = 1, within: float = 120) -> T:
    """Look again until `done`; what was seen last. Raises TimeoutError after `within` seconds."""
    last = time.monotonic() + within
    while not done(seen := look()):
        if time.monotonic() > last:
            raise TimeoutError(f"Not done within {within} seconds.")
        time.sleep(every)
    return seen


async def wait_async(
    look: Callable[[], Awaitable[T]], done: Callable[[T], bool], *, every: float = 1, within: float = 120
) -> T:
    """The same with a coroutine."""
    last = time.monotonic() + within
    while not done(seen := await look()):
        if time.monotonic() > last:
            raise TimeoutError(f"Not done within {within} seconds.")
        await asyncio.sleep(every)
    return seen


def _cursor(address: str | None) -> dict[str, str] | None:
    """The place of the next page; None after the last."""
    return None if address is None else {"cursor": parse_qs(urlsplit(address).query)["cursor"][0]}
