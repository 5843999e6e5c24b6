"""The supervisor: restarts what dies, leaves no orphan, stops cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.kernel.supervisor import AlreadyRunning, lock_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 15

# A child that notes its own id and that of a grandchild, as a worker with a pool would have one.
CHILD = """
import os, signal, subprocess, sys, time
pool = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with open(sys.argv[1], "a") as notes:
    notes.write(f"{os.getpid()} {pool.pid}\\n")
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
print("hello", flush=True)
time.sleep(60)
"""
PARENT = """
import sys
from registry.kernel import supervisor
notes, kind, grace = sys.argv[1:]
child = supervisor.Child("child", [sys.executable, "-c", open(notes + ".py").read(), notes, kind])
one = supervisor.Supervisor([child], write=lambda line: print(line, flush=True), grace_seconds=float(grace))
sys.exit(one.run())
"""


@pytest.fixture
def supervise(tmp_path):
    """Start a supervisor of one child; what is left of it is killed at the end."""
    started: list[subprocess.Popen] = []
    notes = tmp_path / "notes"
    (tmp_path / "notes.py").write_text(CHILD)

    def start(kind: str = "polite", grace: float = 5):
        argv = [sys.executable, "-c", PARENT, str(notes), kind, str(grace)]
        process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process, notes

    yield start
    for process in started:
        process.kill()
        process.wait()
    for pids in _pids(notes):
        for pid in pids:
            if _is_alive(pid):
                os.kill(pid, signal.SIGKILL)


def _pids(notes: Path) -> list[tuple[int, ...]]:
    if not notes.exists():
        return []
    return [tuple(map(int, line.split())) for line in notes.read_text().splitlines()]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait(condition) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_killed_child_is_started_again_and_its_pool_is_gone(supervise):
    process, notes = supervise()
    _wait(lambda: len(_pids(notes)) == 1)
    (leader, pool) = _pids(notes)[0]

    os.kill(leader, signal.SIGKILL)
    _wait(lambda: len(_pids(notes)) == 2)

    assert not _is_alive(pool)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert "run   | child ended (SIGKILL); starting it again in 1 s." in output.splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_clean_and_leaves_nothing(supervise, number):
    process, notes = supervise()
    _wait(lambda: len(_pids(notes)) == 1)
    assert process.stdout.readline() == "child | hello\n"

    process.send_signal(number)
    output, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0
    assert output.splitlines() == ["run   | Stopping; at most 5 s.", "child | bye", "run   | Stopped."]
    _wait(lambda: not any(_is_alive(pid) for pid in _pids(notes)[0]))


def test_who_does_not_hear_is_killed_after_the_grace(supervise):
    process, notes = supervise(kind="deaf", grace=0.5)
    _wait(lambda: len(_pids(notes)) == 1)
    assert process.stdout.readline() == "child | hello\n"

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert output.splitlines()[-1] == "run   | Stopped; had to kill child."
    _wait(lambda: not any(_is_alive(pid) for pid in _pids(notes)[0]))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death")
def test_a_killed_supervisor_takes_its_children_along(supervise):
    process, notes = supervise()
    _wait(lambda: len(_pids(notes)) == 1)
    assert process.stdout.readline() == "child | hello\n"

    process.kill()

    _wait(lambda: not _is_alive(_pids(notes)[0][0]))


def test_one_folder_has_one_register(tmp_path):
    with lock_of(tmp_path), pytest.raises(AlreadyRunning), lock_of(tmp_path):
        pass

    with lock_of(tmp_path) as descriptor:
        assert descriptor > 0
