"""Promises about style sheets that hold for all pages at once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted(each for each in ROOT.glob("khue/*/static/**/*.css") if "vendor" not in each.parts)
#: WCAG 2.2, 1.3.4 (AA): a page is not bound to the way a phone is held, neither turned nor hidden by it.
ORIENTATION = re.compile(r"@(?:media|import|container)[^{;]*orientation\s*:", re.IGNORECASE)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(ROOT / "khue")))
def test_no_style_sheet_asks_how_a_phone_is_held(sheet: Path) -> None:
    assert ORIENTATION.findall(sheet.read_text()) == []


def test_the_question_is_recognised() -> None:
    assert len(SHEETS) > 10
    assert ORIENTATION.search("@media screen and (orientation: portrait) { html { transform: rotate(90deg) } }")
    assert not ORIENTATION.search("@media (min-width: 900px) { .text-orientation { color: red } }")
