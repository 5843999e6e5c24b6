"""Every change of reminders: the plan, the rules, the queue, the nudges, and what became of mails."""

from codesign.reminders.actions.closing import close, reopen
from codesign.reminders.actions.delivery import enter
from codesign.reminders.actions.feeds import open_feed, revoke_feed
from codesign.reminders.actions.nudging import Nudge, nudge
from codesign.reminders.actions.opting import opt_out
from codesign.reminders.actions.planning import make_due, plan, post
from codesign.reminders.actions.prodding import Prod, nudge_items, why_not_nudged
from codesign.reminders.actions.queue import NotWaiting, cancel, mark_handled, reconcile, send_now
from codesign.reminders.actions.releasing import release
from codesign.reminders.actions.rulebook import (
    draft,
    edit,
    load_rules,
    pause,
    pause_all,
    publish,
    resume,
    resume_all,
    retire,
)
from codesign.reminders.letters import TOPIC

__all__ = [
    "TOPIC",
    "NotWaiting",
    "Nudge",
    "Prod",
    "cancel",
    "close",
    "draft",
    "edit",
    "enter",
    "load_rules",
    "make_due",
    "mark_handled",
    "nudge",
    "nudge_items",
    "open_feed",
    "opt_out",
    "pause",
    "pause_all",
    "plan",
    "post",
    "publish",
    "reconcile",
    "release",
    "reopen",
    "resume",
    "resume_all",
    "retire",
    "revoke_feed",
    "send_now",
    "why_not_nudged",
]
