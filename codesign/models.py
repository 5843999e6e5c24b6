"""Index of the models of every capability: Django finds them here."""

from codesign.companies.models import *  # noqa: F403
from codesign.criteria.models import *  # noqa: F403
from codesign.fees.models import *  # noqa: F403
from codesign.handovers.models import *  # noqa: F403
from codesign.notices.models import *  # noqa: F403
from codesign.overview.models import *  # noqa: F403
from codesign.recognition.models import *  # noqa: F403
from codesign.reminders.models import *  # noqa: F403
from codesign.reporting.models import *  # noqa: F403
from codesign.rosters.models import *  # noqa: F403
from codesign.standing.models import *  # noqa: F403
from codesign.statements.models import *  # noqa: F403
from codesign.training.models import *  # noqa: F403
from codesign.worklist.models import *  # noqa: F403
