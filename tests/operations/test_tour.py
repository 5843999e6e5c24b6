"""The tour of the README, to the letter: every block is run, and what is shown under it must come out.

A block that calls `make run` starts the register (again); all others run in one bash, as in a reader's
second terminal. A shown line may hold `…` where something differs each time.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.management.demo import LOGINS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PATIENCE_SECONDS = 120
BLOCK = re.compile(r"^```(bash|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DONE = "--- end of block ---"

pytestmark = [pytest.mark.tour]


@dataclass(frozen=True)
class Block:
    """Commands of the tour and what the README shows under them; None where it shows nothing."""

    commands: str
    shown: str | None


def blocks() -> list[Block]:
    """The blocks between the marks of the tour, wherever it goes on."""
    stages = re.findall(r"<!-- tour -->(.*?)<!-- /tour -->", README.read_text(encoding="utf-8"), re.DOTALL)
    found: list[Block] = []
    for kind, text in BLOCK.findall("".join(stages)):
        if kind == "bash":
            found.append(Block(text, None))
        else:
            found[-1] = Block(found[-1].commands, text)
    return found


def is_start(block: Block) -> bool:
    """Whether the block belongs to the first terminal."""
    return block.commands.rstrip().endswith("make run")


class Reader:
    """Somebody with two terminals: one holds the register, one the tour."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = _free_port(), folder
        left_out = {"DATABASE_URL", "BROKER_URL", "MAIL_URL", "CACHE_URL", "REGISTRY_NOW"}
        self.environment = {name: value for name, value in os.environ.items() if name not in left_out}
        self.environment |= {
            "PORT": str(self.port),
            "DATA_DIR": str(folder),
            "URL": f"http://localhost:{self.port}",
            "PYTHON": sys.executable,
        }
        self.register: subprocess.Popen[str] | None = None
        self.shell = subprocess.Popen(
            ["bash"], cwd=ROOT, env=self.environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def starts(self, block: Block) -> None:
        """Stop the register that runs, and start one as the block says (without installing again)."""
        self.stops()
        shift = dict(part.split("=", 1) for part in shlex.split(block.commands) if "=" in part)
        with (self.folder.parent / "register.log").open("a", encoding="utf-8") as log:
            self.register = subprocess.Popen(
                [sys.executable, "manage.py", "run"], cwd=ROOT, env=self.environment | shift, text=True,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self.register.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.3)

    def stops(self) -> None:
        """Ctrl-C, and wait."""
        if self.register is not None:
            self.register.send_signal(signal.SIGINT)
            assert self.register.wait(timeout=40) == 0, self.log()
            self.register = None

    def runs(self, block: Block) -> str:
        """What the commands print."""
        assert self.shell.stdin is not None
        assert self.shell.stdout is not None
        # Whoever waits for what never comes is sent home: the block then ends with what was printed so far.
        patience = threading.Timer(PATIENCE_SECONDS, self.shell.kill)
        patience.start()
        self.shell.stdin.write(f"{block.commands}\necho '{DONE}'\n")
        self.shell.stdin.flush()
        printed = ""
        for line in iter(self.shell.stdout.readline, ""):
            printed += line
            if line.endswith(f"{DONE}\n"):
                break
        patience.cancel()
        return printed.replace(f"{DONE}\n", "")

    def leaves(self) -> None:
        """Close both terminals, whatever happened."""
        self.shell.kill()
        self.shell.wait()
        if self.register is not None and self.register.poll() is None:
            os.killpg(self.register.pid, signal.SIGKILL)
            self.register.wait()

    def log(self) -> str:
        """The end of what the register said."""
        return (self.folder.parent / "register.log").read_text(encoding="utf-8")[-4000:]

    def reads_mailbox(self) -> str:
        """The page of the mail box, after logging in as the secretariat by the form."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        login = f"http://localhost:{self.port}/accounts/login/"
        page = browser.open(login).read().decode()
        secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert secret is not None
        form = {"csrfmiddlewaretoken": secret[1], "login": LOGINS[0].email, "password": LOGINS[0].password}
        browser.open(login, urllib.parse.urlencode(form).encode())
        return browser.open(f"http://localhost:{self.port}/mailbox/").read().decode()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/healthz/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Somebody who follows the README."""
    somebody = Reader(tmp_path / "data")
    yield somebody
    somebody.leaves()


def test_the_tour_works_to_the_letter(reader: Reader) -> None:
    told = ""

    for block in blocks():
        if is_start(block):
            reader.starts(block)
            continue
        printed = reader.runs(block)
        told += printed
        assert block.shown is None or _matches(block.shown, printed), f"{block.commands}\nprinted:\n{printed}"

    assert "active  TC-BE-00015  2026-11-23" in told
    assert "0.80  4  5  0.80" in told
    assert re.search(r"^Subject: \[DEMO\] Report 2027 of Hotel Fictif Royal \(DEMO\)", told, re.MULTILINE)
    assert re.search(r"^Message-ID: <[0-9a-f-]{36}@", told, re.MULTILINE)
    assert "Report 2027 of Hotel Fictif Royal" in reader.reads_mailbox()
    reader.stops()


def test_every_block_of_the_tour_shows_what_came_out() -> None:
    quiet = [block.commands for block in blocks() if block.shown is None and not is_start(block)]

    assert len(quiet) == 1, "only the words for the tour print nothing"
    assert "pick()" in quiet[0]


def _matches(shown: str, printed: str) -> bool:
    pattern = re.escape(shown.strip()).replace("…", ".*")
    return re.fullmatch(pattern, printed.strip()) is not None


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
