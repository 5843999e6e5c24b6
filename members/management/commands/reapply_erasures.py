"""`manage.py reapply_erasures`: erase again whom a restored backup has brought back."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from members.people import ledger
from members.people.actions import erasing
from members.people.models import ErasureLedger
from registry.kernel.audit.actor import Actor


class Command(BaseCommand):
    """Goes by the salted hashes in the ledger, of the database and beside it; safe to repeat. `restore` calls it."""

    help = "Erase again everybody who was erased before a restore brought them back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command line."""
        parser.add_argument(
            "--only-keep", action="store_true", help="Only copy the ledger beside the database that is to be replaced."
        )

    def handle(self, *args: Any, only_keep: bool, **options: Any) -> None:
        """Say per place how many rows were emptied."""
        if only_keep:
            self._keep()
        elif not _has_ledger():
            self.stdout.write("This database is of an older program: after migrate, run reapply_erasures.")
        else:
            counts = erasing.reapply(actor=Actor(label="reapply_erasures"))
            told = ", ".join(f"{count} {place}" for place, count in counts.items())
            self.stdout.write(f"Erased again: {told}.")

    def _keep(self) -> None:
        try:
            if _has_ledger():
                ledger.merge()
        except DatabaseError as error:  # a damaged database is why somebody restores
            self.stderr.write(f"The ledger of the present database can't be read ({type(error).__name__}).")


def _has_ledger() -> bool:
    # Asking SQLite would make the file that is not there.
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return ErasureLedger._meta.db_table in connection.introspection.table_names()
