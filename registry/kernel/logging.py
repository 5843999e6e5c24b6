"""Structured log lines with the request's or the task's id, and without personal data.

One form for all: Django, Celery and gunicorn pass through the same processors. JSON in production, one
readable line otherwise. The scrubber is the last line of defence, not a licence: log events with fields,
never names, addresses, tokens or answers.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.types import Processor

Event = MutableMapping[str, Any]

_SECRET_KEYS = re.compile(
    r"authorization|cookie|token|secret|passw|e.?mail|recipient|(^|_)name$|answer|body|query|address|phone", re.I
)
_ADDRESS = re.compile(r"[^\s<>\"'(=,;:]+@[^\s<>\"'),;]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}")
# Long and random, but not an id of ours: those are UUIDs or 32 hexadecimal digits.
_RANDOM = re.compile(r"(?![0-9a-f-]{32,36}\b)(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{30,}")
# `token` and a secret of eight characters.
_SHORTEST_SECRET = 14
# PostgreSQL puts the row's values there.
_DETAIL = re.compile(r"DETAIL:.*")
_PATH = re.compile(r"(?<=: )/\S*")


def scrub_text(text: str) -> str:
    """`text` without mail addresses, tokens and row values.

    >>> scrub_text("no mailbox for a.b@c.example")
    'no mailbox for [address]'
    """
    if len(text) < _SHORTEST_SECRET and "@" not in text and "DETAIL" not in text:
        return text  # most values; four searches each would be the dearest part of a line
    text = _DETAIL.sub("DETAIL: [removed]", text)
    text = _BEARER.sub(r"\1 [removed]", text)
    return _RANDOM.sub("[removed]", _ADDRESS.sub("[address]", text))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, dict):
        return {key: "[removed]" if _SECRET_KEYS.search(str(key)) else _scrubbed(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(one) for one in value]
    return value


def scrub(logger: Any, method: str, event: Event) -> Event:
    """Last processor before rendering: nothing personal leaves the process."""
    # Django's own lines end with the path; ours carry the route.
    if str(event.get("logger", "")).startswith("django.") and isinstance(event.get("event"), str):
        event["event"] = _PATH.sub("[path]", event["event"])
    for key in list(event):
        if not key.startswith("_"):
            event[key] = "[removed]" if _SECRET_KEYS.search(key) else _scrubbed(event[key])
    return event


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING; sets structlog up to go the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, scrub, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's default sends these to a mail to the admins as well: a mail with the whole request in it.
            "django": {"handlers": [], "level": level, "propagate": True},
            # A 4xx is the caller's business and has its line already.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            # A line per received and finished task, twice a minute each, drowns the rest.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }
