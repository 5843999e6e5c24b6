"""Processes, sockets and time-outs live in real time: no fixed clock here, unless a test asks for one."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """In the place of the suite's fixed clock."""
