"""Settings from the environment: typed, and every fault named at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from registry.kernel.env import Env


def test_values_are_typed():
    env = Env(
        {
            "NAME": "  register ",
            "FLAG": "Yes",
            "OFF": "0",
            "COUNT": "7",
            "NAMES": "a, b,,c ",
            "PLACE": "/srv/../srv/register",
            "MOMENT": "2027-03-01T09:00:00+01:00",
            "URL": "redis://localhost/1",
        }
    )

    values = (
        env.text("NAME"),
        env.flag("FLAG", False),
        env.flag("OFF", True),
        env.integer("COUNT", 1),
        env.names("NAMES"),
        env.folder("PLACE", Path("/")),
        env.moment("MOMENT"),
        env.url("URL", "", schemes=frozenset({"redis"})),
    )

    expected = (
        "register",
        True,
        False,
        7,
        ["a", "b", "c"],
        Path("/srv/register"),
        datetime(2027, 3, 1, 8, tzinfo=UTC),
        "redis://localhost/1",
    )
    assert values == expected
    env.finish()


def test_an_empty_value_is_an_absent_one():
    env = Env({"NAME": "", "FLAG": " ", "COUNT": "", "MOMENT": "", "URL": ""})

    values = (
        env.text("NAME", "default"),
        env.flag("FLAG", True),
        env.integer("COUNT", 3),
        env.moment("MOMENT"),
        env.url("URL", "", schemes=frozenset({"redis"})),
    )

    assert values == ("default", True, 3, None, "")
    env.finish()


def test_every_fault_is_named_at_once():
    env = Env({"FLAG": "perhaps", "COUNT": "many", "SMALL": "0", "MOMENT": "2027-03-01T09:00:00", "URL": "ftp://x"})
    env.text("SECRET")
    env.flag("FLAG", False)
    env.integer("COUNT", 1)
    env.integer("SMALL", 1, minimum=1, maximum=9)
    env.moment("MOMENT")
    env.url("URL", "", schemes=frozenset({"redis", "rediss"}))

    with pytest.raises(ImproperlyConfigured) as refusal:
        env.finish()

    assert str(refusal.value) == (
        "The environment is not complete: SECRET is missing; "
        "FLAG must be one of 1, 0, true, false, yes, no, on, off; COUNT must be a whole number; "
        "SMALL must lie between 1 and 9; "
        "MOMENT must be a moment with its offset, such as 2027-03-01T09:00:00+01:00; "
        "URL must start with one of: redis://, rediss://."
    )
