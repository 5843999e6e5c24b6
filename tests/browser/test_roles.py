"""What people come for: find a line, open a number, decide, see it change; as a hotel: apply, report, train."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from registry.management.demo.cast import EDITOR, LCR, SECRETARIAT

PDF = {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"}
# By section, as somebody fills it in.
ANSWERS: list[dict[str, Any]] = [
    {"has_policy": "Yes", "policy_date": "2026-05-02", "policy_told_to": ["Staff"], "offers_voluntourism": "No"},
    {"staff_total": "26", "staff_trained": "25"},
    {"contracts_total": "12", "contracts_with_clause": "9", "spend_under_clause_share": "0.75"},
    {"travellers_informed": "6200", "material_languages": ["French", "Dutch"]},
    {"stakeholder_actions": "2"},
    {"sites_in_scope": "1", "sites_answering": "1"},
    {"passed_on": "0"},
]


def api(url: str, path: str) -> Any:
    with urllib.request.urlopen(f"{url}/api/v1/{path}", timeout=20) as answer:
        return json.load(answer)


def answer(one: Any, code: str, value: str | list[str]) -> None:
    """Give an answer as a person does, and wait until it is kept."""
    field = one.page.locator(f"[data-question={code}]")
    for text in value if isinstance(value, list) else [value]:
        choice = field.locator("label.choice", has_text=text)
        if not choice.count():
            field.locator("input").first.fill(text)
        elif choice.locator("input").is_checked():
            continue  # it was filled in beforehand
        else:
            choice.click()
        saved(one)


def saved(one: Any) -> None:
    """Wait until all that was written is kept: it begins to be saved a moment after the last change."""
    one.page.locator(".saved", has_text=re.compile("^Saved$")).wait_for()


def mailed_link(folder: Path, address: str) -> str:
    """The newest link that was mailed to `address`; it takes the worker a moment."""
    last = time.monotonic() + 60
    while time.monotonic() < last:
        for file in sorted(
            (folder / "mailbox" / "new").glob("*"), key=lambda one: one.stat().st_mtime_ns, reverse=True
        ):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            found = re.search(r"/sign-in/sl_[0-9a-f]{64}/", mail.get_body(("plain",)).get_content())
            if found and mail["To"] == address:
                return found[0]
        time.sleep(0.3)
    raise AssertionError("No mail came.")


def test_a_stranger_opens_a_number_and_finds_a_line(reader: Any, url: str) -> None:
    one = reader()
    one.open("/")
    number = one.page.locator("[data-figure=code-members] button")

    assert number.inner_text() == str(api(url, "figures/code-members/")["total"]["value"])
    number.click()
    rows = one.page.locator("dialog tbody tr")
    rows.first.wait_for()
    assert rows.count() == int(number.inner_text())

    one.open("/where-to-report/")
    one.page.select_option("select[name=country]", "BE")
    one.page.click("text=Find the lines")
    first = one.page.locator(".line").first
    first.wait_for()
    assert first.locator("a").get_attribute("href") == "tel:112"
    assert one.page.locator('.line a[href="https://jedisstop.be/"]').count() == 1
    one.keep("finder-answer")


def test_a_chart_is_a_table_and_a_file_too(reader: Any) -> None:
    one = reader()
    one.open("/")
    card = one.page.locator("figure.chart").filter(has_text="Network members by region")

    card.locator("text=Table").click()
    assert card.locator("tbody tr").count() >= 4
    with one.page.expect_download() as download:
        card.locator("text=CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == '"Region","value","numerator","denominator","suppressed","as_of"'


def test_the_secretariat_approves_and_sees_the_figure_change(reader: Any) -> None:
    one = reader(SECRETARIAT.email)
    one.open("/desk/")
    funnel = one.page.locator("figure.chart").filter(has_text="On the way to membership")
    funnel.locator("text=Table").click()
    waiting = funnel.locator("tbody tr").filter(has_text="plan handed in")
    before = sum(int(text) for text in waiting.locator("td:last-child").all_inner_texts())

    one.open("/companies/")
    one.page.click("text=Hotel Fictief Brugge")
    one.settle()
    one.keep("company")
    one.page.locator("aside button", has_text="Approve").click()
    one.page.locator(".facts .badge", has_text="to pay and sign").wait_for()

    one.open("/desk/")
    funnel.locator("text=Table").click()
    assert sum(int(text) for text in waiting.locator("td:last-child").all_inner_texts()) == before - 1


def test_an_officer_reads_who_needs_them_today(reader: Any) -> None:
    one = reader(LCR.email)
    one.open("/desk/")

    lines = one.page.locator(".work > li")
    assert lines.count() >= 3
    assert lines.first.locator("h3").inner_text()
    assert lines.first.locator("p").first.inner_text()


def test_a_hotel_comes_by_mail_reports_and_trains(reader: Any, folder: Path) -> None:
    one = reader()
    one.page.goto(f"{one.url}/workspace/")
    one.page.fill("input[name=email]", EDITOR.email)
    one.page.click("text=Mail me a link")
    one.page.goto(one.url + mailed_link(folder, EDITOR.email))
    one.page.locator("main button").click()
    one.settle()
    assert one.page.locator("h1").inner_text() == "Hôtel Fictif du Parc (DEMO)"

    one.page.locator("#report button", has_text="Begin").click()
    one.page.locator(".sections").wait_for()
    one.settle()
    for part, answers in enumerate(ANSWERS):
        one.page.locator(".sections button").nth(part).click()
        one.settle()
        for code, value in answers.items():
            answer(one, code, value)
    one.page.locator(".sections button").nth(0).click()
    one.settle()
    one.page.locator("[data-question=policy_file] input[type=file]").set_input_files(PDF)
    one.page.locator("[data-question=policy_file] .sent a", has_text="policy.pdf").wait_for()
    saved(one)
    one.keep("hotel-report")
    one.page.locator("button", has_text="Hand it in").click()
    one.page.locator("#report .badge", has_text="handed in").wait_for()

    boxes = one.page.locator(".people input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    one.page.locator("button", has_text="Record the training").click()
    one.page.locator(".toast", has_text="2 recorded").wait_for()


def test_a_file_that_is_not_taken_is_refused_in_words(reader: Any) -> None:
    one = reader(EDITOR.email)
    one.open("/workspace/")
    action = one.page.locator("#plan li", has=one.page.locator(".badge", has_text="open")).first
    action.locator("summary").first.click()
    before = len(one.asked)

    action.locator("input[type=file]").set_input_files({**PDF, "name": "film.mp4"})

    assert "not taken" in action.locator(".notice").inner_text()
    assert one.asked[before:] == []
    action.locator("input[type=file]").set_input_files({**PDF, "buffer": b"no such thing"})
    action.locator(".notice", has_text="one of: pdf").wait_for()
    assert action.locator(".dated li").count() == 0
    one.complaints.clear()  # the browser names a refusal an error; it was the point


def test_a_hotel_shows_that_an_action_is_done(reader: Any) -> None:
    one = reader(EDITOR.email)
    one.open("/workspace/")
    first = one.page.locator("#plan li", has=one.page.locator(".badge", has_text="open")).first
    action = one.page.locator(f"#plan li[data-action='{first.get_attribute('data-action')}']")
    action.locator("summary").first.click()

    action.locator("input[type=file]").set_input_files(PDF)
    action.locator(".dated a", has_text="policy.pdf").wait_for()
    action.locator("button", has_text="It is done").click()

    action.locator(".badge", has_text="done").wait_for()
    one.keep("hotel-plan")
    with one.page.expect_download() as download:
        action.locator(".dated a").click()
    assert Path(download.value.path()).read_bytes() == PDF["buffer"]


def test_an_officer_reminds_a_company(reader: Any) -> None:
    one = reader(LCR.email)
    one.open("/desk/")
    late = one.page.locator(".work > li[data-kind=report_late]", has_text="Fictif Tours (DEMO)")

    late.locator("button", has_text="Remind").click()

    one.page.locator(".toast.good", has_text="A reminder goes to").wait_for()
    # What has left is not offered again: a call is the step then, and it is kept.
    late.locator("p", has_text="reminded today").wait_for()
    late.locator("button", has_text="Note a call").click()
    dialog = one.page.locator("dialog[open]")
    dialog.locator("textarea").fill("The report comes next week.")
    dialog.locator("button", has_text="Note a call").click()
    one.page.locator(".toast.good", has_text="Fictif Tours").last.wait_for()


POST = """([path, body]) => fetch(`/api/v1/${path}`, {
    method: "POST", body: JSON.stringify(body),
    headers: {"Content-Type": "application/json", "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1]},
}).then((answer) => answer.status)"""


def test_an_officer_decides_who_a_claim_means(reader: Any, url: str) -> None:
    claimant = reader(EDITOR.email)
    claimant.open("/workspace/")
    for name in ("Accor Belgium", "Hôtel Fictif Inconnu"):
        body = {"name": name, "country": "BE", "role": "director", "since": "2014"}
        assert claimant.page.evaluate(POST, ["signatory-claims/", body]) == 201
    one = reader(LCR.email)
    one.open("/desk/")
    known = one.page.locator(".work > li[data-kind=claim_to_decide]", has_text="Accor Belgium")
    unknown = one.page.locator(".work > li[data-kind=claim_to_decide]", has_text="Inconnu")
    dialog = one.page.locator("dialog[open]")

    unknown.locator("button", has_text="whom it may mean").click()
    dialog.locator(".empty", has_text="Nothing like it is recorded").wait_for()
    assert dialog.locator("dd").all_inner_texts()[:4] == [
        "Hôtel Fictif Inconnu, Belgium",
        "2014",
        "director",
        "hotel-fictif-du-parc.example",
    ]
    assert dialog.locator("button", has_text="It is this one").count() == 0
    dialog.locator("button", has_text="It means nobody").click()
    asking = one.page.locator("dialog.asking")
    asking.locator("select").select_option("nothing_known")
    one.keep("claim-declined")
    asking.locator("form button").click()
    one.page.locator(".toast.good", has_text="declined").wait_for()
    unknown.wait_for(state="detached")

    known.locator("button", has_text="whom it may mean").click()
    dialog.locator("input[type=radio]").first.wait_for()
    assert dialog.locator("fieldset a").first.get_attribute("href") == "https://ecpat.be/accor-belgique-signe-le-code/"
    assert one.faults() == []
    one.keep("claim")
    dialog.locator("label.choice", has_text="Accor Belgium").click()
    dialog.locator("button", has_text="It is this one").click()
    one.page.locator(".toast.good", has_text="accepted").wait_for()
    known.wait_for(state="detached")


def test_a_claim_is_read_on_a_phone_in_french_in_the_dark(reader: Any) -> None:
    claimant = reader(EDITOR.email)
    claimant.open("/workspace/")
    body = {"name": "Accor Belgique", "country": "BE", "role": "director"}
    assert claimant.page.evaluate(POST, ["signatory-claims/", body]) == 201
    one = reader(LCR.email, width=390, scheme="dark", language="fr")
    one.open("/desk/")

    one.page.locator(".work > li[data-kind=claim_to_decide] button").first.click()

    dialog = one.page.locator("dialog[open]")
    dialog.locator("h2", has_text="Signature revendiquée").wait_for()
    assert (one.faults(), one.too_wide()) == ([], 0)
    one.keep("claim-phone")
    dialog.locator("footer button", has_text="Cela ne désigne personne").click()
    one.page.locator("dialog.asking select").select_option("made_twice")
    one.page.locator("dialog.asking form button").click()
    one.page.locator(".toast.good", has_text="refusée").wait_for()


def test_the_map_leads_to_a_country(reader: Any) -> None:
    one = reader()
    one.open("/")
    one.page.locator(".land[aria-label^='Belgium']").click()
    dialog = one.page.locator("dialog[open]")
    dialog.locator("h2", has_text="Belgium").wait_for()
    dialog.locator("li", has_text="ECPAT Belgium").first.wait_for()
    one.keep("country")
    one.page.keyboard.press("Escape")

    one.page.locator(".land[tabindex='0']").focus()
    one.page.keyboard.press("ArrowRight")
    second = one.page.evaluate("document.activeElement.getAttribute('aria-label')")
    one.page.keyboard.press("Enter")
    dialog.locator("h2", has_text=second.split(":")[0]).wait_for()
    dialog.locator("footer a").click()
    one.page.locator(".found :is(.line, .empty)").first.wait_for()


def test_a_reader_chooses_light_or_dark(reader: Any) -> None:
    one = reader(scheme="light")
    one.open("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(ground)

    one.page.select_option("select.theme", "dark")
    dark = one.page.evaluate(ground)
    one.open("/figures/")

    assert dark != light
    assert (one.page.evaluate(ground), one.page.locator("select.theme").input_value()) == (dark, "dark")
    one.page.select_option("select.theme", "auto")
    assert one.page.evaluate(ground) == light


BOTH = ("has_procedure", "has_focal_point")


def test_an_answer_that_a_colleague_saved_first_is_shown(reader: Any) -> None:
    """Two people of one company in one section: nothing is lost, and the second one chooses."""
    one, other = reader(LCR.email), reader(SECRETARIAT.email)
    # Reports are written in the workspace; both officers may help a company with theirs.
    one.open("/companies/")
    company = one.page.locator("a", has_text="Fictif Tours").get_attribute("href")
    assert company
    path = f"/workspace/?company={company.strip('/').split('/')[1]}&year=2025"
    for each in (one, other):
        each.open(path)
    field = "[data-question=has_procedure]"
    answer(one, "has_procedure", "No")
    other.page.locator(f"{field} label", has_text="Yes").click()

    notice = other.page.locator(".saved .notice")
    notice.wait_for()
    assert "No" in notice.locator("li strong").inner_text()
    other.keep("conflict")
    other.complaints.clear()  # the browser names a 412 an error; it was the point
    notice.locator("button", has_text="Keep mine").click()
    saved(other)

    # The first one looked at what is no longer so: another question's answer is merged without a word.
    answer(one, "has_focal_point", "Yes")
    one.open(path)
    kept = [one.page.locator(f"[data-question={code}] input").first.is_checked() for code in BOTH]
    assert kept == [True, True]
    one.complaints.clear()


def test_a_hotel_that_knows_nothing_applies_and_sees_what_is_missing(reader: Any, folder: Path) -> None:
    """By a link from its own mailbox, to a plan that is handed in; nothing on the way is refused."""
    one = reader()
    one.open("/join/")
    one.page.fill("input[name=email]", "manager@hotel-fictif-neuf.example")
    one.page.click("main button")
    one.page.goto(one.url + mailed_link(folder, "manager@hotel-fictif-neuf.example"))
    one.page.locator("main button").click()
    one.settle()
    form = one.page.locator("main form")
    countries = form.locator("select").nth(0).locator("option").all_inner_texts()
    assert countries[:2] == ["Afghanistan", "Åland Islands"]

    form.locator("input").fill("Hôtel Fictif du Parc (DEMO)")
    form.locator("button").click()
    one.page.locator(".notice", has_text="knows a company like it: Hôtel Fictif du Parc (DEMO)").wait_for()
    one.keep("apply-alike")
    one.complaints.clear()  # the browser names a refusal an error; it was the point
    form.locator("input").fill("Auberge Imaginaire des Arts")
    form.locator("button", has_text="Begin the application").click()
    one.page.locator("h1", has_text="Auberge Imaginaire des Arts").wait_for()
    one.settle()
    assert one.page.locator("main section").count() == 1

    one.page.locator("button", has_text="Send the application").click()
    one.page.locator(".big", has_text="a plan on the six criteria").wait_for()
    one.settle()
    step = one.page.locator("[data-step=voluntourism]")
    step.locator("button").click()
    one.page.locator("dialog form button").click()
    one.page.locator("[data-step=voluntourism].yes").wait_for()
    one.settle()
    one.page.locator("[data-step=contact] button").click()
    one.page.fill("dialog input[type=email]", "desk@hotel-fictif-neuf.example")
    one.page.locator("dialog form button").click()
    one.page.locator("[data-step=contact].yes").wait_for()
    one.settle()
    one.page.locator("[data-step=sites] button").click()
    one.page.locator("dialog form button").click()
    one.page.locator("[data-step=sites].yes").wait_for()
    one.settle()
    one.page.locator("button", has_text="Propose a plan").click()
    one.page.locator("[data-step=plan].yes").wait_for()
    one.settle()
    one.page.locator("button", has_text="Hand in the plan").click()
    one.page.locator(".big", has_text="Your plan is being read").wait_for()
    one.settle()
    assert one.page.locator("[data-step=approval]").inner_text() == (
        "Approval by both sides: waits for your representative, waits for the secretariat"
    )
    assert one.faults() == []
    one.keep("joining")


def test_an_officer_issues_all_certificates_that_are_due(reader: Any) -> None:
    """None is due on this day of the book: the list says so of two, the register issues what really is."""
    one = reader(LCR.email)
    work = api_as(one, "/api/v1/worklist/")["results"][0]
    due = [{**work, "item": f"certificate_due:{number}", "kind": "certificate_due"} for number in (1, 2)]
    kinds = [{"kind": "certificate_due", "reason": "", "count": 2}]
    told = {"on": "2027-02-01", "results": due, "next": None, "count": 2, "kinds": kinds}
    one.page.route(re.compile(r"/api/v1/worklist/\?"), lambda route: route.fulfill(json=told))
    one.open("/desk/")

    one.page.locator(".kinds button").click()
    one.page.locator("button", has_text="Issue all that are due").click()

    one.page.locator(".toast.good", has_text="0 issued; 0 left.").wait_for()


def api_as(one: Any, path: str) -> Any:
    """What the register answers whoever is signed in."""
    one.page.goto(f"{one.url}/desk/")
    return one.page.evaluate("(path) => fetch(path).then((answer) => answer.json())", path)


def test_an_officer_reads_the_file_of_a_company(reader: Any) -> None:
    one = reader(LCR.email)
    one.open("/desk/")
    late = one.page.locator(".work > li[data-kind=report_late]", has_text="Autocars Fictifs (DEMO)")
    assert "no reminder: it is suspended and gets none" in late.locator("p").first.inner_text()

    late.locator("a", has_text="Read the file").click()
    one.settle()

    lapsed = one.page.locator("#file [data-ground=report_lapsed]")
    assert lapsed.locator("h3").inner_text() == "The yearly report did not come for more than 90 days"
    assert lapsed.locator("li").all_inner_texts() == ["too few notices were delivered"]
    assert lapsed.locator("button").count() == 0
    assert one.faults() == []
    one.keep("file")


def test_the_secretariat_decides_on_a_ground_that_is_ripe(reader: Any) -> None:
    one = reader(SECRETARIAT.email)
    one.open("/companies/")
    one.page.locator("a", has_text="Chambres Fictives de Namur").click()
    one.settle()
    address = one.page.url.removeprefix(one.url)
    unpaid = one.page.locator("#file [data-ground=fee_overdue]")
    assert unpaid.locator("button").count() == 0
    company = api_as(one, f"/api/v1{address}")
    for number, day in enumerate(("2026-11-02", "2026-12-14")):
        letter = {"membership": company["membership_id"], "kind": "warning", "channel": "registered_letter"}
        letter |= {"sent_at": f"{day}T10:00:00Z", "reference": f"RR {number} BE"}
        assert one.page.evaluate(POST, ["notices/", letter]) == 201

    one.open(address)
    unpaid.locator("button", has_text="Suspend").click()
    one.page.fill("dialog textarea", "The fee of 2026 is open.")
    one.keep("measure")
    one.page.locator("dialog form button").click()

    one.page.locator(".facts .badge", has_text="suspended").wait_for()
    one.settle()
    told = one.page.locator("#file [data-ground=fee_overdue]")
    assert told.locator("li").all_inner_texts() == ["too few notices were delivered"]


def test_an_officer_brings_a_statement_and_a_book(reader: Any) -> None:
    """Each line is looked at first; what is unclear or at fault stays outside, and is told."""
    one = reader(LCR.email)
    invoices = api_as(one, "/api/v1/invoices/?state=open&state=part_paid")["results"]
    paid, other = (row["number"] for row in invoices[:2])
    text = f"Datum;Bedrag;Mededeling;Volgnummer\n23/01/2027;1,00;{paid};B1\n23/01/2027;9,00;{paid} {other};B2\n"
    one.open("/desk/")
    bank = one.page.locator("[data-bring=statement]")
    bank.locator("summary").click()
    bank.locator("input[type=file]").set_input_files(
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    bank.locator("button", has_text="Look at").click()
    labels = bank.locator("tbody .badge")
    labels.nth(1).wait_for()
    assert labels.all_inner_texts() == ["pays a part", "may pay two invoices"]
    assert one.faults() == []
    one.keep("statement")
    bank.locator("button", has_text="Write the others").click()
    one.page.locator(".toast.good", has_text="1 written.").wait_for()

    rows = "organisation;country;category;since\nMaison Imaginaire;BE;hotel;2015\nMaison Fautive;BE;motel;2015\n"
    book = one.page.locator("[data-bring=book]")
    book.locator("summary").click()
    book.locator("input[type=file]").set_input_files(
        {"name": "book.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    book.locator("button", has_text="Look at").click()
    book.locator("tbody td", has_text="category: One of: hotel").wait_for()
    one.keep("book")
    book.locator("button", has_text="Write it").click()
    one.page.locator(".toast.good", has_text="1 written.").last.wait_for()


def test_a_journalist_looks_a_company_up_today_and_on_a_day(reader: Any) -> None:
    one = reader()
    one.open("/")
    register = one.page.locator("section", has=one.page.locator("input[type=search]")).last
    register.locator("input[type=search]").fill("autocars")
    row = register.locator("tbody tr")
    row.nth(1).wait_for(state="detached")
    row.filter(has_text="Autocars Fictifs (DEMO)").wait_for()
    assert (row.count(), row.locator("td").first.inner_text()) == (1, "suspended since August 24, 2026")

    register.locator("input[type=date]").fill("2026-08-23")
    row.locator(".badge.good").wait_for()
    assert row.locator("td").first.inner_text().strip() == "member"
    register.locator("input[type=date]").fill("2019-01-01")
    register.locator(".empty").wait_for()
    one.keep("journalist")
