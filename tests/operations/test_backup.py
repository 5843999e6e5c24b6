"""Backup and restore: nothing acknowledged is missing, nothing is sent, nothing is overwritten unasked.

Refusals are tried on the suite's own database, for they change nothing; what succeeds runs on a register of its
own, by the commands that an operator uses. The engine is that of the suite, so both forms are tried.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from registry.kernel import backup, clock
from registry.kernel.outbox.models import OutboxMessage

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

    def call(*argv: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return call


@pytest.fixture
def register(run: Run, environment: dict[str, str]) -> Path:
    """An empty register with one stored file; answers its folder."""
    run("manage.py", "migrate", "--skip-checks", "--verbosity=0")
    folder = Path(environment["DATA_DIR"])
    _store(folder)
    return folder


def _store(folder: Path) -> None:
    (folder / "files" / "reports").mkdir(parents=True)
    (folder / "files" / "reports" / "a.pdf").write_bytes(b"%PDF-1.7 small")


def _rows(run: Run) -> list[str]:
    return run("-c", READER).stdout.splitlines()


def test_a_restore_brings_everything_back_and_sends_nothing(run, register, tmp_path):
    run("-c", WRITER, str(tmp_path / "never"), "3")
    archive, second = tmp_path / "backup.tar.gz", tmp_path / "second.tar"
    run("manage.py", "backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0
    shutil.rmtree(register)

    done = run("manage.py", "restore", str(archive), "--force")

    assert done.stdout.startswith("Restored: database and 1 files. 3 waiting messages are held;")
    assert _rows(run) == ["fact-0 held", "fact-1 held", "fact-2 held"]
    assert (register / "files" / "reports" / "a.pdf").read_bytes() == b"%PDF-1.7 small"
    assert run("manage.py", "release_outbox").stdout == "3 messages released.\n"
    assert _rows(run) == ["fact-0 pending", "fact-1 pending", "fact-2 pending"]

    run("manage.py", "backup", str(second))
    again = run("manage.py", "restore", str(second), "--force")
    assert again.stdout.startswith("Restored: database and 1 files. 3 waiting messages are held;")


def test_a_backup_under_write_load_lacks_nothing_acknowledged(run, environment, register, tmp_path):
    stop, archive, acknowledged = tmp_path / "stop", tmp_path / "under-load.tar", []
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(stop), "100000"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    reading = threading.Thread(target=lambda: acknowledged.extend(line.strip() for line in writer.stdout), daemon=True)
    reading.start()
    while len(acknowledged) < 200:
        assert writer.poll() is None
        time.sleep(0.01)
    before = list(acknowledged)

    run("manage.py", "backup", str(archive))
    during = len(acknowledged) - len(before)
    stop.touch()
    writer.wait(30)
    reading.join(5)
    run("manage.py", "restore", str(archive), "--force")

    assert during > 0
    assert set(before) - {row.split()[0] for row in _rows(run)} == set()


# ── Refusals ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def here(tmp_path, settings, transactional_db) -> Path:
    """The suite's register with one waiting message and one stored file; answers an archive of it."""
    settings.DATA_DIR = tmp_path / "data"
    _store(settings.DATA_DIR)
    moment = clock.now()
    OutboxMessage.objects.create(key="fact", topic="test", due_at=moment, retry_at=moment, created_at=moment)
    archive = tmp_path / "backup.tar"
    backup.write(archive)
    return archive


def _altered(archive: Path, alter: Callable[[Path], object]) -> Path:
    unpacked, altered = archive.with_name("unpacked"), archive.with_name("altered.tar")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked)
    alter(unpacked)
    with tarfile.open(altered, "w") as tar:
        for file in sorted(unpacked.rglob("*")):
            if file.is_file():
                tar.add(file, file.relative_to(unpacked).as_posix())
    return altered


def _refusal(archive: Path, *, force: bool = True) -> str:
    with pytest.raises(backup.BackupRefused) as refusal:
        backup.restore(archive, force=force)
    return refusal.value.detail


def _assert_nothing_changed(archive: Path) -> None:
    assert list(OutboxMessage.objects.values_list("key", "state")) == [("fact", "pending")]
    assert archive.with_name("data").joinpath("files", "reports", "a.pdf").read_bytes() == b"%PDF-1.7 small"


def test_an_archive_is_not_overwritten(here):
    content = here.read_bytes()

    with pytest.raises(backup.BackupRefused) as refusal:
        backup.write(here)

    assert refusal.value.detail == f"{here} exists already."
    assert here.read_bytes() == content


def test_a_place_that_holds_something_is_not_overwritten(here):
    assert _refusal(here, force=False) == "There is a register here already. --force replaces it."
    _assert_nothing_changed(here)


def test_a_changed_archive_is_refused(here):
    altered = _altered(here, lambda place: (place / "files" / "reports" / "a.pdf").write_bytes(b"%PDF-1.7 other"))

    assert _refusal(altered) == "files/reports/a.pdf in the archive is not what was backed up."
    _assert_nothing_changed(here)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("format", 2, "This backup has form 2; this program reads form 1."),
        (
            "migrations",
            ["members.9999_from_the_future"],
            "The backup was made by a newer program: it knows members.9999_from_the_future.",
        ),
    ],
)
def test_a_backup_of_another_program_is_refused(here, key, value, expected):
    def alter(place: Path) -> None:
        manifest = json.loads((place / "manifest.json").read_text()) | {key: value}
        (place / "manifest.json").write_text(json.dumps(manifest))

    assert _refusal(_altered(here, alter)) == expected
    _assert_nothing_changed(here)


def test_an_archive_that_reaches_outside_is_refused(here, tmp_path):
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.add(ROOT / "manage.py", "../../evil.py")

    assert _refusal(evil) == "The archive holds '../../evil.py', which no backup does."
    assert list(tmp_path.rglob("evil.py")) == []
    _assert_nothing_changed(here)


def test_what_is_no_backup_is_refused(here, tmp_path):
    photo = tmp_path / "holiday.jpg"
    photo.write_bytes(b"\xff\xd8")

    assert _refusal(photo).startswith(f"{photo} is not a backup of a register")
    _assert_nothing_changed(here)
