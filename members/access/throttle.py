"""Counting attempts, atomically, by address and by account.

The count is one atomic `incr` in the shared cache, so parallel requests can't slip past it, and the
address is the one that the last trusted proxy saw, so a forged X-Forwarded-For buys nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache


def address_of(meta: Mapping[str, Any], *, proxies: int) -> str:
    """The client's address behind `proxies` trusted proxies; IPv6 as its /64, which one client owns."""
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
    text = hops[-proxies] if 0 < proxies <= len(hops) else str(meta.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def wait_after(bucket: str, subjects: Iterable[str], *, limit: int, period: int, now: float) -> int | None:
    """Count one attempt for each of `subjects`; None when all are within `limit`, else the seconds to wait.

    `period` in seconds; windows stand still on the clock, so the wait is known. `now` is real time.
    """
    window, passed = divmod(int(now), period)
    over = [subject for subject in subjects if _count(f"{bucket}:{window}:{_blind(subject)}", period) > limit]
    return period - passed if over else None


def _blind(subject: str) -> str:
    # Cache keys may be listed by operators: they show no address and no account.
    return hashlib.sha256(subject.encode()).hexdigest()[:32]


def _count(key: str, period: int) -> int:
    cache.add(key, 0, timeout=period + 60)
    try:
        return cache.incr(key)
    except ValueError:  # evicted between the two calls
        cache.set(key, 1, timeout=period + 60)
        return 1
