"""One archive with everything: the database as of one moment, the files, and a manifest with their hashes.

SQLite is read by its online backup: copying the file of a live database passed the integrity check and
lacked acknowledged rows. PostgreSQL is read by pg_dump, in one snapshot. The database is read before the
files: a file is stored before the row that names it, so none that a row names can be missing.
A restored register sends nothing: every waiting message is held before the database is put in its place.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from registry.kernel import clock
from registry.kernel.errors import Refused
from registry.kernel.outbox.models import OutboxMessage

FORMAT = 1
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MANIFEST = "manifest.json"
_HOLD = f"UPDATE {OutboxMessage._meta.db_table} SET state = 'held', lease_until = NULL, lease_token = NULL WHERE state = 'pending'"  # noqa: S608, E501


class BackupRefused(Refused):
    """The backup or the restore can't be done as asked; nothing was changed."""

    default_code = "backup_refused"


@dataclass(frozen=True)
class Outcome:
    """What was put in or taken out: files beside the database, messages held, size of the archive."""

    files: int
    held: int
    size_bytes: int


def write(archive: Path) -> Outcome:
    """Write everything into `archive` while the register goes on working; an existing file is refused."""
    if archive.exists():
        raise BackupRefused(f"{archive} exists already.")
    with _workplace(archive.resolve().parent) as place:
        database = place / DATABASE[connection.vendor]
        _dump(database)
        members = {database.name: database} | dict(_stored_files())
        manifest = _manifest(members)
        (place / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
        draft = place / "archive.tar"
        with tarfile.open(draft, "w:gz" if archive.suffix in {".gz", ".tgz"} else "w") as tar:
            tar.add(place / MANIFEST, MANIFEST)
            for name, file in members.items():
                tar.add(file, name, recursive=False)
        _flush(draft)
        draft.replace(archive)
        return Outcome(files=len(members) - 1, held=0, size_bytes=archive.stat().st_size)


def restore(archive: Path, *, force: bool) -> Outcome:
    """Put `archive` in the place of the configured database and files, with all waiting mail held.

    Everything is verified first; a place that holds anything is refused unless `force`. Stop the
    register before: `manage.py restore` sees to that.
    """
    if not force and (_has_tables() or any(_stored_files())):
        raise BackupRefused("There is a register here already. --force replaces it.")
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _workplace(settings.DATA_DIR) as place:
        manifest = _unpacked(archive, place)
        _verify(place, manifest)
        database = place / DATABASE[manifest["engine"]]
        connection.close()
        held = _put_sqlite(database) if manifest["engine"] == "sqlite" else _put_postgresql(database)
        _put_files(place / "files")
        _put_keys(place / "keys")
    return Outcome(files=len(manifest["members"]) - 1, held=held, size_bytes=archive.stat().st_size)


# ── Taking ────────────────────────────────────────────────────────────────────────────────────


def _dump(target: Path) -> None:
    if connection.vendor == "postgresql":
        _call("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}", f"--dbname={_dbname()}")
        return
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, timeout=20)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        # A single file: the archive has no place for a journal.
        copy.execute("PRAGMA journal_mode=DELETE")


def _stored_files() -> Iterator[tuple[str, Path]]:
    """Every stored file and signing key, by its path below DATA_DIR, in order."""
    for folder in ("files", "keys"):
        for file in sorted((settings.DATA_DIR / folder).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(settings.DATA_DIR).as_posix(), file


def _manifest(members: dict[str, Path]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "engine": connection.vendor,
        "made_at": clock.real_now().isoformat(),
        "django": django.get_version(),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations),
        "members": {name: {"sha256": _sha256(file), "bytes": file.stat().st_size} for name, file in members.items()},
    }


# ── Putting back ──────────────────────────────────────────────────────────────────────────────


def _unpacked(archive: Path, place: Path) -> dict[str, Any]:
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _unpack(tar, member, place)
        manifest = json.loads((place / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupRefused(f"{archive} is not a backup of a register ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"This backup has form {manifest.get('format')}; this program reads form {FORMAT}.")
    return manifest


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    """Plain files inside `place` only; not by tarfile's filter, which the oldest Python we serve may lack."""
    target = (place / member.name).resolve()
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or not target.is_relative_to(place.resolve()):
        raise BackupRefused(f"The archive holds {member.name!r}, which no backup does.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as copy:
        shutil.copyfileobj(content, copy)


def _verify(place: Path, manifest: dict[str, Any]) -> None:
    if manifest["engine"] != connection.vendor:
        raise BackupRefused(f"The backup is of {manifest['engine']}, DATABASE_URL names {connection.vendor}.")
    for name, expected in manifest["members"].items():
        file = place / name
        if not file.is_file() or _sha256(file) != expected["sha256"]:
            raise BackupRefused(f"{name} in the archive is not what was backed up.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise BackupRefused(f"The backup was made by a newer program: it knows {', '.join(unknown[:3])}.")


def _put_sqlite(database: Path) -> int:
    with closing(sqlite3.connect(database)) as copy:
        if (answer := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BackupRefused(f"The database in the archive is damaged: {answer}.")
        held = copy.execute(_HOLD).rowcount if _sqlite_has_outbox(copy) else 0
        copy.commit()
    target = Path(connection.settings_dict["NAME"])
    for leftover in ("-wal", "-shm"):  # a journal of the old database must never be played into the new one
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    _flush(database)
    shutil.move(database, target)
    _flush(target.parent)
    return held


def _sqlite_has_outbox(copy: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return copy.execute(sql, [OutboxMessage._meta.db_table]).fetchone() is not None


def _put_postgresql(database: Path) -> int:
    """Everything in one transaction, the hold included: no worker sees a moment without it."""
    contents = database.with_name("contents")
    listed = _call("pg_restore", "--list", str(database)).splitlines()
    # The schema is made below; a dump taken after a restore would make it a second time.
    contents.write_text("\n".join(line for line in listed if " SCHEMA - public " not in line))
    script = database.with_name("script.sql")
    _call("pg_restore", "--no-owner", "--no-acl", f"--use-list={contents}", f"--file={script}", str(database))
    held = database.with_name("held.sql")
    held.write_text(f"SET search_path = public;\n{_HOLD};\n")
    empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    psql = ("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
    _call(*psql, f"--dbname={_dbname()}", f"--command={empty}", f"--file={script}", f"--file={held}")
    return OutboxMessage.objects.filter(state="held").count()


def _put_files(staged: Path) -> None:
    folder = settings.DATA_DIR / "files"
    staged.mkdir(exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    shutil.move(staged, folder)


def _put_keys(staged: Path) -> None:
    """Beside those that are here: what any of them has signed must stay checkable."""
    folder = settings.DATA_DIR / "keys"
    for file in sorted(staged.glob("*")) if staged.exists() else ():
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.move(file, folder / file.name)


# ── Tools ─────────────────────────────────────────────────────────────────────────────────────


def _has_tables() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return bool(connection.introspection.table_names())


@contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as name:
        yield Path(name)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _flush(place: Path) -> None:
    """Make sure that the disk has it."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _dbname() -> str:
    return str(connection.settings_dict["NAME"])


def _call(program: str, *arguments: str) -> str:
    """Run a PostgreSQL program against the configured server; the password goes by the environment only."""
    if shutil.which(program) is None:
        raise BackupRefused(f"{program} is not on PATH: install PostgreSQL's client programs.")
    server = connection.settings_dict
    places = {"PGHOST": server["HOST"], "PGPORT": server["PORT"], "PGUSER": server["USER"]}
    environment = os.environ | {name: str(value) for name, value in places.items() if value}
    if server["PASSWORD"]:
        environment["PGPASSWORD"] = str(server["PASSWORD"])
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
