"""Both generated clients, under strict types, walk one scenario against a running server (`make clients-test`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any, NoReturn

import pytest
from django.db import OperationalError

from codesign.api.recognition_views import AwardViews
from codesign.training.models import StaffMember
from tests.conftest import _client_for
from tests.factories import reporting, rosters, training

ROOT = Path(__file__).parents[2]
PYTHON_CLIENT = ROOT / "build" / "client"
TYPESCRIPT = ROOT / "clients" / "typescript" / "build"
SCENARIO = Path(__file__).with_name("scenario.py")
COMMANDS = {
    "python": [sys.executable, str(SCENARIO)],
    "typescript": ["node", str(TYPESCRIPT / "tests" / "scenario.js")],
}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """A client in a process of its own and a server live in real time."""


def test_the_python_scenario_passes_strict_types() -> None:
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file=",
        "--strict",
        f"--cache-dir={ROOT / '.mypy_cache' / 'clients'}",
    ]

    checked = subprocess.run([*mypy, SCENARIO], env=_environment(), capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("language", sorted(COMMANDS))
def test_the_scenario(live_server: Any, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AwardViews, "rows", _busy)
    members = [reporting.make_member() for _ in range(5)]
    reporting.make_year(2025)
    company = members[0].company_id
    site = training.make_workplace(members[0].company)
    given = {
        "URL": live_server.url,
        "LCR": _client_for("lcr", country="BE").token,
        "EDITOR": _client_for("company_editor", organisation=company).token,
        "COMPANY": str(company),
        "ANSWERS": json.dumps(reporting.ANSWERS),
        "ROSTER": json.dumps(
            [
                {"reference": f"BXL-{number}", "site": site.name, "role": "front_desk", "hired_on": "2026-01-05"}
                for number in range(3)
            ]
        ),
    }

    with subprocess.Popen(
        COMMANDS[language], env=_environment() | given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        while run.poll() is None:
            rosters.work(at=datetime.now(UTC))  # as a worker does beside the server
            sleep(0.2)
        out, faults = run.communicate()

    assert run.returncode == 0, faults
    seen = json.loads(out)
    assert seen["companies"] == sorted(member.company.organisation.name for member in members)
    assert seen["report"] == {
        "state": "submitted",
        "stale": [412, "stale"],
        "untagged": [428, "precondition_required"],
        "again": [409, "move_not_allowed"],
    }
    assert seen["roster"] == {"state": "done", "rows": 3}
    assert StaffMember.objects.filter(company=company).count() == 3
    assert seen["refusals"] == {
        "faulty": [400, "invalid", [["/country", "unknown_reference"]]],
        "absent": [404, "not_found"],
        "stranger": 401,
        "forbidden": 403,
        "reused": [422, "idempotency_key_reused"],
        "busy": [503, "unavailable", 2],
        "throttled": [429, True],
    }
    assert seen["rotation"] == {"same_user": True, "another_token": True}


def _busy(*_: Any, **__: Any) -> NoReturn:
    """A database that another writer holds."""
    raise OperationalError("database is locked")


def _environment() -> dict[str, str]:
    return os.environ | {"MYPYPATH": str(PYTHON_CLIENT), "PYTHONPATH": str(PYTHON_CLIENT)}
