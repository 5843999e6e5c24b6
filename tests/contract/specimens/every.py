"""All specimens in one table, by operation id."""

from tests.contract.specimens.access import ACCESS
from tests.contract.specimens.companies import COMPANIES
from tests.contract.specimens.fees import FEES
from tests.contract.specimens.governance import GOVERNANCE
from tests.contract.specimens.imports import IMPORTS
from tests.contract.specimens.initiatives import INITIATIVES
from tests.contract.specimens.network import NETWORK
from tests.contract.specimens.network_changes import NETWORK_CHANGES
from tests.contract.specimens.organisations import ORGANISATIONS
from tests.contract.specimens.process import PROCESS
from tests.contract.specimens.recognition import RECOGNITION
from tests.contract.specimens.reporting import REPORTING
from tests.contract.specimens.reporting_groups import REPORTING_GROUPS
from tests.contract.specimens.rosters import ROSTERS
from tests.contract.specimens.specimen import Specimen
from tests.contract.specimens.standing import STANDING
from tests.contract.specimens.training import TRAINING
from tests.contract.specimens.worklist import WORKLIST

SPECIMENS: dict[str, Specimen] = {
    **IMPORTS,
    **INITIATIVES,
    **NETWORK,
    **NETWORK_CHANGES,
    **ORGANISATIONS,
    **GOVERNANCE,
    **ACCESS,
    **COMPANIES,
    **FEES,
    **STANDING,
    **PROCESS,
    **RECOGNITION,
    **REPORTING,
    **REPORTING_GROUPS,
    **TRAINING,
    **ROSTERS,
    **WORKLIST,
}
