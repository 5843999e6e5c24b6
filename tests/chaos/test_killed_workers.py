"""A worker killed in mid-mail loses nothing; whatever copies there are carry one Message-ID."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from registry.kernel.outbox.worker import LINES, MARKED_AT_ONCE
from tests.chaos.conftest import CopyCounter
from tests.chaos.places import Place

pytestmark = pytest.mark.chaos


def run(place: Place, url: str, *, messages: int, workers: int, kills: int, seed: int) -> dict[str, Any]:
    """What the run found at its end."""
    numbers = (str(number) for number in (messages, workers, kills, seed))
    command = [sys.executable, "-m", "tests.chaos.killing", *numbers]
    environment = {**place.environment, "MAIL_URL": url}
    done = subprocess.run(command, env=environment, check=True, timeout=300, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", [1, 2])
def test_forty_kills_lose_nothing(place: Place, sink: tuple[str, CopyCounter], seed: int) -> None:
    url, counter = sink

    found = run(place, url, messages=2000, workers=2, kills=40, seed=seed)

    assert (found["kills"], found["finished"], found["states"]) == (40, True, {"sent": 2000})
    assert set(counter.copies) == set(found["message_ids"])
    assert len(counter.copies) == 2000
    # A kill leaves at most these between their final dots and the commit.
    assert counter.copies.total() - 2000 <= 40 * (MARKED_AT_ONCE + LINES)


def test_without_kills_there_is_no_copy(place: Place, sink: tuple[str, CopyCounter]) -> None:
    url, counter = sink

    found = run(place, url, messages=1000, workers=2, kills=0, seed=0)

    assert found["states"] == {"sent": 1000}
    assert (len(counter.copies), counter.copies.total()) == (1000, 1000)
