"""Every change of plans and of the wordings of the criteria."""

from codesign.criteria.actions.plan import (
    add_action,
    draft_plan,
    mark_done,
    remove_action,
    reopen,
    update_action,
    verify,
)
from codesign.criteria.actions.wordings import load_criteria, load_templates

__all__ = [
    "add_action",
    "draft_plan",
    "load_criteria",
    "load_templates",
    "mark_done",
    "remove_action",
    "reopen",
    "update_action",
    "verify",
]
