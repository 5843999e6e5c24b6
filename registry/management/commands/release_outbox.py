"""`manage.py release_outbox`: let the messages go that a restore has held."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.kernel.outbox import actions as outbox


class Command(BaseCommand):
    """The decision of a person: what was sent between the backup and the restore goes out a second time."""

    help = "Release the messages that a restore has held; they are sent at once when due."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Release and say how many."""
        self.stdout.write(f"{outbox.release()} messages released.")
