"""What becomes of style sheets and icons on their way to a browser."""

import re
from pathlib import Path

import pytest

from khue.foundation.ui import vendor
from khue.foundation.ui.assets import inlined
from khue.foundation.ui.icons import NAMES


def test_imported_style_sheets_are_sent_as_one(tmp_path: Path):
    (tmp_path / "whole.css").write_text('/* why */\n@import url("part.css") layer(base);\np { color: red; }\n')
    (tmp_path / "part.css").write_text("a { color: blue; }\n\n  b { color: green; }\n")

    assert inlined(tmp_path / "whole.css") == (
        "@layer base {a { color: blue; }\nb { color: green; }}\np { color: red; }"
    )


def test_the_sprite_holds_every_named_icon_once(tmp_path: Path):
    for name in NAMES:
        (tmp_path / f"{name}.svg").write_text('<svg\n  class="x"\n>\n  <path d="M1 1" />\n</svg>\n')

    sprite = vendor.sprite(tmp_path)

    assert sprite.count("<symbol ") == len(NAMES)
    assert '<symbol id="house" viewBox="0 0 24 24"><path d="M1 1"/></symbol>' in sprite


def test_something_that_is_no_drawing_stops_the_copy(tmp_path: Path):
    for name in NAMES:
        (tmp_path / f"{name}.svg").write_text("Not found")

    with pytest.raises(ValueError, match="is not a drawing"):
        vendor.sprite(tmp_path)


def test_every_icon_that_a_page_or_a_menu_names_is_in_the_sprite():
    rooms = Path(__file__).resolve().parents[2]
    named = re.compile(r'\bicon(?:_name=|=|\()"([a-z0-9-]+)"')
    files = [*rooms.glob("*/templates/**/*.html"), *rooms.glob("*/wiring.py")]

    unknown = {(path.name, name) for path in files for name in named.findall(path.read_text()) if name not in NAMES}

    assert unknown == set()
