"""Each kind of rule has one source: who it is about, from which day it counts, and when it applies."""

from __future__ import annotations

from codesign.reminders.models import ReminderKind
from codesign.reminders.sources.base import COLUMNS, FALLBACKS, OWN_ROLES, Clause, Source, Verdict
from codesign.reminders.sources.code import ACTION_DUE, FEE_DUE, JOINING, REPORT_DUE
from codesign.reminders.sources.network import AGREEMENT_ENDING, AGREEMENT_WATCH, LCR_DIGEST
from codesign.reminders.sources.training import SITE_BELOW_TARGET, TRAINING_LAPSING

__all__ = ["COLUMNS", "FALLBACKS", "OWN_ROLES", "SOURCES", "Clause", "Source", "Verdict"]

SOURCES: dict[str, Source] = {
    ReminderKind.REPORT_DUE: REPORT_DUE,
    ReminderKind.JOINING: JOINING,
    ReminderKind.FEE_DUE: FEE_DUE,
    ReminderKind.ACTION_DUE: ACTION_DUE,
    ReminderKind.TRAINING_LAPSING: TRAINING_LAPSING,
    ReminderKind.SITE_BELOW_TARGET: SITE_BELOW_TARGET,
    ReminderKind.AGREEMENT_ENDING: AGREEMENT_ENDING,
    ReminderKind.AGREEMENT_WATCH: AGREEMENT_WATCH,
    ReminderKind.LCR_DIGEST: LCR_DIGEST,
}
