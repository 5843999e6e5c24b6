"""`manage.py run`: the whole register on one machine, from an empty folder to a page that answers."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import threading
from argparse import ArgumentParser
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from registry.kernel.supervisor import AlreadyRunning, Child, Supervisor, lock_of


class Command(BaseCommand):
    """Prepares DATA_DIR and keeps web, worker and beat running until Ctrl-C."""

    help = "Prepare everything and run web, worker and beat until Ctrl-C."
    # The checks need the tables that this command makes.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command line."""
        parser.add_argument("--without-demo", action="store_true", help="Do not load the demo book the first time.")

    def handle(self, *args: Any, without_demo: bool, **options: Any) -> None:
        """Run until told to stop; the exit code says whether the stop was clean."""
        os.umask(0o077)  # mails, files and the database are nobody else's business
        os.chdir(settings.BASE_DIR)
        try:
            with lock_of(settings.DATA_DIR) as lock, _bound(settings.HOST, settings.PORT) as door:
                self._prepare(with_demo=not without_demo)
                connections.close_all()
                welcome = _Welcome(self)
                code = Supervisor(_children(door, lock), write=self._line, on_tick=welcome.once_it_answers).run()
        except AlreadyRunning as error:
            raise CommandError(f"{error} Stop it first, or choose another place: DATA_DIR=…") from None
        sys.exit(code)

    def _prepare(self, *, with_demo: bool) -> None:
        """Tables, static files and the first data; what is there already is left alone."""
        self._line(f"Preparing {settings.DATA_DIR}")
        (settings.DATA_DIR / "files").mkdir(exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        self.check(databases=["default"])
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.PRODUCTION:
            return  # in production an operator decides what is loaded, and when
        organisations = apps.get_model("members", "Organisation").objects
        if not organisations.filter(is_demo=False).exists():
            self._line("Loading the network")
            call_command("load_network")
        if with_demo and not organisations.filter(is_demo=True).exists():
            self._line("Loading the demo book")
            call_command("seed_demo")

    def _line(self, text: str) -> None:
        with suppress(BrokenPipeError):
            self.stdout.write(text)
            self.stdout.flush()


class _Welcome:
    """Says where to look, once, when the web process answers; it asks in a thread, so that nothing waits."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._asking: threading.Thread | None = None
        self._said = False

    def once_it_answers(self) -> None:
        """Called on every tick of the supervisor."""
        if not self._said and (self._asking is None or not self._asking.is_alive()):
            self._asking = threading.Thread(target=self._ask, daemon=True)
            self._asking.start()

    def _ask(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            # An address that means "all" is reached by this machine too.
            web = http.client.HTTPConnection(settings.HOST, settings.PORT, timeout=5)
            web.request("GET", "/healthz/live")
            self._said = web.getresponse().status < 500
            web.close()
        if self._said:
            self.command._line(_welcome_text())


def _welcome_text() -> str:
    """Where to look and how to log in."""
    url = settings.PUBLIC_URL
    rows = [
        ("The register", f"{url}/"),
        ("API reference", f"{url}/api/docs/"),
        ("API", f"{url}/api/v1/"),
        ("Health", f"{url}/healthz"),
        ("Data", str(settings.DATA_DIR)),
    ]
    if settings.MAIL_URL.startswith("maildir:"):
        rows.insert(3, ("Mails sent", f"{url}/mailbox/"))
    lines = ["", *(f"  {name:<14} {place}" for name, place in rows)]
    if logins := _demo_logins():
        lines += ["", "  Log in as (demo only):", *(f"    {login}" for login in logins)]
    hint = f"{Path(sys.executable).relative_to(settings.BASE_DIR)}" if _is_ours(sys.executable) else "python"
    return "\n".join([*lines, "", f"  A token: {hint} manage.py issue_token --role secretariat", "  Ctrl-C stops.", ""])


def _is_ours(program: str) -> bool:
    """Whether the program lies in the project's own folder."""
    return Path(program).is_relative_to(settings.BASE_DIR)


def _demo_logins() -> list[str]:
    """The log-ins of the demo book, one line each; none in production or without a demo book."""
    if settings.PRODUCTION:
        return []
    try:
        logins = import_module("registry.management.demo").LOGINS
    except (ImportError, AttributeError):
        return []
    return ["  ".join(map(str, login)) if isinstance(login, (list, tuple)) else str(login) for login in logins]


def _children(door: socket.socket, lock: int) -> list[Child]:
    """Web, worker and beat; all hold the lock of DATA_DIR, so that no second register starts beside an orphan."""
    python, celery = sys.executable, ["-m", "celery", "-A", "registry", "--quiet"]
    gunicorn = ["-m", "gunicorn", "--config", "python:registry.gunicorn_conf", "--bind", f"fd://{door.fileno()}"]
    worker = ["worker", "--loglevel", settings.LOG_LEVEL, "--without-gossip", "--without-mingle"]
    return [
        Child("web", [python, *gunicorn], pass_fds=(door.fileno(), lock)),
        Child("worker", [python, *celery, *worker], pass_fds=(lock,)),
        Child("beat", [python, *celery, "beat", "--loglevel", settings.LOG_LEVEL, "--pidfile="], pass_fds=(lock,)),
    ]


def _bound(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done; the web process inherits it and keeps it over restarts."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        raise CommandError(f"Port {port} on {host} is not free ({error.strerror}). Choose another: PORT=…") from None
    door.set_inheritable(True)
    return door
