"""What a process may set on its connections."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from registry.kernel.dialect import IN_PLACE, PAGES_KIB, keep_more_pages

pytestmark = pytest.mark.django_db


def kept_pages():
    """What a new connection caches (KiB below zero) and reads in place (bytes); None on another engine."""
    with closing(connections.create_connection("default")) as fresh, fresh.cursor() as cursor:
        if fresh.vendor != "sqlite":
            return None
        return tuple(cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cache_size", "mmap_size"))


def test_a_web_process_keeps_more_of_the_file_in_memory():
    before = kept_pages()
    keep_more_pages()
    try:
        after = kept_pages()
    finally:
        connection_created.disconnect(dispatch_uid="keep more pages")

    own, more = ((-2000, 0), (-PAGES_KIB, IN_PLACE)) if before else (None, None)
    assert (before, after, kept_pages()) == (own, more, own)
