"""What the reader says of a file that it does not read."""

from __future__ import annotations


class Refused(Exception):
    """The file is not read. `code` is stable; the message repeats nothing of the file."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def too_many_rows(most: int) -> Refused:
    """More rows than are taken."""
    return Refused("too_many_rows", f"A file has at most {most} rows.")


def too_many_columns(most: int) -> Refused:
    """More columns than are taken."""
    return Refused("too_many_columns", f"A file has at most {most} columns.")
