"""Index of the models of every capability: Django finds them here."""

from codesign.companies.models import *  # noqa: F403
from codesign.criteria.models import *  # noqa: F403
from codesign.fees.models import *  # noqa: F403
