"""Agreements over HTTP until all have signed."""

from __future__ import annotations

import pytest

from members.agreements.models import Agreement, AgreementParty
from registry.kernel.audit.models import AuditEvent
from tests.factories.agreements import make_agreement
from tests.factories.organisations import make_organisation


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("at", "pk").values_list("action", flat=True))


def tag_of(client, agreement) -> str:
    return client.get(f"agreements/{agreement.pk}/")["ETag"]


def body_of(*parties, **values) -> dict:
    named = {"parties": [str(party.pk) for party in parties]} if parties else {}
    return {"title": "Accord fictif", "kind": "memorandum", "starts_on": "2027", **named, **values}


def test_an_agreement_is_drafted_signed_by_each_and_brought_into_force(secretariat):
    one, two = make_organisation(name="Un Fictif"), make_organisation(name="Zwei Fictif")

    drafted = secretariat.post(
        "agreements/",
        body_of(one, two, ends_on="2029-12-31", renewal_notice_days=90, document_url="https://a.example/"),
    )
    url = f"agreements/{drafted.json()['id']}/"
    half = secretariat.post(
        f"{url}sign/",
        {"organisation": str(one.pk), "signed_on": "2026-11", "signatory_role": "director"},
        if_match=drafted["ETag"],
    )
    whole = secretariat.post(
        f"{url}sign/",
        {"organisation": str(two.pk), "signed_on": "--01-22", "signatory_role": "chair"},
        if_match=half["ETag"],
    )
    held = secretariat.post(f"{url}bring-into-force/", {"starts_on": "2026-11-20"}, if_match=whole["ETag"])

    assert [(answer.status_code, answer.json()["state"]) for answer in (drafted, half, whole, held)] == [
        (201, "draft"),
        (200, "draft"),
        (200, "signed"),
        (200, "in_force"),
    ]
    shown = held.json()
    assert [
        (party["organisation"]["display"], party["signed_on"], party["signatory_role"]) for party in shown["parties"]
    ] == [("Un Fictif", "2026-11", "director"), ("Zwei Fictif", "--01-22", "chair")]
    assert (shown["starts_on"], shown["ends_on"], shown["notice_due_on"], shown["is_uncertain"]) == (
        "2026-11-20",
        "2029-12-31",
        "2029-10-02",
        False,
    )
    assert events() == ["agreements.create", "agreements.sign", "agreements.sign", "agreements.bring_into_force"]


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"starts_on": "early 2014"}, "/starts_on", "invalid_date"),
        ({"starts_on": "2027", "ends_on": "2026"}, "/ends_on", "before_start"),
        ({"ends_on": "--12-31"}, "/ends_on", "year_missing"),
        ({"ends_on": "2029", "is_open_ended": True}, "/is_open_ended", "has_end"),
        ({"kind": "treaty"}, "/kind", "invalid_choice"),
        ({"renewal_notice_days": -1}, "/renewal_notice_days", "min_value"),
        ({"document_url": "file.pdf"}, "/document_url", "invalid"),
        ({"signatory": "A Person"}, "/signatory", "unknown_field"),
        ({"parties": ["01900000-0000-7000-8000-00000000dead"] * 2}, "/parties/0", "unknown_reference"),
    ],
)
def test_a_bad_draft_is_refused_with_its_place(secretariat, values, pointer, code):
    body = body_of(make_organisation(), make_organisation()) | values

    response = secretariat.post("agreements/", body)

    errors = response.json()["errors"]
    assert (response.status_code, errors[0]["pointer"], errors[0]["code"]) == (400, pointer, code)
    assert (Agreement.objects.count(), AgreementParty.objects.count(), events()) == (0, 0, [])


@pytest.mark.parametrize(("count", "code"), [(1, "min_length"), (2, "party_twice")])
def test_an_agreement_has_two_different_parties(secretariat, count, code):
    organisation = make_organisation()

    response = secretariat.post("agreements/", body_of(*[organisation] * count))

    assert (response.status_code, [(e["pointer"], e["code"]) for e in response.json()["errors"]]) == (
        400,
        [("/parties", code)],
    )
    assert Agreement.objects.count() == 0


def test_a_draft_changes_its_terms_and_parties(secretariat):
    stays, goes, comes = make_organisation(), make_organisation(), make_organisation()
    agreement = make_agreement(parties=(stays, goes), state="draft")
    agreement.parties.filter(organisation=stays).update(signed_on="2026", signatory_role="chair")

    response = secretariat.patch(
        f"agreements/{agreement.pk}/",
        {"title": "Accord nouveau", "parties": [str(stays.pk), str(comes.pk)]},
        if_match=tag_of(secretariat, agreement),
    )

    assert (response.status_code, response.json()["title"]) == (200, "Accord nouveau")
    assert set(agreement.parties.values_list("organisation_id", "signed_on")) == {(stays.pk, "2026"), (comes.pk, "")}
    assert secretariat.get("agreements/", q="nouveau").json()["results"][0]["id"] == str(agreement.pk)


def test_what_all_have_signed_is_amended_and_not_edited(secretariat):
    agreement = make_agreement()

    response = secretariat.patch(
        f"agreements/{agreement.pk}/", {"title": "Autre"}, if_match=tag_of(secretariat, agreement)
    )

    assert (response.status_code, response.json()["code"]) == (409, "agreement_not_draft")
    assert Agreement.objects.get().title == agreement.title


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"signed_on": "2026-11-23"}, "/signed_on", "in_future"),
        ({"signed_on": "2027/2028"}, "/signed_on", "in_future"),
        ({"signed_on": "yesterday"}, "/signed_on", "invalid_date"),
        ({"signatory_role": "Jean Fictif"}, "/signatory_role", "invalid_choice"),
    ],
)
def test_a_bad_signature_is_refused_with_its_place(secretariat, values, pointer, code):
    agreement = make_agreement(state="draft")
    party = agreement.parties.first()
    body = {"organisation": str(party.organisation_id), "signed_on": "2026-11-20", "signatory_role": "chair", **values}

    response = secretariat.post(f"agreements/{agreement.pk}/sign/", body, if_match=tag_of(secretariat, agreement))

    errors = response.json()["errors"]
    assert (response.status_code, [(error["pointer"], error["code"]) for error in errors]) == (400, [(pointer, code)])
    assert not agreement.parties.exclude(signed_on="").exists()


def test_only_a_party_signs_and_only_once(secretariat):
    agreement = make_agreement(state="draft")
    party = agreement.parties.first()
    agreement.parties.filter(pk=party.pk).update(signed_on="2026", signatory_role="chair")
    url, body = f"agreements/{agreement.pk}/sign/", {"signed_on": "2026-11-20", "signatory_role": "director"}
    tag = tag_of(secretariat, agreement)

    stranger = secretariat.post(url, {**body, "organisation": str(make_organisation().pk)}, if_match=tag)
    again = secretariat.post(url, {**body, "organisation": str(party.organisation_id)}, if_match=tag)

    assert (stranger.status_code, stranger.json()["errors"][0]["code"]) == (400, "not_a_party")
    assert (again.status_code, again.json()["code"]) == (409, "already_signed")
    assert (Agreement.objects.get().version, agreement.parties.filter(signatory_role="chair").count()) == (1, 1)
