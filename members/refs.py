"""Small references to rows of the network, for whoever shows them inside rows of their own."""

from __future__ import annotations

from typing import Any

from registry.kernel.api.rows import Ref, Translated


def organisation(path: str = "organisation", **options: Any) -> Ref:
    """Reference to the organisation that the foreign key at `path` names."""
    return Ref("organisations", f"{path}_id", f"{path}__name", **options)


def region(path: str = "region", **options: Any) -> Ref:
    """Reference to the region that the foreign key at `path` names, in the reader's language."""
    return Ref("regions", f"{path}_id", f"{path}__names", **options)


def country_name(path: str = "country", **options: Any) -> Translated:
    """Name of the country that the foreign key at `path` names, in the reader's language."""
    return Translated(f"{path}__names", **options)
