"""Backup and restore: nothing acknowledged is missing, nothing is sent, nothing is overwritten unasked.

On a register of its own in a temporary folder, by the commands that an operator uses: the engine is that of
the suite (TEST_DATABASE_URL), so both forms are tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Writes messages one by one and says each only when it is committed, until the file `stop` appears.
WRITER = """
import sys, pathlib, uuid
import django; django.setup()
from registry.kernel import clock
from registry.kernel.outbox.models import OutboxMessage
stop, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
for number in range(count):
    if stop.exists(): break
    moment = clock.now()
    OutboxMessage.objects.create(key=f"fact-{number}", topic="test", due_at=moment, retry_at=moment, created_at=moment)
    print(f"fact-{number}", flush=True)
"""
READER = """
import django; django.setup()
from registry.kernel.outbox.models import OutboxMessage
for key, state in OutboxMessage.objects.order_by("created_at", "key").values_list("key", "state"):
    print(key, state)
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a register of its own: a folder, and on PostgreSQL a database."""
    own = os.environ | {"DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "registry.settings"}
    own |= {"BROKER_URL": "embedded://", "PYTHONPATH": str(ROOT)}
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server.startswith("postgres"):
        own.pop("DATABASE_URL", None)
        yield own
        return
    import psycopg

    name = f"test_backup_{uuid.uuid4().hex}"
    parts = urlsplit(server)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield own | {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a program of this project in the register's environment."""

    def call(*argv: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return call


@pytest.fixture
def filled(run: Run, environment: dict[str, str], tmp_path: Path) -> Path:
    """A register with three waiting messages and one stored file; answers its folder."""
    run("manage.py", "migrate", "--verbosity=0")
    run("-c", WRITER, str(tmp_path / "never"), "3")
    data = Path(environment["DATA_DIR"])
    (data / "files" / "reports").mkdir(parents=True)
    (data / "files" / "reports" / "a.pdf").write_bytes(b"%PDF-1.7 small")
    return data


def _rows(run: Run) -> list[str]:
    return run("-c", READER).stdout.splitlines()


def _archive_of(run: Run, tmp_path: Path, name: str = "backup.tar") -> Path:
    archive = tmp_path / name
    run("manage.py", "backup", str(archive))
    return archive


def _empty(environment: dict[str, str], data: Path) -> None:
    """As on a new machine: no file; on PostgreSQL the tables stay, which a restore must be forced to replace."""
    import shutil

    shutil.rmtree(data)


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz"])
def test_a_restore_brings_everything_back_and_sends_nothing(run, environment, filled, tmp_path, name):
    archive = _archive_of(run, tmp_path, name)
    assert archive.stat().st_mode & 0o077 == 0
    _empty(environment, filled)

    done = run("manage.py", "restore", str(archive), "--force")

    assert done.stdout.startswith("Restored: database and 1 files. 3 waiting messages are held;")
    assert _rows(run) == ["fact-0 held", "fact-1 held", "fact-2 held"]
    assert (filled / "files" / "reports" / "a.pdf").read_bytes() == b"%PDF-1.7 small"
    assert run("manage.py", "release_outbox").stdout == "3 messages released.\n"
    assert _rows(run) == ["fact-0 pending", "fact-1 pending", "fact-2 pending"]


def test_a_backup_of_a_restored_register_can_be_restored(run, environment, filled, tmp_path):
    run("manage.py", "restore", str(_archive_of(run, tmp_path, "first.tar")), "--force")
    second = _archive_of(run, tmp_path, "second.tar")

    run("manage.py", "restore", str(second), "--force")

    assert _rows(run) == ["fact-0 held", "fact-1 held", "fact-2 held"]


def test_a_place_that_holds_something_is_not_overwritten(run, filled, tmp_path):
    archive = _archive_of(run, tmp_path)

    again = run("manage.py", "backup", str(archive), code=1)
    refused = run("manage.py", "restore", str(archive), code=1)

    assert again.stderr == f"CommandError: {archive} exists already.\n"
    assert refused.stderr == "CommandError: There is a register here already. --force replaces it.\n"
    assert _rows(run) == ["fact-0 pending", "fact-1 pending", "fact-2 pending"]


def test_a_changed_archive_is_refused(run, filled, tmp_path):
    archive = _archive_of(run, tmp_path)
    unpacked = tmp_path / "unpacked"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked)
    (unpacked / "files" / "reports" / "a.pdf").write_bytes(b"%PDF-1.7 other")
    changed = tmp_path / "changed.tar"
    with tarfile.open(changed, "w") as tar:
        for file in sorted(unpacked.rglob("*")):
            if file.is_file():
                tar.add(file, file.relative_to(unpacked).as_posix())

    refused = run("manage.py", "restore", str(changed), "--force", code=1)

    assert refused.stderr == "CommandError: files/reports/a.pdf in the archive is not what was backed up.\n"
    assert _rows(run) == ["fact-0 pending", "fact-1 pending", "fact-2 pending"]


def test_an_archive_that_reaches_outside_is_refused(run, filled, tmp_path):
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.add(ROOT / "manage.py", "../../evil.py")

    refused = run("manage.py", "restore", str(evil), "--force", code=1)

    assert refused.stderr == "CommandError: The archive holds '../../evil.py', which no backup does.\n"
    assert list(tmp_path.rglob("evil.py")) == []


def test_a_backup_of_a_newer_program_is_refused(run, filled, tmp_path):
    archive = _archive_of(run, tmp_path)
    unpacked = tmp_path / "unpacked"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked)
    manifest = json.loads((unpacked / "manifest.json").read_text())
    manifest["migrations"].append("members.9999_from_the_future")
    (unpacked / "manifest.json").write_text(json.dumps(manifest))
    newer = tmp_path / "newer.tar"
    with tarfile.open(newer, "w") as tar:
        for file in sorted(unpacked.rglob("*")):
            if file.is_file():
                tar.add(file, file.relative_to(unpacked).as_posix())

    refused = run("manage.py", "restore", str(newer), "--force", code=1)

    text = "CommandError: The backup was made by a newer program: it knows members.9999_from_the_future.\n"
    assert refused.stderr == text


def test_what_is_no_backup_is_refused(run, filled, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")

    refused = run("manage.py", "restore", str(tmp_path / "holiday.jpg"), "--force", code=1)

    assert "is not a backup of a register" in refused.stderr


def test_a_backup_under_write_load_lacks_nothing_acknowledged(run, environment, filled, tmp_path):
    stop = tmp_path / "stop"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.replace("fact-", "load-"), str(stop), "100000"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    acknowledged: list[str] = []
    reading = threading.Thread(target=lambda: acknowledged.extend(line.strip() for line in writer.stdout), daemon=True)
    reading.start()
    archives, before = [], []
    while len(acknowledged) < 20:
        assert writer.poll() is None
    for number in range(3):
        before.append(len(acknowledged))
        archives.append(_archive_of(run, tmp_path, f"under-load-{number}.tar"))
    stop.touch()
    writer.wait(30)
    reading.join(5)

    for archive, count in zip(archives, before, strict=True):
        run("manage.py", "restore", str(archive), "--force")

        restored = {row.split()[0] for row in _rows(run)}
        assert set(acknowledged[:count]) - restored == set()
    assert before[2] > before[0] >= 20
