"""The table of stored counters as a Django app: the peers read standing, training and head counts from it."""

from __future__ import annotations

from django.apps import AppConfig


class PeersConfig(AppConfig):
    """Unmanaged models beside the register's."""

    name = "tests.bench.peers"
    label = "bench_peers"
