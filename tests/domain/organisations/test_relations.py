"""Nothing that points at an organisation is forgotten by a merge."""

from __future__ import annotations

from members.organisations import relations


def test_every_foreign_key_to_an_organisation_is_registered_by_its_capability():
    """On failure: register it in the module `merging` of the capability that the model belongs to."""
    assert set(relations.foreign_keys()) - set(relations.registered()) == set()


def test_nothing_is_registered_that_is_no_such_foreign_key():
    assert set(relations.registered()) - set(relations.foreign_keys()) == set()
