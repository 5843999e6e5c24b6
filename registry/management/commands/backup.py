"""`manage.py backup FILE`: everything into one archive, while the register goes on working."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.kernel import backup


class Command(BaseCommand):
    """Writes the archive, readable by its owner only: it holds everything that the register knows."""

    help = "Write the database and the stored files into FILE (.tar, or .tar.gz to compress)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command line."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write FILE or say why not."""
        os.umask(0o077)
        try:
            outcome = backup.write(file)
        except backup.BackupRefused as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{file}: database and {outcome.files} files, {outcome.size_bytes:,} bytes.")
