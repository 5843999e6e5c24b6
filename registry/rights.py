"""The rights table of the whole register: every package's rows in one."""

from codesign.api.rights import RIGHTS as CODE_RIGHTS
from members.api.rights import RIGHTS as NETWORK_RIGHTS

RIGHTS: dict[str, frozenset[str]] = {**NETWORK_RIGHTS, **CODE_RIGHTS}
