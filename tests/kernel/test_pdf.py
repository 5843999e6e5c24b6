"""Printed documents: what goes in is printed as it is, and the same input gives the same bytes."""

from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from sys import executable

import pytest

from registry.kernel import pdf

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def template(tmp_path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(
        '#import "sheet.typ": data, sheet\n#show: sheet.with(title: data.title)\n= #data.title\n#data.text\n'
        '#if data.at("scan", default: false) { image("qr.svg", width: 3cm, alt: "Scan me") }\n'
    )
    return path


@pytest.mark.parametrize(
    "text",
    [
        "Hôtel Žižkov – Ångström, Łódź, Tiếng Việt",
        "Ξενοδοχείο, Гостиница",
        "מלון, هتل خیالی، پښتو",
        "ホテル・ไทย, 😀 and ۍ, x\u1ac5",
        '#panic("no") $x^2$ *bold* @nobody ] "',
        "a\u202eb\tc\x01d",
    ],
)
def test_any_text_is_printed_and_twice_the_same(template, text):
    data = {"title": "Letter", "text": text}

    first, second = (pdf.render(template, data, at=AT) for _ in range(2))

    assert first == second
    assert first.startswith(b"%PDF-1.7")
    assert b"pdfaid" in first


def test_the_time_language_and_demo_mark_are_part_of_it(template):
    data = {"title": "Letter", "text": "x"}

    plain = pdf.render(template, data, at=AT)
    demo = pdf.render(template, data, at=AT, is_demo=True)
    later = pdf.render(template, data, at=AT.replace(year=2027), language="fr")

    assert len({plain, demo, later}) == 3
    assert b"2026-03-01" in plain
    assert b"2027-03-01" in later
    assert len(demo) > len(plain) + 500


def test_what_is_scanned_is_drawn_not_fetched(template):
    scanned = pdf.render(template, {"title": "x", "text": "", "scan": True}, at=AT, qr="https://code.example/c/1")

    assert len(scanned) > len(pdf.render(template, {"title": "x", "text": ""}, at=AT))
    assert b"<svg" in pdf.qr_svg("https://code.example/c/1")


@pytest.mark.parametrize("name", ["/etc/hostname", "pyproject.toml", "../pdf.py"])
def test_a_template_sees_no_file_of_the_machine(tmp_path, name):
    template = tmp_path / "spy.typ"
    template.write_text(f'#read("{name}")')

    with pytest.raises(RuntimeError, match=r"not found|escape"):
        pdf.render(template, {}, at=AT)


def test_nothing_heavy_is_loaded_before_somebody_prints():
    code = "import sys, registry.kernel.pdf; sys.exit(any(m in sys.modules for m in ('typst', 'segno', 'anyascii')))"

    assert run([executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
