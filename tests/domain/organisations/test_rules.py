"""Identifiers, domains and languages."""

from __future__ import annotations

import pytest

from members.organisations.rules import checked, domain_of, is_language, normalised, own_domain_of
from registry.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("scheme", "value", "kept"),
    [
        ("lei", "2138 00WAVVOPS85N2205", "213800WAVVOPS85N2205"),
        ("lei", "213800WAVVOPS85N2206", None),
        ("ror", "https://ror.org/03VEK6S52", "03vek6s52"),
        ("ror", "03vek6s53", None),
        ("company_number", "BE 0403.170.701", "BE0403170701"),
        ("company_number", "BE 0403.170.702", None),
        ("company_number", "DE HRB 12345", "DEHRB12345"),
        ("company_number", "12345", None),
        ("domain", "https://www.Fictif.example/fr/", "fictif.example"),
        ("domain", "fictif", None),
    ],
)
def test_each_scheme_has_its_check_and_its_one_form(scheme, value, kept):
    assert normalised(scheme, value) == kept


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("www.fictif.example", "fictif.example"),
        ("http://fictif.example:8080/?x=1", "fictif.example"),
        ("https://réseau.example/", "xn--rseau-bsa.example"),
        ("http://192.0.2.1/", ""),
        ("http://[::1", ""),
        ("a" * 300 + ".example", ""),
        ("", ""),
    ],
)
def test_the_domain_of_an_address(address, domain):
    assert domain_of(address) == domain


def test_a_page_on_a_shared_host_says_nothing():
    assert (own_domain_of("https://fr-fr.facebook.com/fictif"), own_domain_of("https://fictif.example")) == (
        "",
        "fictif.example",
    )


@pytest.mark.parametrize(
    ("tag", "known"), [("fr", True), ("pcm", True), ("ps", True), ("fa", True), ("pt-BR", True), ("xx", False)]
)
def test_languages_are_those_that_exist(tag, known):
    assert is_language(tag) is known


def test_every_bad_identifier_is_told_at_once():
    with pytest.raises(Invalid) as refusal:
        checked([("lei", "1"), ("domain", "fictif.example"), ("ror", "2")])

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("/identifiers/0/value", "bad_identifier"),
        ("/identifiers/2/value", "bad_identifier"),
    ]
