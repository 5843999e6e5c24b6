"""Every change of rosters."""

from codesign.rosters.actions.forgetting import forget
from codesign.rosters.actions.taking import Upload, abort, confirm, take, undo
from codesign.rosters.actions.working import work

__all__ = ["Upload", "abort", "confirm", "forget", "take", "undo", "work"]
