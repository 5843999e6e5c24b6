"""Who hands countries over, and who reads that one did."""

from __future__ import annotations

from members.scope import OVERSIGHT, Role

HANDOVER_RIGHTS: dict[str, frozenset[str]] = {
    "handovers.list": OVERSIGHT | {Role.LCR},
    "handovers.read": OVERSIGHT | {Role.LCR},
    "handovers.create": frozenset({Role.SECRETARIAT}),
}
