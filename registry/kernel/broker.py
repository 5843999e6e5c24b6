"""The embedded broker: kombu's filesystem transport, made safe, behind `embedded://`.

The broker is only a doorbell, the database holds the work; so a folder of small files serves. As
shipped, the transport gives a message its final name before its content (a reader that comes in
between gets half of it, and the worker ends) and moves what it took to the system's temporary
folder, perhaps on another disk. Here every file is written whole under another name and then
renamed, and taking a message is one rename: of two workers only one can succeed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

ALIAS = "embedded"
# A bell is answered within a second: 0.2 s between two looks costs under 1 % of a core.
POLLING_SECONDS = 0.2


def _write_whole(file: Path, content: str) -> None:
    """Let `file` appear with all its content at once."""
    draft = file.with_name(f".{uuid4().hex}.part")
    draft.write_text(content, encoding="utf-8")
    draft.replace(file)


class Channel(filesystem.Channel):
    """Messages as files: `<moment>_<random>.<queue>.msg`."""

    def _put(self, queue: str, payload: dict[str, Any], **options: Any) -> None:  # type: ignore[override]
        # The wall clock, not kombu's monotonic one: that starts again with the machine.
        name = f"{time.time_ns():020d}_{uuid4().hex}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.startswith(".") or name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".{name}.taken"
            with suppress(FileNotFoundError):  # another worker was quicker
                (folder / name).rename(taken)
                payload = taken.read_text(encoding="utf-8")
                taken.unlink()
                return loads(payload)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._bindings_locked():
            rows = self.get_table(exchange)
            if row not in rows:
                _write_whole(self._exchange_file(exchange), dumps([row, *rows]))

    @contextmanager
    def _bindings_locked(self) -> Iterator[None]:
        """One writer of bindings at a time: web, worker and beat all declare at their start."""
        with (Path(self.control_folder) / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """The transport behind `embedded://`."""

    Channel = Channel
    driver_type = driver_name = ALIAS

    def __init__(self, client: Connection, **options: Any) -> None:
        super().__init__(client, **options)
        # The shipped class has one state per process: a binding made in one folder counts as made in all.
        self.state = virtual.BrokerState()


# kombu refuses a dotted name in a URL, so the transport gets a short one.
TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
# Imported with the first connection: who has no Redis needs no client of it.
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = f"{__name__}_redis:Transport"


def url_for_kombu(broker_url: str) -> str:
    """The URL with a host: kombu warns of an embedded one without."""
    return f"{ALIAS}://localhost/" if urlsplit(broker_url).scheme == ALIAS else broker_url


def transport_options(broker_url: str, folder: Path, *, longest_task_seconds: int) -> dict[str, Any]:
    """kombu's options for a broker URL; `folder` holds the embedded queue and is made when missing."""
    # Without bounds a publisher waits for ever for a broker that is down; the sweeper finds what no bell rang for.
    patience = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
    scheme = urlsplit(broker_url).scheme
    if scheme == ALIAS:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = str(folder)
        return {
            **patience,
            "data_folder_in": place,
            "data_folder_out": place,
            "control_folder": place,
            "polling_interval": POLLING_SECONDS,
        }
    if scheme in {"redis", "rediss"}:
        return {
            **patience,
            # One try: a host that swallows packets, or a server that takes the call and says nothing, costs a
            # request one second. Without `socket_timeout` the latter costs a thread for ever.
            "max_retries": 0,
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            # Redis gives a message again after this time: always longer than the longest task.
            "visibility_timeout": longest_task_seconds + 60,
            # Look for messages of dead workers every 10 s, not on every tenth look only.
            "unacked_restore_throttle": 1,
        }
    return patience


def answers(broker_url: str, options: dict[str, Any], *, timeout: float = 2) -> bool:
    """Whether a publisher could reach the broker now; never longer than about twice `timeout`."""
    try:
        with Connection(url_for_kombu(broker_url), transport_options=options, connect_timeout=timeout) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=timeout)
            if urlsplit(broker_url).scheme == ALIAS:
                return os.access(options["data_folder_out"], os.W_OK | os.X_OK)
            return True
    except Exception:  # noqa: BLE001 (each transport raises classes of its own, down is down)
        return False
