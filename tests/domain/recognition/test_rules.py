"""Numbers of certificates, and what one says on a day."""

from __future__ import annotations

from datetime import date

import pytest

from codesign.companies.register import PublicStatus
from codesign.recognition.rules import LETTERS, new_number, read_number, status_on, valid_until


def test_a_number_is_read_however_it_is_typed():
    number = new_number()

    assert len(number) == 14
    assert read_number(number) == read_number(number.lower().replace("-", " ")) == number
    assert read_number(number.replace("0", "o").replace("1", "l")) == number


def test_every_wrong_letter_and_every_change_of_places_is_noticed():
    plain = new_number().replace("-", "")
    wrong = {
        plain[:place] + letter + plain[place + 1 :]
        for place in range(12)
        for letter in LETTERS
        if letter != plain[place]
    }
    swapped = {plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :] for place in range(10)} - {plain}

    assert {read_number(text) for text in wrong | swapped} == {None}
    assert [read_number(text) for text in ("", "x", plain + "0", "ü" * 12, "0000-0000-000Z")] == [None] * 5


def test_numbers_do_not_follow_each_other():
    assert len({new_number()[:4] for _ in range(50)}) > 45


@pytest.mark.parametrize(
    ("day", "withdrawn_on", "public_status", "status"),
    [
        (date(2027, 3, 31), None, PublicStatus.MEMBER, "valid"),
        (date(2027, 4, 1), None, PublicStatus.MEMBER, "lapsed"),
        (date(2027, 1, 1), None, PublicStatus.SUSPENDED, "lapsed"),
        (date(2027, 1, 1), None, PublicStatus.FORMER, "lapsed"),
        (date(2027, 1, 1), None, None, "lapsed"),
        (date(2027, 1, 1), date(2027, 1, 1), PublicStatus.MEMBER, "withdrawn"),
        (date(2026, 12, 31), date(2027, 1, 1), PublicStatus.MEMBER, "valid"),
        (date(2028, 1, 1), date(2027, 1, 1), PublicStatus.FORMER, "withdrawn"),
    ],
)
def test_what_a_certificate_says(day, withdrawn_on, public_status, status):
    until = valid_until(2026, months_after=3)

    assert until == date(2027, 3, 31)
    assert status_on(day, valid_until=until, withdrawn_on=withdrawn_on, public_status=public_status) == status
