"""`expand=`: references with the rows themselves, under the rights of reading them."""

from __future__ import annotations

from tests.factories.agreements import make_agreement
from tests.factories.companies import make_company
from tests.factories.network import make_mandate, make_network_membership, make_participation
from tests.factories.organisations import make_organisation


def test_a_reference_is_answered_with_its_row(anonymous, django_assert_max_num_queries):
    for _ in range(3):
        make_network_membership()

    with django_assert_max_num_queries(7):
        rows = anonymous.get("network-memberships/", expand="organisation,region").json()["results"]

    for row in rows:
        whole = anonymous.get(f"organisations/{row['organisation']['id']}/").json()
        assert row["organisation"]["expanded"] == whole
        assert row["region"]["expanded"]["code"] == "europe"
    assert "expanded" not in anonymous.get("network-memberships/").json()["results"][0]["organisation"]


def test_a_reference_inside_a_part_is_too(secretariat):
    agreement = make_agreement()

    (row,) = secretariat.get("agreements/", expand="parties.organisation").json()["results"]

    keys = {str(key) for key in agreement.parties.values_list("organisation_id", flat=True)}
    assert {party["organisation"]["expanded"]["id"] for party in row["parties"]} == keys


def test_what_the_caller_may_not_read_stays_a_reference(client_for, secretariat):
    group = make_organisation()
    agreement = make_agreement(parties=(group, make_organisation(is_listed=False)))
    mandate = make_mandate(organisation=group, agreement=agreement)
    hidden = agreement.parties.exclude(organisation=group).get().organisation

    row = client_for("member_group", organisation=group).get(
        f"agreements/{agreement.pk}/", expand="parties.organisation"
    )
    seen = {party["organisation"]["id"]: party["organisation"]["expanded"] for party in row.json()["parties"]}

    assert (seen[str(hidden.pk)], seen[str(group.pk)]["id"]) == (None, str(group.pk))
    shown = secretariat.get(f"mandates/{mandate.pk}/", expand="agreement").json()
    assert shown["agreement"]["expanded"]["title"] == agreement.title


def test_rows_that_are_kept_as_text_are_expanded_too(lcr_be):
    company = make_company()

    (row,) = lcr_be.get("companies/", expand="organisation").json()["results"]
    one = lcr_be.get(f"companies/{company.pk}/", expand="organisation").json()

    assert row["organisation"]["expanded"]["id"] == one["organisation"]["expanded"]["id"] == str(company.pk)


def test_a_tag_holds_what_was_expanded(secretariat):
    path = f"network-memberships/{make_network_membership().pk}/"

    plain, whole = secretariat.get(path), secretariat.get(path, expand="organisation")

    assert plain["ETag"] != whole["ETag"]
    again = secretariat.get(path, headers={"If-None-Match": whole["ETag"]}, expand="organisation")
    assert again.status_code == 304


def test_an_unknown_or_a_sixth_name_is_refused(anonymous):
    unknown = anonymous.get("network-memberships/", expand="organisation,friends")
    many = anonymous.get("network-memberships/", expand=",".join(["organisation"] * 6))

    for response, code in ((unknown, "unknown_expansion"), (many, "too_many_expansions")):
        fault = response.json()["errors"][0]
        assert (response.status_code, fault["pointer"], fault["code"]) == (400, "?expand", code)


def test_all_hats_stand_on_one_record(anonymous, secretariat):
    organisation = make_organisation(name="Réseau Fictif")
    make_network_membership(organisation=organisation)
    make_participation(organisation=organisation, role="coordinator")
    make_mandate(organisation=organisation, state="confirmed")
    make_mandate(organisation=organisation, country_id="LU", confidence="sourced_inferred")
    path = f"organisations/{organisation.pk}/roles/"

    def hats(client, **params):
        return [(role["role"], role["detail"]) for role in client.get(path, **params).json()["roles"]]

    public = [("member", "full"), ("participant", "coordinator")]
    assert hats(anonymous) == public
    assert hats(secretariat) == [public[0], ("representative", "confirmed"), public[1]]
    assert len(hats(secretariat, uncertain="true")) == 4
    assert hats(anonymous, valid_on="2009-12-31", uncertain="true") == [("participant", "coordinator")]
