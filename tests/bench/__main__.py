"""`python -m tests.bench`: seed, measure against floors in the same run, print ratios, write build/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.bench import table
from tests.bench.book import AT
from tests.bench.run import ENTRIES

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "bench.json"
LOCAL_POSTGRESQL = "postgresql://root@127.0.0.1:5432/postgres"


def main() -> None:
    """Run every scale on every database, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--scale", type=float, action="append", help="1 is 10,000 companies and 20,000 organisations; may be repeated."
    )
    parser.add_argument("--rounds", type=int, help="5, and 2 with --ci.")
    parser.add_argument(
        "--only",
        choices=ENTRIES,
        action="append",
    )
    parser.add_argument("--database", help="sqlite, or the URL of a PostgreSQL server; both when left out.")
    parser.add_argument("--ci", action="store_true", help="500 companies, some minutes, never fails on time.")
    parser.add_argument("--keep", action="store_true", help="Add to the runs that build/bench.json holds.")
    options = parser.parse_args()
    results: dict[str, Any] = json.loads(OUT.read_text())["runs"] if options.keep and OUT.exists() else {}
    for name, server in _databases(options):
        for scale in options.scale or ([0.05] if options.ci else [1, 10]):
            label = f"{name} × {scale:g}"
            print(label, flush=True)
            with _database(server) as (url, folder):
                results[label] = _run(url, folder, scale, options)
            table.show(results[label])
    growth = table.growth(results)
    table.show_growth(growth)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"runs": results, "growth": growth}, indent=1) + "\n")
    print(f"Written to {OUT.relative_to(ROOT)}")


def _databases(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    wanted = options.database
    if wanted in {None, "sqlite"}:
        yield "sqlite", ""
    server = wanted or os.environ.get("TEST_DATABASE_URL")
    if server is None and _is_reachable(LOCAL_POSTGRESQL):
        server = LOCAL_POSTGRESQL
    if server is None:
        print("No PostgreSQL on this machine: measured on SQLite alone. Another: --database postgresql://…")
    elif not server.startswith("sqlite"):
        yield "postgresql", server


def _is_reachable(server: str) -> bool:
    import psycopg

    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _database(server: str) -> Iterator[tuple[str, Path]]:
    """A database of its own and a folder, both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    try:
        if not server:
            yield f"sqlite:///{folder}/bench.sqlite3", folder
            return
        import psycopg
        from psycopg import sql

        name = f"registry_bench_{os.getpid()}"
        parts = urlsplit(server)
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                yield urlunsplit(parts._replace(path=f"/{name}")), folder
            finally:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(url: str, folder: Path, scale: float, options: argparse.Namespace) -> dict[str, Any]:
    out = folder / "result.json"
    rounds = options.rounds or (2 if options.ci else 5)
    command = [sys.executable, "-m", "tests.bench.run", "--url", url, "--out", str(out)]
    command += ["--scale", str(scale), "--rounds", str(rounds)]
    command += [part for entry in options.only or () for part in ("--only", entry)]
    command += ["--ci"] if options.ci else []
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "BENCH_DEBUG"}}
    environment |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "registry.settings",
        "REGISTRY_NOW": AT.isoformat(),
        "PYTHONUNBUFFERED": "1",
    }
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return json.loads(out.read_text())


if __name__ == "__main__":
    main()
