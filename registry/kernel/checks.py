"""What must be true before this may serve: checked by `manage.py check --deploy` and at every start in production.

The embedded default is convenient and open on purpose; these checks are what keeps it off the internet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
SECRET_KEY_CHARACTERS = 50


@register(Tags.security, deploy=True)
def settings_fit_for_production(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Errors for every setting that is fine on a laptop and not on the internet."""
    is_sqlite = str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")
    faults: list[tuple[bool, CheckMessage]] = [
        (
            not settings.PRODUCTION,
            Error("PRODUCTION is not set.", hint="PRODUCTION=1 turns on secure cookies and HTTPS.", id="registry.E001"),
        ),
        (
            len(settings.SECRET_KEY) < SECRET_KEY_CHARACTERS or settings.SECRET_KEY.startswith("embedded-default"),
            Error(
                f"SECRET_KEY is the embedded default or shorter than {SECRET_KEY_CHARACTERS} characters.",
                hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                id="registry.E002",
            ),
        ),
        (
            settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")),
            Error("CACHE_URL is not set: log-in locks and throttles would count per process.", id="registry.E003"),
        ),
        (
            is_sqlite,
            Warning(
                "The database is SQLite: one writer at a time, on this machine's disk.",
                hint="It is durable and right for one small server; DATABASE_URL names a PostgreSQL.",
                id="registry.W004",
            ),
        ),
        (
            settings.REGISTRY_NOW is not None,
            Error("REGISTRY_NOW shifts the clock: decisions would carry a wrong day.", id="registry.E005"),
        ),
        (
            settings.MAIL_URL.startswith("maildir:"),
            Error("MAIL_URL keeps mails on disk: no reminder would leave.", id="registry.E006"),
        ),
        (
            settings.BROKER_URL.startswith("embedded:"),
            Error("BROKER_URL is the embedded queue: it serves one machine only.", id="registry.E007"),
        ),
        (
            not settings.PUBLIC_URL.startswith("https://"),
            Error("PUBLIC_URL does not start with https://.", id="registry.E008"),
        ),
        (
            "*" in settings.ALLOWED_HOSTS,
            Error("ALLOWED_HOSTS admits every name: links in mails could be forged.", id="registry.E009"),
        ),
    ]
    return [message for is_fault, message in faults if is_fault]


@register(Tags.database)
def sqlite_keeps_what_it_acknowledged(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Read the pragmas back from a live connection: a setting that did not take effect is worse than none."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
            continue
        with connection.cursor() as cursor:
            for pragma, expected in PRAGMAS.items():
                cursor.execute(f"PRAGMA {pragma}")
                if (actual := cursor.fetchone()[0]) != expected:
                    text = f"SQLite answers {pragma} = {actual!r} on '{alias}', not {expected!r}."
                    found.append(Error(text, hint="See OPTIONS of DATABASES in the settings.", id="registry.E010"))
    return found


@register(Tags.database, deploy=True)
def no_demo_book(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The demo book is for looking at; beside real members it would be counted with them."""
    if not databases or not apps.is_installed("members"):
        return []
    organisations = apps.get_model("members", "Organisation")
    if organisations._meta.db_table not in connections["default"].introspection.table_names():
        return []  # before the first migration
    if organisations.objects.filter(is_demo=True).exists():
        return [Error("The database holds demo organisations.", hint="Start from an empty one.", id="registry.E011")]
    return []


def refuse_insecure() -> None:
    """In production, raise ImproperlyConfigured that names every fault; otherwise do nothing.

    Django's own security warnings count as faults here: a production that starts with one keeps it for years.
    """
    if not settings.PRODUCTION:
        return
    try:
        messages = run_checks(include_deployment_checks=True, databases=["default"])
    except DatabaseError as error:
        # Unknown is not sound: whoever keeps the processes running starts this one again.
        raise ImproperlyConfigured("Production can't be checked: the database does not answer.") from error
    faults = [
        message
        for message in messages
        if not message.is_silenced() and (message.is_serious() or str(message.id).startswith("security."))
    ]
    if faults:
        lines = "\n".join(f"  {fault.id}: {fault.msg}" for fault in faults)
        raise ImproperlyConfigured(f"Production refuses to start insecure:\n{lines}")
