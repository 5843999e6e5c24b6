"""The embedded broker: no message torn, none taken twice, bindings kept under parallel starts."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path
from queue import Empty
from types import SimpleNamespace

import pytest
from kombu import Connection, Exchange, Queue
from kombu.transport import redis, virtual

from registry.kernel import broker, broker_redis

PATIENCE_SECONDS = 20


def _options(folder: Path) -> dict:
    return broker.transport_options("embedded://", folder, longest_task_seconds=60)


def _queue(folder: Path, name: str = "mail"):
    connection = Connection("embedded://", transport_options=_options(folder))
    queue = Queue(name, Exchange("tasks"), routing_key=name)
    return connection.SimpleQueue(queue)


def _send(folder: Path, count: int, start: int) -> None:
    queue = _queue(folder)
    for number in range(start, start + count):
        queue.put({"number": number, "padding": "x" * 5000})


def _receive(folder: Path, results, count: int) -> None:
    queue = _queue(folder)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and results.qsize() < count:
        try:
            message = queue.get(timeout=0.5)
        except (Empty, OSError):
            continue
        results.put(message.payload["number"])
        message.ack()


def _run(*calls) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=target, args=arguments) for target, *arguments in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE_SECONDS * 2)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_a_message_comes_back_as_it_was_sent(tmp_path):
    _queue(tmp_path).put({"text": "höher"})

    received = _queue(tmp_path).get(timeout=2)
    received.ack()

    assert received.payload == {"text": "höher"}
    assert [name.name for name in tmp_path.glob("*.msg")] == []


def test_messages_come_in_the_order_of_sending(tmp_path):
    _send(tmp_path, 20, 0)
    queue = _queue(tmp_path)

    received = []
    for _ in range(20):
        message = queue.get(timeout=2)
        received.append(message.payload["number"])
        message.ack()

    assert received == list(range(20))


def test_a_half_written_message_is_not_seen(tmp_path):
    queue = _queue(tmp_path)
    (tmp_path / ".abc.part").write_text('{"body": "ha')

    with pytest.raises(Empty):
        queue.get(timeout=0.5)


def test_a_bell_is_answered_within_a_second(tmp_path):
    queue = _queue(tmp_path)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    receiver = context.Process(target=_receive_at, args=(tmp_path, results))
    receiver.start()
    assert results.get(timeout=PATIENCE_SECONDS) == "listening"

    rung_at = time.time()
    queue.put({"number": 1})

    assert results.get(timeout=5) - rung_at < 1
    receiver.join(5)


def _receive_at(folder: Path, results) -> None:
    queue = _queue(folder)
    results.put("listening")
    queue.get(timeout=10).ack()
    results.put(time.time())


def test_parallel_senders_and_receivers_lose_and_double_nothing(tmp_path):
    results = multiprocessing.get_context("spawn").Manager().Queue()

    _run(
        (_send, tmp_path, 100, 0),
        (_send, tmp_path, 100, 100),
        (_receive, tmp_path, results, 200),
        (_receive, tmp_path, results, 200),
    )

    assert sorted(results.get() for _ in range(results.qsize())) == list(range(200))


def test_parallel_starts_keep_every_binding(tmp_path):
    names = [f"queue{number}" for number in range(4)]

    _run(*[(_bind, tmp_path, name) for name in names])

    table = Connection("embedded://", transport_options=_options(tmp_path)).channel().get_table("tasks")
    assert sorted(row[2] for row in table) == names


def _bind(folder: Path, name: str) -> None:
    _queue(folder, name)


def test_a_broker_that_is_down_is_reported_quickly(tmp_path):
    url = "redis://127.0.0.1:1/0"
    options = broker.transport_options(url, tmp_path, longest_task_seconds=60)
    started = time.monotonic()

    assert broker.answers(url, options) is False
    assert time.monotonic() - started < 5
    assert broker.answers("embedded://", _options(tmp_path)) is True


def test_redis_gives_a_message_again_only_after_the_longest_task(tmp_path):
    options = broker.transport_options("redis://h/0", tmp_path, longest_task_seconds=600)

    assert (options["visibility_timeout"], options["unacked_restore_throttle"]) == (660, 1)


def test_a_worker_lets_go_of_what_a_lost_redis_can_not_hear_of(monkeypatch):
    channel = SimpleNamespace(connection_errors=(ConnectionError,), do_restore=False)
    in_hand = broker_redis.QoS(channel, prefetch_count=2)

    def gone(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(redis.QoS, "_remove_from_indices", gone)
    for tag in ("done", "not taken"):
        virtual.QoS.append(in_hand, SimpleNamespace(), tag)
    assert not in_hand.can_consume()

    with pytest.raises(ConnectionError):
        in_hand.ack("done")
    with pytest.raises(ConnectionError):
        in_hand.reject("not taken")

    assert in_hand.can_consume_max_estimate() == 2


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_redis_urls_lead_to_the_transport_that_goes_on(scheme):
    assert Connection(f"{scheme}://localhost/0").get_transport_cls() is broker_redis.Transport
    assert broker_redis.Transport.Channel.QoS is broker_redis.QoS
