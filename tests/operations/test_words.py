"""The words of the pages' frame: each is translated, and what is served is compiled from what is written."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

LOCALE = Path(settings.LOCALE_PATHS[0])
TEMPLATES = Path(settings.BASE_DIR) / "registry" / "templates"
SAID = re.compile(r"""\{% translate (["'])(.*?)\1""")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_is_served_is_what_is_written(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    written = read_po(BytesIO((folder / "django.po").read_bytes()), locale=language)
    served = read_mo(BytesIO((folder / "django.mo").read_bytes()))
    spoken = {text for page in TEMPLATES.rglob("*.html") for _, text in SAID.findall(page.read_text(encoding="utf-8"))}

    assert {m.id: m.string for m in written if m.id} == {m.id: m.string for m in served if m.id}
    assert {text for text in spoken if not written.get(text)} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "language", "word"), [("fr-BE,fr;q=0.9", "fr", "Chiffres"), ("de", "en", "Figures")]
)
def test_a_page_speaks_the_readers_language(accepted: str, language: str, word: str) -> None:
    page = Client().get("/", headers={"Accept-Language": accepted}).content.decode()

    assert f'<html lang="{language}"' in page
    assert f">{word}</a>" in page
