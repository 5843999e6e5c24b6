"""The verbs of the diaries: each is one or two calls of the register's actions by whom it behoves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from codesign.companies import actions as companies
from codesign.companies.models import Company as Record
from codesign.criteria import actions as plans
from codesign.criteria.models import PlanAction
from codesign.fees import actions as fees
from codesign.fees.models import UNSETTLED, CodeAgreement, Invoice, SigningSide
from codesign.notices.actions import record_notice
from codesign.notices.models import NoticeKind
from codesign.reporting import actions as reporting
from codesign.reporting.models import Report, ReportingYear
from codesign.standing import actions as moves
from codesign.training.actions import completions, staff
from codesign.training.actions.items import ItemResult, ItemStatus
from codesign.training.models import StaffMember
from members.people import actions as people
from members.people.models import Contact, ContactRole
from members.scope import Scope
from registry.kernel.audit.actor import SYSTEM
from registry.management.demo.cast import ZONE, Cast
from registry.management.demo.diary import Entry, Story

ROLES = {
    "hotel": ("front_desk", "housekeeping", "housekeeping", "food_beverage", "security", "management"),
    "agency": ("sales", "sales", "guide", "management"),
    "office": ("sales", "guide", "other", "management"),
    "other": ("driver", "driver", "driver", "management"),
}
COURSE = "code-elearning-demo"
FIRST_HIRE, HIRING_DAYS = date(2021, 1, 11), 1290


class Company:
    """One company of the book as its story is played."""

    id: UUID
    membership_id: UUID

    def __init__(self, story: Story, players: Cast) -> None:
        self.story, self.players = story, players
        self.sites: list[UUID] = []

    def play(self, entry: Entry, *, at: datetime) -> None:
        """Do what an entry says."""
        getattr(self, f"_{entry.verb}")(at, **entry.given)

    # ── joining ───────────────────────────────────────────────────────────────────────────────

    def _open(self, at: datetime) -> None:
        story, lcr = self.story, self._lcr(at)
        company = companies.register_company(
            category=story.category,
            name=story.name,
            country_id="BE",
            website=f"https://{story.domain}",
            languages=[story.language],
            is_demo=True,
            revenue_band=story.band,
            actor=lcr,
            at=at,
        )
        self.id = company.pk
        for place in story.places:
            site = companies.open_site(
                company_id=self.id, name=place.name, country_id="BE", kind=place.kind, actor=lcr, at=at
            )
            self.sites.append(site.pk)
            companies.record_head_count(
                site_id=site.pk, staff_count=place.head_count, valid_from=at.date(), actor=lcr, at=at
            )
        for role in (ContactRole.REPORTING_OFFICER, ContactRole.TRAINING_OFFICER):
            people.add(
                organisation_id=self.id,
                role=role,
                email=f"{role.value.replace('_', '.')}@{story.domain}",
                language=story.language,
                zone=ZONE,
                actor=lcr,
                at=at,
            )
        self.membership_id = companies.open_membership(company_id=self.id, actor=lcr, at=at).pk

    def _submit(self, at: datetime) -> None:
        moves.submit(membership_id=self.membership_id, actor=self._own(at), at=at)

    def _submit_plan(self, at: datetime) -> None:
        language = self.story.language
        plans.draft_plan(membership_id=self.membership_id, language=language, actor=self._lcr(at), at=at)
        moves.submit_plan(membership_id=self.membership_id, actor=self._own(at), at=at)

    def _request_changes(self, at: datetime) -> None:
        moves.request_changes(membership_id=self.membership_id, actor=self._lcr(at), at=at)

    def _endorse(self, at: datetime) -> None:
        moves.approve(membership_id=self.membership_id, actor=self._lcr(at), at=at)

    def _approve(self, at: datetime) -> None:
        moves.approve(membership_id=self.membership_id, actor=self._secretariat(at), at=at)

    def _sign(self, at: datetime) -> None:
        agreement = CodeAgreement.objects.get(membership=self.membership_id)
        for side, actor in ((SigningSide.COMPANY, self._own(at)), (SigningSide.REPRESENTATIVE, self._lcr(at))):
            moves.sign_agreement(
                agreement_id=agreement.pk, side=side, role="director", signed_on=at.date(), actor=actor, at=at
            )

    def _reject(self, at: datetime, *, reason: str) -> None:
        word = moves.Word(reason_code=reason)
        moves.reject(membership_id=self.membership_id, word=word, actor=self._secretariat(at), at=at)

    def _withdraw(self, at: datetime) -> None:
        moves.withdraw(membership_id=self.membership_id, actor=self._own(at), at=at)

    def _expire(self, at: datetime) -> None:
        moves.expire(membership_id=self.membership_id, actor=self._secretariat(at), at=at)

    # ── being a member ────────────────────────────────────────────────────────────────────────

    def _invoice(self, at: datetime) -> None:
        companies.update_company(company_id=self.id, revenue_band=self.story.band, actor=self._own(at), at=at)
        fees.issue_invoice(membership_id=self.membership_id, year=at.year, actor=self._lcr(at), at=at)

    def _pay(self, at: datetime) -> None:
        invoice = Invoice.objects.get(membership=self.membership_id, state__in=UNSETTLED)
        moves.record_payment(
            invoice_id=invoice.pk,
            amount_eur=invoice.amount_eur,
            paid_on=at.date(),
            reference=f"DEMO/{invoice.number}",
            actor=self._lcr(at),
            at=at,
        )

    def _progress(self, at: datetime, *, share: float) -> None:
        actions = PlanAction.objects.filter(membership=self.membership_id).order_by("criterion_number", "pk")
        for action in actions[: round(actions.count() * share)]:
            link = f"https://evidence.example/{action.template_code or action.pk}"
            plans.add_evidence(action_id=action.pk, link=link, actor=self._own(at), at=at)
            plans.mark_done(action_id=action.pk, done_on=at.date(), actor=self._own(at), at=at)
            plans.verify(action_id=action.pk, actor=self._lcr(at), at=at)

    def _warn(self, at: datetime, *, kind: str) -> None:
        record_notice(membership_id=self.membership_id, kind=NoticeKind(kind), sent_at=at, actor=self._lcr(at), at=at)

    def _suspend(self, at: datetime, *, ground: str) -> None:
        word = moves.Word(reason_code=ground)
        moves.suspend(membership_id=self.membership_id, word=word, actor=self._secretariat(at), at=at)

    def _terminate(self, at: datetime, *, ground: str) -> None:
        word = moves.Word(reason_code=ground)
        moves.terminate(membership_id=self.membership_id, word=word, actor=self._secretariat(at), at=at)

    def _resign(self, at: datetime) -> None:
        moves.resign(membership_id=self.membership_id, actor=self._own(at), at=at)

    def _dissolve(self, at: datetime) -> None:
        moves.dissolve(membership_id=self.membership_id, actor=self._secretariat(at), at=at)

    def _merge(self, at: datetime, *, into: str) -> None:
        successor = Record.objects.values_list("pk", flat=True).get(organisation__name=into)
        actor = self._secretariat(at)
        moves.merge(membership_id=self.membership_id, into_id=successor, actor=actor, at=at)

    def _bounce(self, at: datetime, *, role: str) -> None:
        """The address of this role is gone: nothing is written to it any more."""
        contact = Contact.objects.get(organisation=self.id, role=role)
        people.hold(contact_id=contact.pk, source="hard_bounce", actor=SYSTEM, at=at)

    # ── training ──────────────────────────────────────────────────────────────────────────────

    def _roster(self, at: datetime) -> None:
        people = [
            item for place in range(len(self.sites)) for item in self._people(place) if item["hired_on"] <= at.date()
        ]
        _done(staff.register(items=dict(enumerate(people)), actor=self._own(at), at=at))

    def _train(self, at: datetime, *, share: float) -> None:
        """Those who are there, but for one in so many; newcomers are entered on the way."""
        self._roster(at)
        here = StaffMember.objects.filter(company=self.id, hired_on__lte=at.date(), left_on=None).order_by("reference")
        references = list(here.values_list("reference", flat=True))
        chosen = references[: round(len(references) * share)]
        items = [{"reference": reference, "course": COURSE, "completed_on": at.date()} for reference in chosen]
        _done(completions.push(items=dict(enumerate(items)), actor=self._own(at), at=at))

    def _turnover(self, at: datetime, *, hired: int, left: int) -> None:
        """New people, in grace and seasonal every other one; the last of the roster leave."""
        roster = StaffMember.objects.filter(company=self.id).order_by("-reference")
        for person in roster[:left]:
            staff.leave(staff_id=person.pk, left_on=at.date(), actor=self._own(at), at=at)
        place, model = self.story.places[0], self._people(0)[0]
        first = place.staff + 1
        newcomers = [
            {
                **model,
                "reference": f"{place.code}-{number:04}",
                "employment": "seasonal" if number % 2 else "regular",
                "hired_on": at.date(),
                "since": at.date(),
            }
            for number in range(first, first + hired)
        ]
        _done(staff.register(items=dict(enumerate(newcomers)), actor=self._own(at), at=at))

    def _people(self, index: int) -> list[dict[str, Any]]:
        place = self.story.places[index]
        roles = ROLES[place.kind]
        return [
            {
                "reference": f"{place.code}-{number:04}",
                "site": self.sites[index],
                "role": roles[number % len(roles)],
                "employment": "agency" if number % 9 == 8 else "regular",
                "language": self.story.language,
                "hired_on": FIRST_HIRE + timedelta(days=number * 97 % HIRING_DAYS),
                "since": FIRST_HIRE + timedelta(days=number * 97 % HIRING_DAYS),
            }
            for number in range(1, place.staff + 1)
        ]

    # ── reporting ─────────────────────────────────────────────────────────────────────────────

    def _draft_report(self, at: datetime, *, year: int) -> Report:
        report = reporting.create(company_id=self.id, year=year, actor=self._own(at), at=at)
        self._answer(report, at, sections=slice(3))
        return report

    def _report(self, at: datetime, *, year: int) -> None:
        report = reporting.create(company_id=self.id, year=year, actor=self._own(at), at=at)
        self._answer(report, at, sections=slice(None))
        reporting.submit(report_id=report.pk, expected_version=None, actor=self._own(at), at=at)

    def _review(self, at: datetime, *, year: int, move: str) -> None:
        report = Report.objects.get(company=self.id, reporting_year__year=year)
        given: dict[str, Any] = {"report_id": report.pk, "expected_version": None, "actor": self._lcr(at), "at": at}
        if move == "return":
            comments = {"staff_trained": "Does this include the people of the agency?"}
            reporting.return_(comments=comments, **given)
        else:
            {"accept": reporting.accept, "publish": reporting.publish}[move](**given)

    def _extend(self, at: datetime, *, year: int, until: str, reason: str) -> None:
        reporting.extend(
            reporting_year_id=ReportingYear.objects.values_list("pk", flat=True).get(year=year),
            until=date.fromisoformat(until),
            reason=reason,
            company_id=self.id,
            actor=self._lcr(at),
            at=at,
        )

    def _answer(self, report: Report, at: datetime, *, sections: slice) -> None:
        for section, answers in list(self._answers(at).items())[sections]:
            reporting.answer_section(
                report_id=report.pk,
                section=section,
                answers=answers,
                expected_version=None,
                actor=self._own(at),
                at=at,
            )

    def _answers(self, at: datetime) -> dict[str, dict[str, Any]]:
        """Figures that fit the size of the company, a little better every year."""
        people = sum(place.head_count for place in self.story.places)
        years = at.year - 2024
        return {
            "criterion-1": {"has_policy": True, "policy_date": "2024-05-02", "offers_voluntourism": False},
            "criterion-2": {"staff_total": people, "staff_trained": people * (6 + years) // 9},
            "criterion-3": {"contracts_total": 12, "contracts_with_clause": 5 + 2 * years, "contracts_ended": 0},
            "criterion-4": {"travellers_informed": people * 240, "material_languages": ["en", "fr", "nl"]},
            "criterion-5": {"stakeholder_actions": 1 + years},
            "criterion-6": {"sites_in_scope": len(self.sites), "sites_answering": len(self.sites)},
        }

    # ── who ───────────────────────────────────────────────────────────────────────────────────

    def _own(self, at: datetime) -> Scope:
        return self.players.company(self.id, at.date())

    def _lcr(self, at: datetime) -> Scope:
        return self.players.representative(at.date())

    def _secretariat(self, at: datetime) -> Scope:
        return self.players.secretariat(at.date())


def _done(results: list[ItemResult]) -> None:
    """A book that the register refuses a line of is a bug of the book."""
    faults = [result for result in results if result.status is ItemStatus.ERROR]
    if faults:
        raise RuntimeError(f"The register refuses {len(faults)} lines of the demo book, such as {faults[0]}")
