"""Entity tags."""

from __future__ import annotations

import pytest

from registry.kernel.api.tags import tag_of, version_in
from registry.kernel.errors import Invalid


def test_a_tag_carries_its_version():
    assert version_in(tag_of(7, b"{}")) == 7


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_no_tag_and_any_tag_name_no_version(header):
    assert version_in(header) is None


@pytest.mark.parametrize(
    "header", ["7", '"7"', '"x-0123456789abcdef"', '"7-012"', '"1-0123456789abcdef", "2-0123456789abcdef"']
)
def test_a_foreign_tag_is_refused(header):
    with pytest.raises(Invalid) as refused:
        version_in(header)

    assert refused.value.code == "bad_tag"
