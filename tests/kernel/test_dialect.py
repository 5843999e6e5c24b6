"""What a process may set on its connections."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from registry.kernel.dialect import PAGES_KIB, keep_more_pages

pytestmark = pytest.mark.django_db


def kept_pages():
    """`cache_size` of a new connection: pages, or KiB below zero; None where the engine knows no such thing."""
    with closing(connections.create_connection("default")) as fresh, fresh.cursor() as cursor:
        if fresh.vendor != "sqlite":
            return None
        return cursor.execute("PRAGMA cache_size").fetchone()[0]


def test_a_web_process_keeps_more_of_the_file_in_memory():
    before = kept_pages()
    keep_more_pages()
    try:
        after = kept_pages()
    finally:
        connection_created.disconnect(dispatch_uid="keep more pages")

    is_sqlite = before is not None
    assert (before, after, kept_pages()) == ((-2000, -PAGES_KIB, -2000) if is_sqlite else (None, None, None))
