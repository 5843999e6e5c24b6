"""Who acts: what the audit log needs to know of a caller, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The caller of an action. `user_id` is None for the system's own jobs and for the public."""

    user_id: UUID | None = None
    token_id: UUID | None = None
    label: str = "system"
    request_id: str = ""


SYSTEM = Actor()
