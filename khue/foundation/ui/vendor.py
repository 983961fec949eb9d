"""Copy what pages use of node_modules to where static files are found: `python -m khue.foundation.ui.vendor`."""

import re
import shutil
import sys
from pathlib import Path

from khue.foundation.ui.icons import NAMES

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "khue" / "foundation" / "static" / "vendor"

LETTERS = "@fontsource/be-vietnam-pro/files/be-vietnam-pro"
PAPER_LETTERS = "@fontsource/tinos/files/tinos"  # as wide as Times New Roman, which official paper is set in

#: What is bundled into the one file of bpmn-js, under MIT, ISC and Apache-2.0.
IN_BPMN_JS = (
    "diagram-js", "bpmn-moddle", "moddle", "moddle-xml", "saxen", "min-dash", "min-dom", "didi", "ids",
    "inherits-browser", "object-refs", "path-intersection", "tiny-svg", "diagram-js-direct-editing",
    "@bpmn-io/diagram-js-ui", "preact", "htm",
)  # fmt: skip

#: Where each file comes from, under node_modules, and its name here.
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    **{
        f"{LETTERS}-{subset}-{weight}-normal.woff2": f"fonts/{subset}-{weight}.woff2"
        for subset in ("latin", "vietnamese")
        for weight in (400, 600)
    },
    **{
        f"{PAPER_LETTERS}-{subset}-{weight}-{style}.woff2": f"fonts/paper-{subset}-{weight}{suffix}.woff2"
        for subset in ("latin", "vietnamese")
        for weight in (400, 700)
        for style, suffix in (("normal", ""), ("italic", "-italic"))
    },
    "katex/dist/katex.min.js": "katex/katex.min.js",
    "katex/dist/katex.min.css": "katex/katex.min.css",
    "katex/dist/contrib/auto-render.min.js": "katex/auto-render.min.js",
    "bpmn-js/dist/bpmn-modeler.production.min.js": "bpmn/modeler.js",
    "bpmn-js/dist/assets/diagram-js.css": "bpmn/diagram.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn/bpmn.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn/icons.css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn/bpmn.woff2",
}
#: Of KaTeX's letters only the modern format: every browser that can run these pages reads it.
KATEX_FONTS = "katex/dist/fonts/*.woff2"
LICENCES = {
    "htmx.org/LICENSE": "licences/htmx.txt",
    "@fontsource/be-vietnam-pro/LICENSE": "licences/be-vietnam-pro.txt",
    "@fontsource/tinos/LICENSE": "licences/tinos.txt",
    "lucide-static/LICENSE": "licences/lucide.txt",
    "katex/LICENSE": "licences/katex.txt",
    "bpmn-js/LICENSE": "licences/bpmn-js.txt",
    **{f"{name}/LICENSE": f"licences/bpmn-js/{name.rpartition('/')[2]}.txt" for name in IN_BPMN_JS},
    **{f"{name}/license": f"licences/bpmn-js/{name}.txt" for name in ("domify", "clsx")},
}


def copy_from(packages: Path, target: Path = TARGET) -> None:
    """Replace the folder with the files of this release, so that nothing of an older one stays behind."""
    shutil.rmtree(target, ignore_errors=True)
    for source, name in {**FILES, **LICENCES}.items():
        _copy(packages / source, target / name)
    for font in sorted(packages.glob(KATEX_FONTS)):
        _copy(font, target / "katex" / "fonts" / font.name)
    sheet = target / "katex" / "katex.min.css"
    sheet.write_text(_only_modern_fonts(sheet.read_text()))
    signs = target / "bpmn" / "icons.css"
    signs.write_text(_one_font(signs.read_text()))
    (target / "icons.svg").write_text(sprite(packages / "lucide-static" / "icons"))


def sprite(drawings: Path) -> str:
    """One SVG with every used icon as a symbol under its name."""
    symbols = [_symbol(name, (drawings / f"{name}.svg").read_text()) for name in sorted(NAMES)]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name: str, drawing: str) -> str:
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if inside is None:
        raise ValueError(f"{name}.svg is not a drawing")
    shapes = re.sub(r"\s*\n\s*", "", inside[1]).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _only_modern_fonts(sheet: str) -> str:
    return re.sub(r',url\(fonts/[^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", sheet)


def _one_font(sheet: str) -> str:
    """The icons of bpmn-js with the one format that every browser reads, beside the sheet; remarks name the others."""
    said = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(
        r"src: url\('\.\./font/bpmn\.eot[^;]*;\s*src: [^;]*;", "src: url('bpmn.woff2') format('woff2');", said
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    copy_from(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "node_modules")
