"""Every change of plans and of the wordings of the criteria."""

from codesign.criteria.actions.evidence import add_evidence, redact_evidence, remove_evidence
from codesign.criteria.actions.plan import (
    add_action,
    draft_plan,
    mark_done,
    remove_action,
    reopen,
    update_action,
    verify,
)
from codesign.criteria.actions.wordings import (
    load_criteria,
    load_templates,
    publish_template,
    publish_wording,
)

__all__ = [
    "add_action",
    "add_evidence",
    "draft_plan",
    "load_criteria",
    "load_templates",
    "mark_done",
    "publish_template",
    "publish_wording",
    "redact_evidence",
    "remove_action",
    "remove_evidence",
    "reopen",
    "update_action",
    "verify",
]
