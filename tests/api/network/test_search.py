"""Words as people write them."""

from __future__ import annotations

from members.management.loading import NetworkLoad
from tests.factories.organisations import make_organisation


def test_a_sign_inside_a_word_may_be_left_out(anonymous, at):
    NetworkLoad(at=at).run()

    assert [row["code"] for row in anonymous.get("initiatives/", q="declic").json()["results"]]
    found = anonymous.get("organisations/", q="childrens embassy").json()["results"]
    assert [row["name"] for row in found] == ["First Children's Embassy in the World - Megjashi"]


def test_a_name_given_by_mistake_is_taken_back_and_found_no_more(secretariat):
    path = f"organisations/{make_organisation(name='Réseau Fictif').pk}/"
    secretariat.post(f"{path}names/", {"text": "Faux Nom", "kind": "alias"})
    assert secretariat.get("organisations/", q="faux").json()["results"]

    gone = secretariat.post(f"{path}names/remove/", {"text": "Faux Nom", "kind": "alias"})
    again = secretariat.post(f"{path}names/remove/", {"text": "Faux Nom", "kind": "alias"})

    assert (gone.status_code, [name["text"] for name in gone.json()["names"]]) == (200, ["Réseau Fictif"])
    assert (again.status_code, secretariat.get("organisations/", q="faux").json()["results"]) == (404, [])
    told = secretariat.get(f"{path}history/").json()["facts"]
    assert [fact["text"] for fact in told if fact["superseded_at"]] == ["Faux Nom"]
