"""The queue's settings: what must never be lost by a default that changes."""

from __future__ import annotations

import time

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from registry import celery as queue
from registry.celery import TIMETABLE, app


def test_no_task_is_lost_with_its_worker_and_none_runs_for_ever():
    names = (
        "task_acks_late",
        "task_reject_on_worker_lost",
        "worker_prefetch_multiplier",
        "task_ignore_result",
        "task_soft_time_limit",
        "task_time_limit",
        "task_publish_retry",
    )

    assert {name: app.conf[name] for name in names} == {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
        "task_soft_time_limit": 540,
        "task_time_limit": 600,
        "task_publish_retry": False,
    }


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("codesign.tasks.deliver_outbox", "mail"),
        ("codesign.tasks.sweep_outbox", "mail"),
        ("codesign.tasks.plan_reminders", "planning"),
        ("registry.housekeep", "default"),
    ],
)
def test_every_task_goes_to_a_named_queue(task, expected):
    route = app.amqp.router.route({}, task)

    assert route["queue"].name == expected


def test_the_timetable_names_tasks_that_exist():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in queue.TIMETABLE.values()} - set(app.tasks) == set()


def test_ringing_a_broker_that_is_down_ends_quickly(tmp_path, settings):
    settings.BROKER_URL, settings.DATA_DIR = "redis://127.0.0.1:1/0", tmp_path
    lonely = Celery("lonely", set_as_current=False)
    lonely.add_defaults(queue.configuration)
    started = time.monotonic()

    with pytest.raises(OperationalError):
        lonely.send_task("codesign.tasks.deliver_outbox")

    assert time.monotonic() - started < 3


def test_beat_opens_its_line_again_when_the_broker_was_gone() -> None:
    tries = {name: (entry["options"]["retry"], entry["options"]["retry_policy"]) for name, entry in TIMETABLE.items()}

    once_more = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    assert set(tries) == set(TIMETABLE)
    assert list(tries.values()) == [(True, once_more)] * len(TIMETABLE)
    assert TIMETABLE["sweep the outbox"]["options"]["expires"] == 28
