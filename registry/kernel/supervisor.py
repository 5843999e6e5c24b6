"""Several processes as one: started together, restarted alone, stopped cleanly.

Each child leads a process group of its own. When it dies, the whole group is killed before the next one
starts: the pool of a killed worker lives on otherwise and holds its task, its lease and its connection.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 20.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
# A child that ran this long was healthy: its next death starts again with the short pause.
HEALTHY_SECONDS = 60.0
LOOK_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1

Write = Callable[[str], object]


class AlreadyRunning(Exception):
    """Another register works in the folder."""


@contextmanager
def lock_of(folder: Path) -> Iterator[int]:
    """Make `folder` and hold its lock, as a descriptor that children may inherit; AlreadyRunning when held.

    An inherited lock is held until the last process that has it ends, so orphans count as running.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Another register works in {folder}.") from None
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass
class Child:
    """One program to keep alive; `pass_fds` are inherited, such as a listening socket."""

    name: str
    argv: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[str] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    starts_at: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE_SECONDS, init=False)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux: stop when the supervisor itself is killed, instead of living on without one."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # loaded before the fork
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to the group that `process` leads or led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


class Supervisor:
    """Keeps `children` alive until SIGINT or SIGTERM; `on_tick` is called about ten times a second."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        write: Write,
        on_tick: Callable[[], None] = lambda: None,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self.children = children
        self.write = write
        self.on_tick = on_tick
        self.grace_seconds = grace_seconds
        self._stopping = False
        self._width = max(len(child.name) for child in children)

    def run(self) -> int:
        """Run until told to stop; 0 after a clean stop, 1 when a child had to be killed."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        for child in self.children:
            self._start(child)
        while not self._stopping:
            for child in self.children:
                self._look_after(child)
            self.on_tick()
            time.sleep(LOOK_SECONDS)
        return self._stop_all()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=child.pass_fds,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 (one system call, no lock is taken)
        )
        child.started_at = time.monotonic()
        threading.Thread(target=self._forward, args=(child.name, child.process), daemon=True).start()

    def _forward(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.write(f"{name:<{self._width}} | {line.rstrip()}")

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.starts_at:
                self._start(child)
            return
        if (code := child.process.poll()) is None:
            return
        signal_group(child.process, signal.SIGKILL)
        was_healthy = time.monotonic() - child.started_at >= HEALTHY_SECONDS
        child.pause = FIRST_PAUSE_SECONDS if was_healthy else child.pause
        self._say(f"{child.name} ended ({_reason(code)}); starting it again in {child.pause:g} s.")
        child.process, child.starts_at = None, time.monotonic() + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE_SECONDS)

    def _stop_all(self) -> int:
        self._say(f"Stopping; at most {self.grace_seconds:g} s.")
        running = [(child, child.process) for child in self.children if child.process is not None]
        for _, process in running:
            # Only the leader: gunicorn and Celery let their own children finish.
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + self.grace_seconds
        killed = []
        for child, process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                killed.append(child.name)
            signal_group(process, signal.SIGKILL)
            process.wait()
        self._say(f"Stopped; had to kill {', '.join(killed)}." if killed else "Stopped.")
        return 1 if killed else 0

    def _say(self, text: str) -> None:
        self.write(f"{'run':<{self._width}} | {text}")


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
