"""Who reads figures: everybody; which ones, the catalogue says."""

from __future__ import annotations

from members.scope import Role

FIGURES_RIGHTS: dict[str, frozenset[str]] = {
    "figures.list": frozenset(Role),
    "figures.read": frozenset(Role),
}
