"""`manage.py reapply_erasures`: erase again whom a restored backup has brought back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from members.people.actions import erasing
from members.people.models import ErasureLedger
from registry.kernel.audit.actor import Actor


class Command(BaseCommand):
    """Goes by the salted hashes in the ledger, of the database and beside it; safe to repeat. `restore` calls it."""

    help = "Erase again everybody who was erased before a restore brought them back."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Say per place how many rows were emptied."""
        if ErasureLedger._meta.db_table not in connection.introspection.table_names():
            self.stdout.write("This database is of an older program: after migrate, run reapply_erasures.")
            return
        counts = erasing.reapply(actor=Actor(label="reapply_erasures"))
        self.stdout.write("Erased again: " + ", ".join(f"{count} {place}" for place, count in counts.items()) + ".")
