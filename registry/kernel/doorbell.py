"""The doorbell: tell a worker, after the commit, that the database holds work for it.

Whoever writes the work knows no queue: the setting of a name says what is called. What goes wrong there is
caught up by a sweeper, as the fact is already committed.
"""

from __future__ import annotations

import logging
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def ring_on_commit(setting: str) -> None:
    """Call what `setting` names once when the present transaction commits."""
    # A transaction that puts a thousand messages needs one bell, not a thousand trips to the broker.
    for _, callback, *_ in transaction.get_connection().run_on_commit:
        if isinstance(callback, partial) and callback.func is ring and callback.args == (setting,):
            return
    transaction.on_commit(partial(ring, setting), robust=True)


def ring(setting: str) -> None:
    """Wake a worker; a broker that is down is nobody's failure."""
    try:
        import_string(getattr(settings, setting))()
    except Exception as error:  # noqa: BLE001 - the doorbell is a courtesy: whatever fails, the request has succeeded
        log.warning("doorbell.failed", extra={"doorbell": setting, "error": type(error).__name__})
