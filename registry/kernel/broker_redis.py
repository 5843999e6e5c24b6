"""Redis as a broker, for workers that go on after it was gone.

As shipped, a message that can't be acknowledged because the server is away counts as being worked on for ever: a worker
that had its hands full in that moment never asks for another. Here it lets go of it. If the server still holds the
message, it gives it again after the visibility timeout; every task may run twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """What a worker has in hand."""

    def ack(self, delivery_tag: str) -> None:
        """Done with it, whether or not the server hears of it."""
        with self._let_go(delivery_tag):
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Not taken, whether or not the server hears of it."""
        with self._let_go(delivery_tag):
            super().reject(delivery_tag, requeue=requeue)

    @contextmanager
    def _let_go(self, delivery_tag: str) -> Iterator[None]:
        try:
            yield
        except self.channel.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    """A line to the server."""

    QoS: Any = QoS


class Transport(redis.Transport):
    """The transport behind `redis://` and `rediss://`."""

    Channel = Channel
