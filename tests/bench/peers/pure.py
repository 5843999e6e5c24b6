"""What every peer works out in Python, the same way."""

from __future__ import annotations

from typing import Any


def criteria(actions: list[Any]) -> list[dict[str, Any]]:
    """State of each criterion by the plan."""
    found = []
    for number in range(1, 7):
        states = [action.state for action in actions if action.criterion_number == number]
        if not states:
            state = "none"
        elif all(one == "verified" for one in states):
            state = "met"
        else:
            state = "planned" if all(one == "open" for one in states) else "in_progress"
        found.append({"number": number, "state": state})
    return found


def share(trained: int, staff: int) -> str | None:
    """Cut to two places."""
    return f"{trained * 100 // staff / 100:.2f}" if staff else None
