"""GET /groups/ and /group-participations/."""

from __future__ import annotations

import pytest

from members.management.loading import NetworkLoad
from members.organisations.models import Organisation


@pytest.fixture(autouse=True)
def _network(db, at) -> None:
    NetworkLoad(at=at).run()


def test_the_stop_group_counts_ten_partners(anonymous):
    (group,) = anonymous.get("groups/", code="stop-group").json()["results"]

    assert (group["name"], group["country"], group["partner_count"]) == ("STOP Group", "BE", 10)


def test_the_public_sees_partners_and_staff_the_supporters_too(anonymous, secretariat):
    params = {"group_code": "stop-group", "count": "exact"}

    public = anonymous.get("group-participations/", **params).json()
    staff = secretariat.get("group-participations/", **params).json()

    assert (public["count"], {row["role"] for row in public["results"]}) == (10, {"coordinator", "partner"})
    assert (staff["count"], {row["role"] for row in staff["results"]}) == (12, {"coordinator", "partner", "supporter"})


def test_a_partner_sees_the_supporters_of_its_group(client_for):
    partner = client_for("stop_partner", organisation=Organisation.objects.get(name="Child Focus"))

    body = partner.get("group-participations/", role="supporter").json()

    assert [row["organisation"]["display"] for row in body["results"]] == [
        "Belgian Olympic and Interfederal Committee",
        "TUI Belgium",
    ]
