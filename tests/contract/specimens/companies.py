"""Specimens of companies, sites, plans and fees."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from codesign.companies.actions import declare
from codesign.companies.lifecycle import FORMER, MEMBER
from codesign.companies.models import ReportsThrough
from members.scope import Role
from registry.kernel.audit.actor import SYSTEM
from tests.contract.places import Place
from tests.contract.specimens.specimen import Specimen, reads, sent
from tests.factories import companies, criteria
from tests.factories.documents import make_document

_numbers = count(1)
WORDS = dict.fromkeys(("en", "fr", "nl", "de", "es"), "Policy")
NONE_OFFERED = {"year": 2026, "offers_volunteering": False, "offers_residential_care": False}


def site(place: Place) -> Any:
    """An open site."""
    row = companies.make_site(company=place.company(), country_id=place.country)
    place.hold(row.company.organisation, site_ids=(row.pk,))
    return row


def membership(place: Place, state: str = "draft") -> Any:
    """A membership in `state`; its number is none that the register gives."""
    numbered = {"number": f"TC-ZZ-{next(_numbers):05d}"} if state in MEMBER | FORMER else {}
    return companies.make_membership(company=place.company(), state=state, **numbered)


def action(state: str = "open") -> Any:
    """Makes a planned action, at a site where the caller holds one."""

    def make(place: Place) -> Any:
        where = site(place)
        return criteria.make_plan_action(membership=membership_of(where.company), site=where, state=state)

    return make


def shown_action(place: Place) -> Any:
    """A done action with its evidence."""
    row = action("done")(place)
    criteria.make_evidence(row)
    return row


def evidence(place: Place) -> Any:
    """A link that shows an action done."""
    return criteria.make_evidence(action("done")(place))


def document(place: Place) -> Any:
    """A stored document that shows an action done."""
    return criteria.make_evidence(action("done")(place), link="", document=make_document())


def membership_of(company: Any) -> Any:
    """A draft of that company."""
    return companies.make_membership(company=company, state="draft")


def owned_site(place: Place) -> Any:
    """A site that may change hands."""
    return companies.make_site(company=place.company(), country_id=place.country)


def line(place: Place) -> Any:
    """A company for which its group reports."""
    company, through = place.company(), place.company()
    return ReportsThrough.objects.create(
        company=company, through=through, valid_from=date(2026, 1, 1), recorded_at=companies.EARLIER
    )


def declaration(place: Place) -> Any:
    """What a company declared for this year."""
    return declare(company_id=place.company().pk, **NONE_OFFERED, actor=SYSTEM, at=companies.AT)


def criterion(place: Place) -> Any:
    """The six criteria, of which the list shows all."""
    criteria.load_wordings()


def templates(place: Place) -> Any:
    """What every first plan proposes, of which the list shows all."""
    criteria.load_plan_templates()


def _template_body(place: Place, row: Any) -> dict[str, Any]:
    criteria.load_plan_templates()
    given = {"code": "policy", "criterion_number": 1, "responsible_role": "director", "due_months": 2}
    return {**given, "titles": WORDS, "effective_from": "2027-01-01"}


def _company_body(place: Place, row: Any) -> dict[str, Any]:
    if place.role is Role.APPLICANT:
        return {"name": "Hotel Fictif Neuf (DEMO)", "country": "BE", "category": "hotel"}
    return {"organisation": str(place.organisation().pk), "category": "hotel"}


def _site_body(place: Place, row: Any) -> dict[str, Any]:
    return {"company": str(place.company().pk), "name": "Brussels Centre", "country": "BE"}


def _new_owner(place: Place, row: Any) -> dict[str, Any]:
    return {"company": str(place.company().pk), "since": "2026-07-01"}


def _line_body(place: Place, row: Any) -> dict[str, Any]:
    through = companies.make_membership(company=place.company(), state="active", number=f"TC-ZZ-{next(_numbers):05d}")
    return {"company": str(place.company().pk), "through": str(through.company_id), "valid_from": "2026-01-01"}


def _declaration_body(place: Place, row: Any) -> dict[str, Any]:
    return {"company": str(place.company().pk), **NONE_OFFERED}


def _action_body(place: Place, row: Any) -> dict[str, Any]:
    plan = {"criterion_number": 4, "title": "Show the channel", "responsible_role": "director", "due_on": "2027-03-31"}
    return {"membership": str(membership(place).pk), **plan}


def _evidence_body(place: Place, row: Any) -> dict[str, Any]:
    return {"action": str(action()(place).pk), "link": "https://hotel.example/policy"}


def _draft_body(place: Place, row: Any) -> dict[str, Any]:
    criteria.load_plan_templates()
    return {"membership": str(membership(place).pk)}


COMPANIES: dict[str, Specimen] = {
    **reads("companies", lambda place: place.company()),
    "companies_export": Specimen(row=lambda place: place.company()),
    "companies_create": Specimen(body=_company_body, refs=("organisation",), status=201),
    "companies_update": Specimen(row=lambda place: place.company(), body=sent(revenue_band="to_50m")),
    "companies_standing": Specimen(row=lambda place: membership(place, "active").company),
    "companies_timeline": Specimen(row=lambda place: membership(place, "active").company),
    **reads("sites", site),
    "sites_create": Specimen(body=_site_body, refs=("company",), status=201),
    "sites_update": Specimen(row=site, body=sent(name="Brussels North")),
    "sites_close": Specimen(row=site, body=sent(closed_on="2026-10-31")),
    "sites_record_head_count": Specimen(row=site, body=sent(staff_count=42, valid_from="2026-09-01")),
    "sites_list_head_counts": Specimen(row=site),
    "sites_hand_over": Specimen(row=owned_site, body=_new_owner, refs=("company",)),
    "companies_tree": Specimen(row=lambda place: place.company()),
    **reads("reports_through", line),
    "reports_through_create": Specimen(body=_line_body, refs=("company", "through"), status=201),
    "reports_through_end": Specimen(row=line, body=sent(valid_until="2026-12-31")),
    **reads("voluntourism_declarations", declaration),
    "voluntourism_declarations_create": Specimen(body=_declaration_body, refs=("company",), status=201),
    **reads("decisions", lambda place: companies.make_decision(membership=membership(place, "suspended"))),
    **reads(
        "members",
        lambda place: membership(place, "active" if place.is_own else "draft"),
        hides_from_all=True,
    ),
    "members_export": Specimen(),
    "criteria_wordings": Specimen(row=criterion, is_shared=True),
    "criteria_create": Specimen(body=sent(number=1, names=WORDS, texts=WORDS, effective_from="2027-01-01"), status=201),
    "companies_plan": Specimen(row=lambda place: membership(place, "active").company),
    "criteria_list": Specimen(row=criterion, is_shared=True),
    "plan_templates_list": Specimen(row=templates, is_shared=True),
    "plan_templates_versions": Specimen(row=templates, is_shared=True),
    "plan_templates_create": Specimen(body=_template_body, status=201),
    **reads("plan_actions", action()),
    "plan_actions_draft": Specimen(body=_draft_body, refs=("membership",), status=201),
    "plan_actions_create": Specimen(body=_action_body, refs=("membership",), status=201),
    "plan_actions_update": Specimen(row=action(), body=sent(due_on="2027-06-30")),
    "plan_actions_destroy": Specimen(row=action(), status=204),
    "plan_actions_done": Specimen(row=action(), body=sent(done_on="2026-11-20")),
    "plan_actions_reopen": Specimen(row=action("done")),
    "plan_actions_verify": Specimen(row=shown_action),
    **reads("plan_evidence", evidence),
    "plan_evidence_create": Specimen(body=_evidence_body, refs=("action",), status=201),
    "plan_evidence_destroy": Specimen(row=evidence, status=204),
    "plan_evidence_file": Specimen(row=document),
    "plan_evidence_redact": Specimen(row=evidence, body=sent(reason="names_a_person")),
}
