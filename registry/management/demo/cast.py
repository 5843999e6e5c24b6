"""Who acts in the demo book: log-ins without a name of anybody, and the scopes under which they act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from members.access.actions import grants
from members.access.models import User
from members.access.scopes import scope_of
from members.scope import Hat, Role, Scope
from registry.kernel.audit.actor import Actor

SEEDER = Actor(label="seed_demo")
# The source names the year in which the representative began: by its last day it had.
SINCE = date(2017, 12, 31)
ZONE = "Europe/Brussels"


class Login(NamedTuple):
    """A log-in as `make run` prints it."""

    email: str
    password: str
    who: str


SECRETARIAT = Login("officer@code-secretariat.example", "secretariat-of-the-demo", "secretariat")
SECOND_OFFICER = Login("second.officer@code-secretariat.example", "second-officer-of-the-demo", "secretariat")
LCR = Login("lcr.officer@ecpat-belgium.example", "representative-of-the-demo", "officer of ECPAT Belgium")
EDITOR = Login("editor@hotel-fictif-du-parc.example", "hotel-editor-of-the-demo", "editor of Hôtel Fictif du Parc")
AUDITOR = Login("auditor@audit-fictif.example", "auditor-of-the-demo-book", "auditor")
LOGINS = (SECRETARIAT, SECOND_OFFICER, LCR, EDITOR, AUDITOR)
STAFF = frozenset({SECRETARIAT, SECOND_OFFICER, LCR})


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The officers; each call answers their scope as of a day."""

    officer: Scope
    lcr_officer: Scope

    def secretariat(self, day: date) -> Scope:
        """The officer of the secretariat."""
        return replace(self.officer, day=day)

    def representative(self, day: date) -> Scope:
        """The officer of the Local Code Representative."""
        return replace(self.lcr_officer, day=day)

    def company(self, company_id: UUID, day: date) -> Scope:
        """Somebody who may speak for one company."""
        own = frozenset({company_id})
        hat = Hat(role=Role.COMPANY_EDITOR, organisation_id=company_id, organisation_ids=own)
        return Scope(label="company_editor", hats=(hat,), day=day)


def hire(login: Login, *, role: Role, organisation_id: UUID | None = None, language: str = "en", at: datetime) -> User:
    """Make a log-in that holds one role since the book begins."""
    user = User.objects.create_user(login.email, login.password, language=language, zone=ZONE, is_staff=login in STAFF)
    grants.give(user_id=user.pk, role=role, organisation_id=organisation_id, valid_from=SINCE, actor=SEEDER, at=at)
    return user


def scope(user: User, *, at: datetime) -> Scope:
    """What `user` may do on the day of `at`."""
    return scope_of(user, at=at, day=at.date())
