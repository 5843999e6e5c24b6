"""What the domain may answer instead of a result. The web layer alone knows status numbers.

Each error carries a stable `code` for programs, a sentence for people, and for faults in what was
sent the list of `Fault`s with a JSON pointer each. Raise a subclass beside the action it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong in what was sent: where (JSON pointer), stable code, sentence."""

    pointer: str
    code: str
    message: str


@dataclass
class DomainError(Exception):
    """Base of all answers that are not results."""

    detail: str
    code: str = ""
    faults: tuple[Fault, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    default_code = "error"

    def __post_init__(self) -> None:
        self.code = self.code or self.default_code
        super().__init__(self.detail)


class Invalid(DomainError):
    """What was sent is not acceptable whatever the state of the register."""

    default_code = "invalid"

    @classmethod
    def at(cls, pointer: str, code: str, message: str) -> Invalid:
        """An error with exactly one fault."""
        return cls(message, code="invalid", faults=(Fault(pointer, code, message),))


class Refused(DomainError):
    """Well-formed, but the present state or another row forbids it."""

    default_code = "conflict"


class MoveNotAllowed(Refused):
    """The move does not start from the present state."""

    default_code = "move_not_allowed"


class Forbidden(DomainError):
    """The caller is known and may not do this."""

    default_code = "forbidden"


class NotFound(DomainError):
    """Absent, or not the caller's: both look the same."""

    default_code = "not_found"


class Stale(DomainError):
    """The row has moved on since the caller read it. `tag`: how it stands now, where an interface knows."""

    default_code = "stale"
    tag = ""


class Unavailable(DomainError):
    """Something that this needs is down for the moment."""

    default_code = "unavailable"


class TooLarge(DomainError):
    """More than one request may carry."""

    default_code = "too_large"


class Unsupported(DomainError):
    """A file or a form of content that is not taken."""

    default_code = "type_not_allowed"


class Rejected(Exception):
    """A mail server refused this recipient for good: a hard bounce, no use in trying again."""
