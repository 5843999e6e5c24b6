"""Everything that reporting keeps."""

from __future__ import annotations

from codesign.reporting.answers import QuestionKind
from codesign.reporting.lifecycle import ReportMoveKind, ReportState, ReturnState, SliceState
from codesign.reporting.models.calendar import Extension, ReportingYear, ReportObligation
from codesign.reporting.models.groups import ReportSlice, ReturnLink, SiteAnswer, SiteReturn, SiteSectionVersion
from codesign.reporting.models.questionnaires import (
    Publicity,
    Question,
    QuestionLevel,
    Questionnaire,
    QuestionnaireState,
)
from codesign.reporting.models.reports import (
    Answer,
    Report,
    ReportFile,
    ReportMove,
    ReportSnapshot,
    SectionVersion,
    SnapshotKind,
)
from codesign.reporting.models.statistics import Contribution, IndicatorCell, IndicatorEdition

__all__ = [
    "Answer",
    "Contribution",
    "Extension",
    "IndicatorCell",
    "IndicatorEdition",
    "Publicity",
    "Question",
    "QuestionKind",
    "QuestionLevel",
    "Questionnaire",
    "QuestionnaireState",
    "Report",
    "ReportFile",
    "ReportMove",
    "ReportMoveKind",
    "ReportObligation",
    "ReportSlice",
    "ReportSnapshot",
    "ReportState",
    "ReportingYear",
    "ReturnLink",
    "ReturnState",
    "SectionVersion",
    "SiteAnswer",
    "SiteReturn",
    "SiteSectionVersion",
    "SliceState",
    "SnapshotKind",
]
