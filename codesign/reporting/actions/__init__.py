"""Every change in reporting, by use case."""

from __future__ import annotations

from codesign.reporting.actions.answers import answer_section, create
from codesign.reporting.actions.extensions import extend, revoke
from codesign.reporting.actions.questionnaires import load_questionnaire, load_shipped, publish_questionnaire
from codesign.reporting.actions.review import accept, publish, return_, submit
from codesign.reporting.actions.years import open_begun, open_new_obligations, open_obligations, open_year

__all__ = [
    "accept",
    "answer_section",
    "create",
    "extend",
    "load_questionnaire",
    "load_shipped",
    "open_begun",
    "open_new_obligations",
    "open_obligations",
    "open_year",
    "publish",
    "publish_questionnaire",
    "return_",
    "revoke",
    "submit",
]
