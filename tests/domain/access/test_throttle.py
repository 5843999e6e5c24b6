"""Counting attempts: atomic, by address and account, deaf to forged headers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from members.access.throttle import address_of, wait_after

NOON = 1_800_000_000.0 - 1_800_000_000.0 % 3600


def attempt(*subjects: str, now: float = NOON, limit: int = 3) -> int | None:
    return wait_after("test", subjects, limit=limit, period=3600, now=now)


def test_the_attempt_beyond_the_limit_waits_for_the_end_of_the_hour():
    answers = [attempt("a", now=NOON + 600) for _ in range(4)]

    assert answers == [None, None, None, 3000]


def test_the_next_hour_starts_anew():
    for _ in range(4):
        attempt("a")

    assert attempt("a", now=NOON + 3600) is None


def test_subjects_and_buckets_are_counted_apart():
    for _ in range(4):
        attempt("a")

    assert attempt("b") is None
    assert wait_after("other", ("a",), limit=3, period=3600, now=NOON) is None


def test_one_subject_over_its_limit_stops_the_attempt():
    for number in range(3):
        attempt("account", f"address{number}")

    assert attempt("account", "fresh address") == 3600


def test_parallel_attempts_do_not_slip_past_the_count():
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: attempt("a", limit=10), range(200)))

    assert answers.count(None) == 10


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        (None, 0, "203.0.113.9"),
        ("198.51.100.1", 0, "203.0.113.9"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.0.0.1", 2, "198.51.100.1"),
        ("198.51.100.1", 2, "203.0.113.9"),
        ("not an address", 1, "unknown"),
        ("2001:db8:1:2:aaaa::1", 1, "2001:db8:1:2::"),
    ],
)
def test_only_trusted_proxies_name_the_address(forwarded, proxies, expected):
    meta = {"REMOTE_ADDR": "203.0.113.9"} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert address_of(meta, proxies=proxies) == expected
