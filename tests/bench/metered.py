"""One door of every measured server: what it has used so far, by its own accounting."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

DOOR = "/__used__"


def used() -> bytes:
    """CPU nanoseconds of this process, all threads, and its peak memory in KiB since it was last asked."""
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
    Path("/proc/self/clear_refs").write_text("5")
    return json.dumps({"cpu_ns": time.process_time_ns(), "peak_kib": peak}).encode()


def _target() -> Any:
    module, _, name = os.environ["BENCH_APP"].partition(":")
    return getattr(import_module(module), name)


def metered(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A WSGI application with the door."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != DOOR:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [used()]

    return application


def metered_async(app: Any) -> Any:
    """An ASGI application with the door."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != DOOR:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": used()})

    return application


def __getattr__(name: str) -> Any:
    """`wsgi` or `asgi`: the application that BENCH_APP names, with the door; made when the server asks."""
    makers = {"wsgi": metered, "asgi": metered_async}
    if name not in makers:
        raise AttributeError(name)
    return makers[name](_target())
