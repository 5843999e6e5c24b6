"""Production refuses to start insecure, and says everything that is wrong at once."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from registry.kernel import checks

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "PRODUCTION": True,
    "SECRET_KEY": "k3y-" * 20,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://r/1"}},
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "REGISTRY_NOW": None,
    "MAIL_URL": "smtp://relay:25",
    "BROKER_URL": "redis://r/0",
    "PUBLIC_URL": "https://register.example",
    "ALLOWED_HOSTS": ["register.example"],
}


class Deployment:
    """Stands in for the settings, which Django does not let one change in part."""

    def __init__(self, **changes):
        self.__dict__.update(SOUND | changes)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"PRODUCTION": False}, ["registry.E001"]),
        ({"SECRET_KEY": "embedded-default-not-a-secret-" + "0" * 24}, ["registry.E002"]),
        ({"SECRET_KEY": "x" * 49}, ["registry.E002"]),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, ["registry.E003"]),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, ["registry.W004"]),
        ({"REGISTRY_NOW": datetime(2027, 1, 1, tzinfo=UTC)}, ["registry.E005"]),
        ({"MAIL_URL": "maildir:"}, ["registry.E006"]),
        ({"BROKER_URL": "embedded://"}, ["registry.E007"]),
        ({"PUBLIC_URL": "http://register.example"}, ["registry.E008"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["registry.E009"]),
        ({"MAIL_URL": "maildir:", "BROKER_URL": "embedded://"}, ["registry.E006", "registry.E007"]),
    ],
)
def test_each_convenience_of_the_laptop_is_refused(monkeypatch, change, expected):
    monkeypatch.setattr(checks, "settings", Deployment(**change))

    assert [message.id for message in checks.settings_fit_for_production(None)] == expected


@pytest.mark.django_db
def test_sqlite_keeps_its_pragmas():
    assert checks.sqlite_keeps_what_it_acknowledged(None, databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pragma", "value", "shown"),
    [("synchronous", 1, 1), ("foreign_keys", 0, 0), ("secure_delete", 0, 0)],
)
def test_a_pragma_that_did_not_take_effect_is_an_error(pragma, value, shown):
    if connection.vendor != "sqlite":
        assert checks.sqlite_keeps_what_it_acknowledged(None, databases=["default"]) == []
        return
    before = checks.PRAGMAS[pragma]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma} = {value}")
    try:
        found = checks.sqlite_keeps_what_it_acknowledged(None, databases=["default"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma} = {before}")

    text = f"SQLite answers {pragma} = {shown} on 'default', not {before}."
    assert [(message.id, message.msg) for message in found] == [("registry.E010", text)]


@pytest.mark.django_db
def test_the_demo_book_is_refused():
    organisations = apps.get_model("members", "Organisation").objects
    assert checks.no_demo_book(None, databases=["default"]) == []

    organisations.create(
        kind="company",
        name="Fictif Hotel (DEMO)",
        search_key="fictif hotel demo",
        is_demo=True,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    assert [message.id for message in checks.no_demo_book(None, databases=["default"])] == ["registry.E011"]
    assert checks.no_demo_book(None, databases=None) == []


@pytest.mark.django_db
def test_a_start_in_production_names_every_fault(monkeypatch, settings):
    settings.PRODUCTION = True

    with pytest.raises(ImproperlyConfigured) as refusal:
        checks.refuse_insecure()

    named = {line.split(":")[0].strip() for line in str(refusal.value).splitlines()[1:]}
    assert {"registry.E002", "registry.E003", "registry.E006", "registry.E008"} <= named


def test_a_production_that_cannot_be_checked_does_not_start(monkeypatch, settings):
    def down(**_):
        raise OperationalError("connection refused")

    settings.PRODUCTION = True
    monkeypatch.setattr(checks, "run_checks", down)

    with pytest.raises(ImproperlyConfigured, match="the database does not answer"):
        checks.refuse_insecure()


@pytest.mark.django_db
def test_the_laptop_starts_without_a_word(settings):
    settings.PRODUCTION = False

    assert checks.refuse_insecure() is None


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "gunicorn", "--config", "python:registry.gunicorn_conf", "--check-config"),
        ("-m", "celery", "-A", "registry", "beat", "--pidfile="),
        ("-m", "celery", "-A", "registry", "worker"),
    ],
    ids=["web", "beat", "worker"],
)
def test_no_process_of_an_insecure_production_starts(tmp_path, command):
    """With HTTPS address and mail relay set, but an embedded queue and no shared cache."""
    environment = {
        "PATH": os.environ["PATH"],
        "PRODUCTION": "1",
        "SECRET_KEY": "short",
        "ALLOWED_HOSTS": "register.example",
        "PUBLIC_URL": "https://register.example",
        "MAIL_FROM": "register@register.example",
        "MAIL_URL": "smtp://127.0.0.1:1",
        "DATA_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "Production refuses to start insecure" in output
    assert all(fault in output for fault in ("registry.E002", "registry.E003", "registry.E007"))
