"""Mails through a local SMTP sink: the outbox in one worker, against a task and a connection for each mail.

Both build the same letters, in one pool process, with the same broker and database. What counts is the time between
the first and the last mail that the sink takes: a worker's start is nobody's rate.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from codesign.reminders import actions
from registry.kernel.dialect import dialect
from tests.bench.book import AT, stamp
from tests.bench.measuring import Samples, in_turn
from tests.chaos.brokers import BROKERS, broker_of
from tests.chaos.places import free_port, kill

MAILS = 10_000
LONGEST_SECONDS = 900.0
# A second officer for each company, so that there are enough people: one letter a day is one person's.
_OFFICERS = """
INSERT INTO members_contact (id, organisation_id, role, email, phone, language, zone, valid_from, created_at, version)
SELECT {new_id}, organisation_id, role, 'second.' || email, '', 'en', zone, valid_from, created_at, 1
FROM members_contact WHERE role = 'reporting_officer' AND email NOT LIKE 'second.%'
"""
_DUE = """
INSERT INTO codesign_occurrence (id, rule_code, rule_version, kind, subject_type, subject_id, organisation_id,
    membership_id, anchor_on, step, contact_role, contact_id, recipient, addressee, channel, state, reason, is_urgent,
    priority, due_at, planned_at, version)
SELECT {new_id}, 'report-due', 1, 'report_due', 'report_obligation', o.id, o.company_id, o.membership_id, o.due_on, 1,
    'reporting_officer', c.id, c.id, c.id, 'email', 'due', '', {false}, 3, '{at}', '{at}', 1
FROM codesign_reportobligation o
JOIN codesign_codemembership m ON m.id = o.membership_id AND m.state = 'active'
JOIN members_contact c ON c.organisation_id = o.company_id AND c.role = 'reporting_officer'
WHERE o.fulfilled_on IS NULL ORDER BY c.id LIMIT {count}
"""


def measure(*, rounds: int, mails: int) -> dict[str, Samples]:
    """Milliseconds a mail, by the clock."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFICERS.format(new_id=dialect().new_id))
    with tempfile.TemporaryDirectory(prefix="registry-mails-") as folder, broker_of(BROKERS[0], Path(folder)) as broker:
        house = {"BROKER_URL": broker.url} if broker.url else {}
        variants = {
            "floor": lambda: _rate("tests.bench.mailing_floor", _one_by_one, house, Path(folder), mails),
            "register": lambda: _rate("registry", _by_the_outbox, house, Path(folder), mails),
        }
        return in_turn(variants, rounds)


def _rate(app: str, ring: Callable[[dict[str, str]], None], house: dict[str, str], folder: Path, mails: int) -> float:
    count = _reset(mails)
    received = folder / "received"
    received.write_bytes(b"")
    port = free_port()
    environment = {**os.environ, **house, "MAIL_URL": f"smtp://127.0.0.1:{port}", "LOG_LEVEL": "WARNING"}
    with (
        _running("tests.chaos.sink", str(port), str(received), environment=environment),
        _running("celery", "-A", app, "--quiet", "worker", "-c", "1", "--without-gossip", environment=environment),
    ):
        ring(environment)
        started = ended = 0.0
        stop = time.monotonic() + LONGEST_SECONDS
        while (found := received.read_bytes().count(b"\n")) < count:
            started = started or (time.monotonic() if found else 0.0)
            if time.monotonic() > stop:
                raise TimeoutError(f"{app} sent {found} of {count} mails")
            time.sleep(0.01)
        ended = time.monotonic()
        while _waiting():  # the last mark is not on the way any more
            time.sleep(0.05)
    ids = received.read_bytes().split()
    if len(ids) != len(set(ids)) or len(ids) != count:
        raise RuntimeError(f"{app} sent {len(ids)} mails of {count}, {len(set(ids))} of them once")
    return (ended - started) * 1000 / count


def _one_by_one(environment: dict[str, str]) -> None:
    """A task for each mail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM codesign_occurrence ORDER BY id")
        keys = [str(row[0]) for row in cursor.fetchall()]
    script = (
        "import sys; from tests.bench.mailing_floor import app, send; [send.delay(key.strip()) for key in sys.stdin]"
    )
    subprocess.run([sys.executable, "-c", script], input="\n".join(keys), text=True, env=environment, check=True)


def _by_the_outbox(environment: dict[str, str]) -> None:
    """Letters for all, and one bell."""
    with transaction.atomic():
        actions.post(at=AT)  # the worker's clock starts at that moment, ours is ahead of it
    script = "import registry.celery; from codesign.tasks import deliver_outbox; deliver_outbox.delay()"
    script = f"import django; django.setup(); {script}"
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM codesign_occurrence WHERE state <> 'handed_over'")
        return bool(cursor.fetchone()[0])


def _reset(mails: int) -> int:
    """What is due, and nothing else; how many."""
    false = "false" if connection.vendor == "postgresql" else "0"
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("codesign_notice", "codesign_occurrence", "registry_outboxmessage"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(_DUE.format(new_id=dialect().new_id, at=stamp(AT), false=false, count=mails))
        cursor.execute("SELECT COUNT(*) FROM codesign_occurrence")
        return int(cursor.fetchone()[0])


@contextmanager
def _running(module: str, *arguments: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    quiet: Any = None if os.environ.get("BENCH_DEBUG") else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=environment, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        yield process
    finally:
        kill(process)  # the group: the sink has a child
