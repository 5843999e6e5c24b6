"""The chart of the README, run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from tests.clients.test_scenario import PYTHON_CLIENT, ROOT
from tests.conftest import _client_for
from tests.factories import training

pytestmark = pytest.mark.django_db(transaction=True)
BLOCK = re.compile(r"### Dashboards and clients\n.*?```python\n(.*?)```", re.DOTALL)


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """A client in a process of its own and a server live in real time."""


def test_a_chart_of_training_coverage_takes_under_twenty_lines(live_server: Any) -> None:
    training.make_requirement()
    site, course = training.make_workplace(heads=4), training.make_course()
    for _ in range(2):
        training.complete(training.make_staff(site), course, date(2026, 6, 1))
    (code,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    given = {"URL": live_server.url, "TOKEN": _client_for("secretariat").token, "PYTHONPATH": str(PYTHON_CLIENT)}

    run = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | given, capture_output=True, text=True, timeout=60, check=False
    )

    assert run.returncode == 0, run.stderr
    assert len(code.splitlines()) < 20
    assert len(run.stdout.splitlines()) == 26  # the first day, 24 months, and the definition
    assert any("BE █" in line for line in run.stdout.splitlines())
