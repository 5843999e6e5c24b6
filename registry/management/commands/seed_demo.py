"""`manage.py seed_demo`: the demo book, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registry.kernel import clock
from registry.management import demo


class Command(BaseCommand):
    """Loads the invented companies with which the register shows itself; done before, it changes nothing."""

    help = "Load the demo book: invented Belgian companies in every state, and log-ins to look at them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command line."""
        parser.add_argument("--scale", type=int, default=1, help="Write the book so many times over, for load.")

    def handle(self, *args: Any, scale: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo book has open passwords and invented members: never in production.")
        if not 1 <= scale <= 1000:
            raise CommandError("--scale takes 1 to 1000.")
        try:
            count = demo.seed(at=clock.now(), scale=scale, write=self.stdout.write)
        except demo.AlreadySeeded:
            self.stdout.write("The demo book is there already.")
        else:
            self.stdout.write(f"The demo book: {count} companies, all of them invented.")
