"""A chain of 80 places in 12 countries reports over HTTP alone, with its web process killed while its sites save.

Nothing acknowledged is lost, the published totals are those of an independent recount, and the slices add up.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from typing import Any

import pytest

from tests.chaos.places import Place, rounds
from tests.chaos.web import Answer, Client, Lost, Web, serving

pytestmark = pytest.mark.chaos
# Reports of 2025 are open; two editors hold each link's place.
NOW = "2026-02-02T10:00:00+00:00"
SITES, COUNTRIES = 80, 12
SECTION = "sections/criterion-2/"
# An independent recount, in plain SQL over the rows.
RECOUNT = """
SELECT q.code, r.country_id, SUM(a.number) FROM codesign_siteanswer a
JOIN codesign_sitereturn r ON r.id = a.site_return_id JOIN codesign_question q ON q.id = a.question_id
WHERE q.code IN ('staff_total', 'staff_trained') GROUP BY q.code, r.country_id
"""
HELD = """
SELECT s.name, q.code, a.number FROM codesign_siteanswer a
JOIN codesign_sitereturn r ON r.id = a.site_return_id JOIN codesign_site s ON s.id = r.site_id
JOIN codesign_question q ON q.id = a.question_id WHERE a.number IS NOT NULL
"""
COMPANY = {
    "criterion-1": {"has_policy": True, "policy_date": "2024-05-01", "offers_voluntourism": False},
    "criterion-3": {"contracts_total": 40, "contracts_with_clause": 31},
    "criterion-4": {"material_languages": ["en"]},
    "criterion-5": {"stakeholder_actions": 3},
    "passed-on": {"passed_on": {"police": 1}},
}


class Editor:
    """One site's editor with the secret of its link: saves, and saves again what no answer came to."""

    def __init__(self, web: Web, made: dict[str, str], number: int) -> None:
        self.name, self.path, self.client = made["name"], f"site-returns/{made['id']}/", web.client(made["token"])
        self.staff, self.number = random.Random(number).randrange(5, 60), number
        self.acknowledged: dict[str, int] = {}
        self.lost = 0

    def work(self) -> None:
        """The head count first, then who is trained, in two requests; then the return goes to the group."""
        for code, value in (("staff_total", self.staff), ("staff_trained", self.staff // 2)):
            answer = self._insist("PATCH", self.path + SECTION, {"answers": {code: value}}, f"{code} {self.number}")
            assert answer.status == 200, answer.body
            self.acknowledged[code] = value
        assert self._insist("POST", f"{self.path}submit/", None, f"submit {self.number}").status in {200, 409}

    def _insist(self, method: str, path: str, body: Any, key: str) -> Answer:
        tag: str | None = None
        while True:
            try:
                tag = tag or self.client.get(path.removesuffix("submit/")).headers["ETag"]
                answer = send(self.client, method, path, body, tag, key)
            except (*Lost, KeyError):
                self.lost += 1
                time.sleep(0.1)
                continue
            if answer.status == 412:  # it was saved, and the answer was lost before it could be stored
                tag = None
            elif not (answer.status == 409 and answer.json["code"] == "still_running"):
                return answer


def send(client: Client, method: str, path: str, body: Any, tag: str | None, key: str | None = None) -> Answer:
    """One request with its tag and key."""
    content = None if body is None else json.dumps(body).encode()
    return client.send(method, path, content, if_match=tag, idempotency_key=key)


def read(client: Client, path: str) -> Answer:
    """GET, and once more on a new connection: an idle one may have been closed meanwhile."""
    try:
        return client.get(path)
    except Lost:
        return client.get(path)


def change(client: Client, method: str, path: str, body: Any = None, *, of: str | None = None) -> Any:
    """Read the tag, then change; what came back."""
    answer = send(client, method, path, body, read(client, of or path).headers["ETag"])
    assert answer.status < 300, (path, answer.body)
    return answer.json


def everything(client: Client, path: str) -> list[dict[str, Any]]:
    """Every row of a list."""
    answer = read(client, f"{path}{'&' if '?' in path else '?'}page_size=1000")
    assert answer.status == 200, answer.body
    return answer.json["results"]


def test_a_chain_reports_over_http_alone_and_loses_nothing(place: Place) -> None:
    made = place.run("tests.chaos.group_seeding", SITES, COUNTRIES, REGISTRY_NOW=NOW)
    dice, kills = random.Random(8), rounds(12, bounded=3)

    with serving(place, REGISTRY_NOW=NOW) as web:
        company, secretariat = web.client(made["company_token"]), web.client(made["secretariat"])
        begun = company.post("reports/", {"company": made["company"], "year": 2025})
        assert begun.status == 201, begun.body
        report = f"reports/{begun.json['id']}/"
        returns = everything(company, f"site-returns/?report={begun.json['id']}")
        assert (len(returns), len({row["country"] for row in returns})) == (SITES, COUNTRIES)
        links = []
        for row in returns:
            link = company.post(f"site-returns/{row['id']}/links/", {"holder": "front office", "days": 30})
            links.append({"name": row["site"]["display"], "id": row["id"], "token": link.json["token"]})

        editors = [Editor(web, link, number) for number, link in enumerate(links)]
        halves = [editors[start::6] for start in range(6)]
        threads = [threading.Thread(target=lambda own=own: [one.work() for one in own], daemon=True) for own in halves]
        for thread in threads:
            thread.start()
        missing: list[Any] = []
        for _ in range(kills):
            time.sleep(dice.uniform(0.3, 1.2))
            web.kill()
            held = {(name, code): int(number) for name, code, number in place.rows(HELD)}
            missing += [
                (editor.name, code)
                for editor in editors
                for code, value in list(editor.acknowledged.items())
                if held.get((editor.name, code)) != value
            ]
            web.start()
        for thread in threads:
            thread.join(300)
        assert missing == []
        assert all(editor.acknowledged.keys() == {"staff_total", "staff_trained"} for editor in editors)

        for code, answers in COMPANY.items():
            change(company, "PATCH", f"{report}sections/{code}/", {"answers": answers})
        checked = read(company, f"{report}check/").json
        assert (checked["is_ready"], checked["silent_sites"]) == (True, [])
        change(company, "POST", f"{report}submit/", of=report)

        # One representative returns its slice; one site puts it right; the company hands in again.
        slices = everything(secretariat, "report-slices/")
        assert len(slices) == COUNTRIES
        theirs = next(row for row in slices if row["country"] == made["lcr_country"])
        officer = web.client(made["lcr"])
        assert [row["id"] for row in everything(officer, "report-slices/")] == [theirs["id"]]
        mine = f"report-slices/{theirs['id']}/"
        change(officer, "POST", f"{mine}return/", {"comments": {"staff_trained": "And the night shift?"}}, of=mine)
        again = next(editor for editor in editors if editor.path.split("/")[1] in _of(returns, made["lcr_country"]))
        change(again.client, "PATCH", again.path + SECTION, {"answers": {"staff_trained": again.staff}})
        again.acknowledged["staff_trained"] = again.staff
        change(company, "POST", f"{report}submit/", of=report)
        change(officer, "POST", f"{mine}accept/", of=mine)
        for row in slices:
            if row["id"] != theirs["id"]:
                where = f"report-slices/{row['id']}/"
                change(secretariat, "POST", f"{where}accept/", of=where)
        assert read(company, report).json["state"] == "accepted"
        assert change(secretariat, "POST", f"{report}publish/", of=report)["state"] == "published"

        table = read(secretariat, "indicators/table/?year=2025&by=country").json["indicators"]
        totals = {row["question"]: row for row in read(company, f"{report}totals/").json}

    said = Counter()
    for editor in editors:
        said.update(editor.acknowledged)
    recount = {(code, country): float(number) for code, country, number in place.rows(RECOUNT)}
    for code in ("staff_total", "staff_trained"):
        row = next(one for one in table if one["code"] == code)
        by_country = {cell["by"]["country"]: float(cell["value"]) for cell in row["rows"]}
        assert by_country == {country: number for (asked, country), number in recount.items() if asked == code}
        assert float(row["total"]["value"]) == sum(by_country.values()) == said[code] == float(totals[code]["value"])
        assert (row["total"]["sites_answering"], row["total"]["sites_in_scope"]) == (SITES, SITES)
    lost = sum(editor.lost for editor in editors)
    print(f"{kills} kills, {2 * SITES} answers acknowledged, {lost} requests lost")  # noqa: T201
    assert lost >= kills


def _of(returns: list[dict[str, Any]], country: str) -> set[str]:
    return {row["id"] for row in returns if row["country"] == country}
