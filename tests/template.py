"""A migrated database, made once for each state of the migrations and copied for every test process.

Migrating costs more than most runs of a few tests; a copy costs nothing. The template of older migrations goes away.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "test-template"


@contextmanager
def copied_database() -> Iterator[None]:
    """The connection of this process leads to a copy of its own, which is dropped afterwards."""
    name = connection.creation._get_test_db_name()
    with _alone():
        _copy(_template(), name)
    _lead_to(name)
    yield
    connection.close()
    _drop(name)


def _digest() -> str:
    """Changes with every migration, ours or of a library."""
    files = [ROOT / "requirements" / "runtime.txt", *sorted(ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()[:12]


def _template() -> str:
    """The name of a migrated database that nobody is connected to."""
    own = connection.settings_dict["NAME"]
    prefix = str(FOLDER / "template_") if _is_sqlite() else f"{own}_template_"
    name = f"{prefix}{_digest()}"
    known = _known(prefix)
    if name not in known:
        for older in known:
            _drop(older)
        _make(f"{prefix}unfinished")
        _lead_to(f"{prefix}unfinished")
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        _rename(f"{prefix}unfinished", name)
    return name


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lead_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


# ── Both databases ────────────────────────────────────────────────────────────────────────────


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _known(prefix: str) -> list[str]:
    if _is_sqlite():
        return [str(path) for path in FOLDER.glob("template_*")]
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [name for (name,) in cursor.fetchall()]


def _make(name: str) -> None:
    if not _is_sqlite():
        _execute("CREATE DATABASE {}", name)


def _rename(name: str, new: str) -> None:
    if _is_sqlite():
        Path(name).rename(new)
    else:
        _execute("ALTER DATABASE {} RENAME TO {}", name, new)


def _copy(template: str, name: str) -> None:
    _drop(name)
    if _is_sqlite():
        shutil.copyfile(template, name)
    else:
        _execute("CREATE DATABASE {} TEMPLATE {}", name, template)


def _drop(name: str) -> None:
    if _is_sqlite():
        for suffix in ("", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
    else:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(statement: str, *names: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(statement.format(*map(connection.ops.quote_name, names)))
