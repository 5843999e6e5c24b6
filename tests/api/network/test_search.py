"""Words as people write them."""

from __future__ import annotations

from members.management.loading import NetworkLoad


def test_a_sign_inside_a_word_may_be_left_out(anonymous, at):
    NetworkLoad(at=at).run()

    assert [row["code"] for row in anonymous.get("initiatives/", q="declic").json()["results"]]
    found = anonymous.get("organisations/", q="childrens embassy").json()["results"]
    assert [row["name"] for row in found] == ["First Children's Embassy in the World - Megjashi"]
