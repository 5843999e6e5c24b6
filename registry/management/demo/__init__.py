"""The demo book: an invented Belgium with a company in every state, played through the register's own actions."""

from __future__ import annotations

from registry.management.demo.cast import LOGINS
from registry.management.demo.seeding import AlreadySeeded, seed

__all__ = ["LOGINS", "AlreadySeeded", "seed"]
