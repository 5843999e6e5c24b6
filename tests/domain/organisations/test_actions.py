"""Changes of organisations."""

from __future__ import annotations

from datetime import date

import pytest

from members.organisations import actions
from members.organisations.models import Identifier, Organisation, OrganisationName, Parentage
from registry.kernel.audit.actor import SYSTEM
from registry.kernel.audit.models import AuditEvent
from registry.kernel.errors import Refused, Stale
from tests.factories.organisations import make_organisation, make_parentage

LEI = "00000000000000000098"

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("recorded_at", "pk").values_list("action", flat=True))


def test_registering_takes_the_zone_of_the_country_and_names_it(at):
    organisation = actions.register(kind="ngo", name="Œuvre Fictive", country_id="FR", actor=SYSTEM, at=at)

    assert (organisation.zone, organisation.search_key, organisation.version) == ("Europe/Paris", "oeuvre fictive", 1)
    assert list(organisation.names.values_list("text", "kind", "valid_from")) == [("Œuvre Fictive", "official", None)]
    assert events() == ["organisations.create"]


def test_renaming_keeps_the_former_name_findable(at):
    organisation = actions.register(kind="ngo", name="Vieux Nom Fictif", country_id="BE", actor=SYSTEM, at=at)

    actions.rename(
        organisation_id=organisation.pk, name="Nom Fictif", effective_on=date(2026, 7, 1), actor=SYSTEM, at=at
    )

    names = OrganisationName.objects.current().order_by("text").values_list("text", "kind", "valid_from", "valid_until")
    assert list(names) == [
        ("Nom Fictif", "official", date(2026, 7, 1), None),
        ("Vieux Nom Fictif", "former", None, date(2026, 6, 30)),
    ]
    assert Organisation.objects.found_by("vieux").get() == organisation
    assert OrganisationName.objects.count() == 3  # the superseded row stays known


def test_renaming_to_the_present_name_is_refused(at):
    organisation = make_organisation(name="Nom Fictif")

    with pytest.raises(Refused) as refusal:
        actions.rename(organisation_id=organisation.pk, name="Nom Fictif", effective_on=at.date(), actor=SYSTEM, at=at)

    assert (refusal.value.code, organisation.names.count(), events()) == ("name_unchanged", 1, [])


def test_a_change_based_on_an_older_version_is_stale(at):
    organisation = make_organisation(version=3)

    with pytest.raises(Stale):
        actions.update(organisation_id=organisation.pk, expected_version=2, note="x", actor=SYSTEM, at=at)

    organisation.refresh_from_db()
    assert (organisation.version, organisation.note, events()) == (3, "", [])


def test_an_update_that_changes_nothing_leaves_version_and_log_alone(at):
    organisation = make_organisation(website="https://reseau-fictif.example/")

    actions.update(organisation_id=organisation.pk, website="https://reseau-fictif.example/", actor=SYSTEM, at=at)

    organisation.refresh_from_db()
    assert (organisation.version, events()) == (1, [])


def test_an_identifier_belongs_to_one_organisation(at):
    first, second = make_organisation(), make_organisation()
    actions.add_identifier(organisation_id=first.pk, scheme="lei", value=LEI, actor=SYSTEM, at=at)

    with pytest.raises(Refused) as refusal:
        actions.add_identifier(organisation_id=second.pk, scheme="lei", value=LEI, actor=SYSTEM, at=at)

    assert refusal.value.code == "identifier_taken"
    assert list(Identifier.objects.values_list("organisation_id", "value")) == [(first.pk, LEI)]


def test_tree_holds_all_descendants_of_the_day_and_no_other():
    group, brand, hotel, sold, stranger = (make_organisation() for _ in range(5))
    make_parentage(child=brand, parent=group)
    make_parentage(child=hotel, parent=brand, valid_from=date(2020, 1, 1))
    make_parentage(child=sold, parent=group, valid_until=date(2019, 12, 31))
    make_parentage(child=stranger, parent=group, superseded_at="2026-01-01T00:00:00Z")

    assert Organisation.objects.tree_of([group.pk], date(2019, 12, 31)) == {group.pk, brand.pk, sold.pk}
    assert Organisation.objects.tree_of([group.pk], date(2020, 1, 1)) == {group.pk, brand.pk, hotel.pk}
    assert Organisation.objects.tree_of([hotel.pk], date(2020, 1, 1)) == {hotel.pk}
    assert Organisation.objects.tree_of([], date(2020, 1, 1)) == set()


def test_a_ring_of_parents_is_refused(at):
    group, brand, hotel = (make_organisation() for _ in range(3))
    make_parentage(child=brand, parent=group)
    make_parentage(child=hotel, parent=brand)

    for child, parent in ((group, hotel), (group, group)):
        with pytest.raises(actions.ParentRing):
            actions.set_parent(child_id=child.pk, parent_id=parent.pk, actor=SYSTEM, at=at)

    assert (Parentage.objects.count(), events()) == (2, [])


def test_what_was_a_ring_once_is_allowed_after_its_end(at):
    former_parent, former_child = make_organisation(), make_organisation()
    make_parentage(child=former_child, parent=former_parent, valid_until=date(2019, 12, 31))

    link = actions.set_parent(
        child_id=former_parent.pk,
        parent_id=former_child.pk,
        valid_from=date(2020, 1, 1),
        actor=SYSTEM,
        at=at,
    )

    assert (link.child_id, link.parent_id) == (former_parent.pk, former_child.pk)


def test_a_new_parent_ends_the_old_one_the_day_before(at):
    hotel, seller, buyer = (make_organisation() for _ in range(3))
    make_parentage(child=hotel, parent=seller)

    actions.set_parent(child_id=hotel.pk, parent_id=buyer.pk, valid_from=date(2026, 3, 1), actor=SYSTEM, at=at)

    links = Parentage.objects.current().order_by("valid_until").values_list("parent_id", "valid_from", "valid_until")
    assert set(links) == {(seller.pk, None, date(2026, 2, 28)), (buyer.pk, date(2026, 3, 1), None)}
    assert Parentage.objects.count() == 3


def test_a_second_parent_of_the_kind_in_the_same_period_is_refused(at):
    hotel, owner, other = (make_organisation() for _ in range(3))
    make_parentage(child=hotel, parent=owner, valid_from=date(2026, 5, 1))

    with pytest.raises(Refused) as refusal:
        actions.set_parent(child_id=hotel.pk, parent_id=other.pk, valid_from=date(2026, 3, 1), actor=SYSTEM, at=at)

    assert refusal.value.code == "parent_overlaps"
    assert list(Parentage.objects.values_list("parent_id", flat=True)) == [owner.pk]
