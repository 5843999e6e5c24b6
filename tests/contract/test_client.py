"""The generated client walks the main job against a running server: from the application to the figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.conftest import _client_for
from tests.contract.generated import Client, generate, model
from tests.factories import criteria, fees, reporting, training
from tests.factories.access import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DAY = date(2026, 11, 22)


@pytest.fixture(scope="session", autouse=True)
def _client(tmp_path_factory: pytest.TempPathFactory) -> None:
    generate(tmp_path_factory.mktemp("client"))


@pytest.fixture
def caller(live_server: Any) -> Any:
    """Makes the client of a role."""

    def make(role: str, **options: Any) -> Client:
        return Client(live_server.url, _client_for(role, **options).token)

    return make


@pytest.fixture(autouse=True)
def _reference() -> None:
    criteria.load_wordings()
    criteria.load_plan_templates()
    fees.load_fee_table()
    training.load_default_requirements()
    reporting.make_year(2025)


def test_the_main_job(live_server, caller):
    lcr, secretariat = caller("lcr", country="BE"), caller("secretariat")

    # The representative enters the company and starts its application.
    company = lcr.companies_create(
        body=model("CompanyRequest")(
            name="Hôtel Fictif (DEMO)",
            country="BE",
            category=model("CompanyCategory").HOTEL,
            revenue_band=model("RevenueBand").TO_2_5M,
        )
    ).parsed
    membership = lcr.code_memberships_create(body=model("OpenRequest")(company=company.id)).parsed.id

    # The company's editor, by invitation, drafts the plan and hands it in.
    editor = caller("company_editor", organisation=company.id)
    plan = editor.plan_actions_draft(body=model("DraftPlanRequest")(membership=membership)).parsed
    move = model("MoveRequest")
    for name in ("submit", "submit_plan"):
        tag = editor.code_memberships_read(membership).headers["ETag"]
        getattr(editor, f"code_memberships_{name}")(membership, body=move(), if_match=tag)

    # Both say yes; the yes that completes them issues invoice and agreement.
    for officer in (lcr, secretariat):
        tag = officer.code_memberships_read(membership).headers["ETag"]
        state = officer.code_memberships_approve(membership, body=move(text="As agreed."), if_match=tag).parsed.state
    assert ({action.criterion_number for action in plan}, state) == (set(range(1, 7)), "approved")

    # Payment and both signatures make it a member.
    (invoice,) = editor.invoices_list(membership=[membership]).parsed.results
    payment = model("PaymentRequest")(
        invoice=invoice.id, amount_eur=invoice.amount_eur, paid_on=DAY, reference="2026/17"
    )
    receipts = [secretariat.payments_create(body=payment, idempotency_key="payment-17") for _ in range(2)]
    assert (invoice.amount_eur, receipts[0].content == receipts[1].content) == ("300.00", True)
    (agreement,) = editor.code_agreements_list(membership=[membership]).parsed.results
    for who, side in ((editor, "COMPANY"), (lcr, "REPRESENTATIVE")):
        tag = who.code_agreements_read(agreement.id).headers["ETag"]
        signature = model("SignRequest")(side=model("SigningSide")[side], role="director", signed_on=DAY)
        who.code_agreements_sign(agreement.id, body=signature, if_match=tag)
    member = editor.code_memberships_read(membership).parsed
    assert (member.state, member.is_signed, member.fee_is_settled) == ("active", True, True)
    (listed,) = Client(live_server.url).members_list(q="fictif").parsed.results
    assert (listed.number, listed.status) == (member.number, "member")

    # Its system pushes staff and completions; coverage counts them.
    site = editor.sites_create(body=model("SiteRequest")(company=company.id, name="Nord", country="BE")).parsed.id
    editor.sites_record_head_count(site, body=model("HeadCountRequest")(staff_count=4, valid_from=date(2026, 1, 1)))
    course = secretariat.courses_create(
        body=model("CourseRequest")(
            code="the-code-basics",
            names=model("CourseRequestNames").from_dict({"en": "The Code: basics"}),
            kind=model("CourseKind").ELEARNING,
            provider=model("CourseProvider").LCR,
        )
    ).parsed
    machine = editor.tokens_create_for_machine(
        body=model("MachineTokenRequest")(
            name="roster",
            role=model("GrantedRole").COMPANY_SYSTEM,
            organisation=company.id,
            scopes=[model("TokenScope").WRITE],
            days=30,
        )
    ).parsed.token
    system = Client(live_server.url, machine)
    roster = [
        model("StaffItemRequest")(
            reference=f"BRU-{number:04}", site=site, role=model("StaffRole").FRONT_DESK, hired_on=date(2024, 1, 1)
        )
        for number in range(3)
    ]
    items = [
        model("CompletionItemRequest")(reference=row.reference, course=course.code, completed_on=DAY)
        for row in roster[:2]
    ]
    created = [result.status for result in system.staff_create(body=roster).parsed]
    pushed = [result.status for result in system.completions_create(body=items).parsed]
    coverage = editor.training_coverage(company=company.id).parsed.total
    assert (created, pushed) == (["created"] * 3, ["created"] * 2)
    assert (coverage.numerator.value, coverage.denominator.value, coverage.unknown) == (2, 4, 1)
    assert coverage.value == "0.50"

    # The report: every section, handed in, accepted.
    report = editor.reports_create(body=model("ReportRequest")(company=company.id, year=2025)).parsed.id
    for section, values in reporting.ANSWERS.items():
        tag = editor.reports_section(report, section).headers["ETag"]
        answers = model("SectionRequestAnswers").from_dict(values)
        editor.reports_answer(report, section, body=model("SectionRequest")(answers=answers), if_match=tag)
    assert editor.reports_check(report).parsed.is_ready is True
    editor.reports_submit(report, if_match=editor.reports_read(report).headers["ETag"])
    accepted = lcr.reports_accept(report, if_match=lcr.reports_read(report).headers["ETag"]).parsed
    assert (accepted.state, accepted.completeness_share) == ("accepted", "1.00")

    # A dashboard reads the figures.
    dashboard = caller("evaluator")
    codes = {figure.code for figure in dashboard.figures_list().parsed}
    members = Client(live_server.url).figures_read("code-members").parsed
    assert ({"code-members", "training-coverage"} <= codes, members.total.value) == (True, 1)


def test_an_invited_person_accepts_through_the_client(live_server, caller):
    invited = (
        caller("secretariat")
        .invitations_create(
            body=model("InvitationRequest")(email="auditor@office.example", role=model("GrantedRole").AUDITOR)
        )
        .parsed
    )

    accepted = (
        Client(live_server.url)
        .invitations_accept(
            body=model("AcceptRequest")(token=invited.token, password=PASSWORD, language=model("Language").FR)
        )
        .parsed
    )

    assert accepted.role == "auditor"


def test_a_refusal_is_a_typed_problem(live_server, caller):
    from importlib import import_module

    module = import_module("the_code_register_client.api.companies.companies_create")
    inner = caller("lcr", country="BE").inner

    refused = module.sync(
        client=inner, body=model("CompanyRequest")(category=model("CompanyCategory").HOTEL, name="X", country="NL")
    )

    assert (type(refused), refused.status, refused.code) == (model("Problem"), 400, "invalid")
    assert [(fault.pointer, fault.code) for fault in refused.errors] == [("/country", "unknown_reference")]
