"""Fill the outbox, run workers, kill them at random points, and say at the end how every row stands.

Usage: `python -m tests.chaos.killing MESSAGES WORKERS KILLS SEED`; prints one JSON object. The workers
are forked from this process, which never opens a connection before: a kill costs no start-up.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import NoReturn

import django

TOPIC, LONGEST_SECONDS = "chaos", 120.0


def main(messages: int, workers: int, kills: int, seed: int) -> None:
    """The whole run."""
    in_child(fill, messages)
    dice = random.Random(seed)
    running = [fork_worker() for _ in range(workers)]
    done = 0
    for _ in range(kills):
        time.sleep(dice.uniform(0.02, 0.25))
        victim = running.pop(dice.randrange(len(running)))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        done += 1
        running.append(fork_worker())
    finished = in_child(wait_until_empty)
    for worker in running:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    in_child(report, done, finished == 0)


def in_child(work: object, *args: object) -> int:
    """Run `work` in a forked process with connections of its own; its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(*args)  # type: ignore[operator]
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fork_worker() -> int:
    """The process id of a worker that delivers for ever."""
    child = os.fork()
    if child == 0:
        deliver_for_ever()
    return child


def deliver_for_ever() -> NoReturn:
    """What a queue worker does, with short leases."""
    from registry.kernel import clock
    from registry.kernel.outbox import handlers, worker

    worker.LEASE, worker.SEND_SECONDS, worker.FIRST_WAIT = timedelta(seconds=4), 1.9, timedelta(seconds=0.2)
    handlers.register(TOPIC, build=compose, settle=lambda *_: None)
    while True:
        worker.drain(now=clock.now, size=20)
        time.sleep(0.02)


def compose(row: object, at: datetime) -> EmailMessage:
    """A small mail."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Chaos", "register@registry.example", "officer@hotel.example"
    mail.set_content("Hello")
    return mail


def fill(messages: int) -> None:
    """Queue every message in one transaction."""
    from django.db import transaction

    from registry.kernel import clock, doorbell
    from registry.kernel.outbox import actions

    doorbell.ring = lambda setting: None
    with transaction.atomic():
        for number in range(messages):
            actions.put(key=f"chaos:{number}", topic=TOPIC, payload={}, at=clock.now())


def wait_until_empty() -> None:
    """Until no row is pending; fails after LONGEST_SECONDS."""
    from registry.kernel.outbox.models import OutboxMessage

    stop = time.monotonic() + LONGEST_SECONDS
    while OutboxMessage.objects.filter(state="pending").exists():
        if time.monotonic() > stop:
            raise TimeoutError
        time.sleep(0.1)


def report(kills: int, finished: bool) -> None:
    """Print how it ended."""
    from registry.kernel.outbox.models import OutboxMessage

    rows = list(OutboxMessage.objects.values_list("message_id", "state"))
    states = Counter(state for _, state in rows)
    found = {"kills": kills, "finished": finished, "states": states, "message_ids": [row[0] for row in rows]}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    main(*(int(text) for text in sys.argv[1:]))
