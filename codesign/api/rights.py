"""The rights table of the package: one part per area, merged. Deny by default."""

from codesign.api.company_rights import COMPANY_RIGHTS
from codesign.api.fee_rights import FEE_RIGHTS
from codesign.api.figures_rights import FIGURES_RIGHTS
from codesign.api.handover_rights import HANDOVER_RIGHTS
from codesign.api.process_rights import PROCESS_RIGHTS
from codesign.api.recognition_rights import RECOGNITION_RIGHTS
from codesign.api.reminder_rights import REMINDER_RIGHTS
from codesign.api.reporting_rights import REPORTING_RIGHTS
from codesign.api.roster_rights import ROSTER_RIGHTS
from codesign.api.standing_rights import STANDING_RIGHTS
from codesign.api.training_rights import TRAINING_RIGHTS
from codesign.api.worklist_rights import WORKLIST_RIGHTS

RIGHTS: dict[str, frozenset[str]] = {
    **COMPANY_RIGHTS,
    **FEE_RIGHTS,
    **STANDING_RIGHTS,
    **PROCESS_RIGHTS,
    **REPORTING_RIGHTS,
    **TRAINING_RIGHTS,
    **RECOGNITION_RIGHTS,
    **ROSTER_RIGHTS,
    **REMINDER_RIGHTS,
    **FIGURES_RIGHTS,
    **HANDOVER_RIGHTS,
    **WORKLIST_RIGHTS,
}
