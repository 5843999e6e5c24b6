"""The queue: named queues, bounded tasks, and the timetable with its reasons.

The database is the queue of everything that must happen (the outbox, the occurrences); the broker is
a doorbell. So a lost bell costs half a minute, never a mail, and no task carries a result, an eta or
a countdown.
"""

from __future__ import annotations

import logging.config
import os
import warnings
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, task_prerun, worker_init
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")

SOFT_LIMIT_SECONDS, LIMIT_SECONDS = 540, 600
QUEUES = ("mail", "planning", "default")

# `expires`: pokes that piled up while no worker ran are dropped; the next one catches up on all of it.
TIMETABLE: dict[str, dict[str, Any]] = {
    # Legal days end at different moments in different zones, and the tour shifts the clock: ask often,
    # it costs one statement when nothing is due.
    "plan reminders": {"task": "codesign.tasks.plan_reminders", "schedule": 60.0, "options": {"expires": 55}},
    # Finds what no bell announced: the broker was down, or a worker died with the bell in its hand.
    "sweep the outbox": {"task": "codesign.tasks.sweep_outbox", "schedule": 30.0, "options": {"expires": 28}},
    # A confirmed revenue band is answered by its invoice within the hour; three statements when none is due.
    "raise invoices": {"task": "codesign.tasks.raise_invoices", "schedule": 3600.0, "options": {"expires": 3500}},
    # Of a table with thousands of rows the next chunk; costs one statement when none waits.
    "go on with imports": {
        "task": "members.tasks.go_on_with_imports",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    # Finds the roster that no bell announced, or whose worker died; costs one statement when none waits.
    "work on rosters": {"task": "codesign.tasks.work_on_rosters", "schedule": 15.0, "options": {"expires": 14}},
    # A week is the promise: by the hour, so that none is kept a day longer.
    "forget rosters": {"task": "codesign.tasks.forget_rosters", "schedule": crontab(minute=40)},
    # Until then a list works out anew what has changed, which is right and slower.
    "count overviews": {"task": "codesign.tasks.count_overviews", "schedule": 20.0, "options": {"expires": 18}},
    # A year lapses at a day's end somewhere; nobody waits for a proposal within the hour.
    "propose measures": {
        "task": "codesign.tasks.propose_measures",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # A right of people, not a figure: an hour more or less does not matter, a missed night does.
    "forget leavers": {"task": "codesign.tasks.forget_leavers", "schedule": crontab(minute=40)},
    # Proves the statuses that every change of training keeps; it should find nothing.
    "recount training": {"task": "codesign.tasks.recount_training", "schedule": crontab(hour=3, minute=10)},
    # At night in Europe, when few write: expired sessions and stored answers of old idempotency keys.
    "keep house": {"task": "registry.housekeep", "schedule": crontab(hour=2, minute=20)},
}

# Beat keeps one line to the broker, and without a second try never opens another: a RabbitMQ that was gone for a moment
# would hear of nothing any more. It has nobody waiting; a request that rings has, and does without.
_SECOND_TRY: dict[str, Any] = {
    "retry": True,
    "retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
}
for _entry in TIMETABLE.values():
    _entry["options"] = {**_entry.get("options", {}), **_SECOND_TRY}


def configuration() -> dict[str, Any]:
    """Celery's settings; read when first needed, so that importing the house needs no environment."""
    from django.conf import settings

    from registry.kernel.broker import transport_options, url_for_kombu

    folder = settings.DATA_DIR / "queue"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # beat's memory lies here too
    if not settings.PRODUCTION:
        # Trying the register as root, in a container say, is no news there.
        warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    return {
        "broker_url": url_for_kombu(settings.BROKER_URL),
        "broker_transport_options": transport_options(settings.BROKER_URL, folder, longest_task_seconds=LIMIT_SECONDS),
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # Queues and routes are named: a long import must not stand in front of a mail.
        "task_queues": [Queue(name, routing_key=name) for name in QUEUES],
        "task_default_queue": "default",
        "task_default_exchange": "tasks",
        "task_default_routing_key": "default",
        "task_create_missing_queues": False,
        "task_routes": {
            "codesign.tasks.deliver_*": {"queue": "mail", "routing_key": "mail"},
            "codesign.tasks.sweep_*": {"queue": "mail", "routing_key": "mail"},
            "codesign.tasks.propose_*": {"queue": "planning", "routing_key": "planning"},
            "codesign.tasks.plan_*": {"queue": "planning", "routing_key": "planning"},
        },
        # Both: a task counts as done when it is done, and a killed pool process gives its task back.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
        "task_soft_time_limit": SOFT_LIMIT_SECONDS,
        "task_time_limit": LIMIT_SECONDS,
        # The caller has committed and does not wait: one try, the sweeper is the second.
        "task_publish_retry": False,
        "worker_concurrency": settings.WORKER_PROCESSES,
        # No remote control, no events: nobody listens, and each needs queues that come and go.
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "timezone": "UTC",
        "beat_schedule": TIMETABLE,
        "beat_schedule_filename": str(folder / "beat"),
        # Wakes at least this often, so that a stop or a changed clock is noticed.
        "beat_max_loop_interval": 15,
    }


app = Celery("registry")
app.add_defaults(configuration)
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_everywhere(**_: Any) -> None:
    """Celery keeps its hands off: the same lines as the web process."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def _refuse_insecure(**_: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from registry.kernel.checks import refuse_insecure

    try:
        refuse_insecure()
    except ImproperlyConfigured as error:
        # A signal's errors are logged and forgotten by Celery; an exit is not.
        raise SystemExit(str(error)) from error


@task_prerun.connect
def _name_the_task(task_id: str, task: Any, **_: Any) -> None:
    """Each line that a task logs carries its name and id."""
    from structlog.contextvars import bind_contextvars, clear_contextvars

    clear_contextvars()
    bind_contextvars(task=task.name, task_id=task_id)


@app.task(name="registry.housekeep")
def housekeep() -> int:
    """Remove what has served its time; running it again removes nothing more."""
    from members.access.actions import sign_in_links
    from registry.kernel import clock, housekeeping

    now = clock.real_now()
    housekeeping.learn_sizes()
    return housekeeping.remove_expired(at=now) + sign_in_links.forget(now=now)
