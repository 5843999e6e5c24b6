"""Variants in turn, whoever goes first rotating; ratios of medians, because the machine is shared and noisy."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Samples:
    """What one variant cost in each round, in milliseconds of CPU for one unit of work."""

    cpu_ms: list[float] = field(default_factory=list)
    peak_mib: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.cpu_ms)


def in_turn(variants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Samples]:
    """Run every variant once a round, A B C, B C A, …; each call answers its cost in CPU milliseconds."""
    found = {name: Samples() for name in variants}
    names = list(variants)
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            found[name].cpu_ms.append(variants[name]())
    return found


def ratios(samples: Mapping[str, Samples], *, floor: str) -> dict[str, dict[str, Any]]:
    """Each variant against the median of the floor: minimum, median, maximum."""
    base = samples[floor].median
    return {
        name: {
            "ratio": [round(value / base, 2) for value in (min(one.cpu_ms), one.median, max(one.cpu_ms))],
            "cpu_ms": round(one.median, 3),
            "peak_mib": one.peak_mib,
        }
        for name, one in samples.items()
    }


class Growth:
    """Peak memory of this process beyond what it had when asked."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._kib("VmRSS")

    @staticmethod
    def _kib(name: str) -> int:
        return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split()[0])

    @property
    def mib(self) -> float:
        return (self._kib("VmHWM") - self._before) / 1024
