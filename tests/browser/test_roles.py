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


def api(url: str, path: str) -> Any:
    with urllib.request.urlopen(f"{url}/api/v1/{path}", timeout=20) as answer:
        return json.load(answer)


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
    answers: dict[str, Any] = {
        "1": ["Yes", "2026-05-02", "No"],
        "2": ["26", "25"],
        "3": ["12", "9"],
        "4": ["6200"],
        "5": ["2"],
        "6": ["1", "1"],
    }
    for part, values in answers.items():
        one.page.locator(f".sections button >> nth={int(part) - 1}").click()
        one.settle()
        fields = one.page.locator(".questions > .field")
        for place, value in enumerate(values):
            field = fields.nth(place)
            if value in ("Yes", "No"):
                field.locator("label", has_text=value).click()
            else:
                field.locator("input").first.fill(value)
            one.page.locator(".saved", has_text=re.compile("^Saved$")).wait_for()
    one.page.locator(".sections button >> nth=3").click()
    one.settle()
    one.page.locator(".questions input[type=checkbox]").first.check()
    one.page.locator(".saved", has_text=re.compile("^Saved$")).wait_for()
    one.keep("hotel-report")
    one.page.locator("button", has_text="Hand it in").click()
    one.page.locator("#report .badge", has_text="handed in").wait_for()

    boxes = one.page.locator(".people input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    one.page.locator("button", has_text="Record the training").click()
    one.page.locator(".toast", has_text="2 recorded").wait_for()


def test_an_answer_that_a_colleague_saved_first_is_shown(reader: Any) -> None:
    """Two people of one company in one section: nothing is lost, and the second one chooses."""
    one, other = reader(LCR.email), reader(SECRETARIAT.email)
    for each in (one, other):
        each.open("/companies/")
    # Reports are written in the workspace; both officers may help a company with theirs.
    company = one.page.locator("a", has_text="Fictif Tours").get_attribute("href")
    assert company
    path = f"/workspace/?company={company.strip('/').split('/')[1]}&year=2025"
    for each in (one, other):
        each.open(path)
    field = ".questions > .field:nth-child(1)"
    one.page.locator(f"{field} label", has_text="No").click()
    one.page.locator(".saved", has_text=re.compile("^Saved$")).wait_for()
    other.page.locator(".questions input[type=date]").fill("2025-03-01")
    other.page.locator(".saved", has_text=re.compile("^Saved$")).wait_for()
    assert other.page.locator(".saved").inner_text() == "Saved"
    other.complaints.clear()  # the browser names a 412 an error; it was the point
