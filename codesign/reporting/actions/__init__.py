"""Every change in reporting, by use case."""

from __future__ import annotations

from codesign.reporting.actions.answers import answer_section, create, prefill
from codesign.reporting.actions.editions import publish_indicators
from codesign.reporting.actions.extensions import extend, revoke
from codesign.reporting.actions.files import add_file
from codesign.reporting.actions.links import make_link, revoke_link
from codesign.reporting.actions.publication import choose_public
from codesign.reporting.actions.questionnaires import load_questionnaire, load_shipped, publish_questionnaire
from codesign.reporting.actions.redaction import redact, redact_again, redact_edition, redact_extension
from codesign.reporting.actions.returns import answer_return, open_returns, reopen_return, submit_return
from codesign.reporting.actions.review import accept, correct, publish, return_, submit, submit_provisional
from codesign.reporting.actions.slices import accept_slice, pass_silent, return_slice
from codesign.reporting.actions.years import open_begun, open_new_obligations, open_obligations, open_year

__all__ = [
    "accept",
    "accept_slice",
    "add_file",
    "answer_return",
    "answer_section",
    "choose_public",
    "correct",
    "create",
    "extend",
    "load_questionnaire",
    "load_shipped",
    "make_link",
    "open_begun",
    "open_new_obligations",
    "open_obligations",
    "open_returns",
    "open_year",
    "pass_silent",
    "prefill",
    "publish",
    "publish_indicators",
    "publish_questionnaire",
    "redact",
    "redact_again",
    "redact_edition",
    "redact_extension",
    "reopen_return",
    "return_",
    "return_slice",
    "revoke",
    "revoke_link",
    "submit",
    "submit_provisional",
    "submit_return",
]
