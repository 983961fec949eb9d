"""The program that prints: HTML comes in, PDF goes out. It runs apart (foundation/apart).

Reads style sheets, fonts and pictures of Khuê's own rooms ("khue:room/file") and data written into the document;
nothing of the machine and nothing of a network.
"""

import base64
import gc
import json
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from khue.foundation.apart import Unable

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
SCHEME = "khue:"
ROOMS = Path(__file__).resolve().parents[2]
MEMORY = 2 * 1024**3
PROOF = (
    f'<html lang=vi><link rel=stylesheet href="{SCHEME}foundation/paper.css"><p>Giấy <b>trắng</b> <i>mực đen</i></p>'
)


def own_file(address: str) -> Path:
    """The static file behind "khue:room/file". Raises ValueError for any other address."""
    if not address.startswith(SCHEME):
        raise ValueError(f"{address[:60]} is not an address of this program")
    name = address.removeprefix(SCHEME)
    room = name.split("/", 1)[0]
    folder = ROOMS / ("foundation" if room in ("ui", "vendor") else room) / "static"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise ValueError(f"{name[:60]} is not a file of this program")
    return path


def prepare() -> None:
    """Print a page for nobody: the library and the letters are then there for all. Raises Unable without Pango."""
    work(json.dumps({"html": PROOF, "variant": "", "attachments": [], "counted": False}).encode())


def work(asked: bytes) -> bytes:
    """Print one document.

    Raises Unable where the machine lacks Pango.

    asked    JSON: html, variant, attachments (name, base64 content, relationship), counted - whether the PDF shall say
             how many pages it has (keyword "so-trang=2"), so that one that is missing can be missed
    returns  four bytes: the number of pages; then the PDF
    """
    try:
        from weasyprint import HTML, Attachment
    except OSError as missing:
        raise Unable(str(missing)) from None

    wanted = json.loads(asked)
    fonts, fetcher = _kept()
    made = HTML(string=wanted["html"], base_url=SCHEME, url_fetcher=fetcher).render(font_config=fonts)
    if wanted["counted"]:
        made.metadata.keywords.append(f"so-trang={len(made.pages)}")
    made.metadata.attachments.extend(
        Attachment(string=base64.b64decode(one["content"]), name=one["name"], relationship=one["relationship"])
        for one in wanted["attachments"]
    )
    pdf: bytes = made.write_pdf(pdf_variant=wanted["variant"] or None)
    return len(made.pages).to_bytes(4) + pdf


@cache
def _kept() -> tuple[Any, Any]:
    """The letters and the reader of files that all documents of a process share."""
    from weasyprint.text.fonts import FontConfiguration

    # A document is a hundred thousand objects: looking for rubbish so often took a tenth.
    gc.set_threshold(200_000, 20, 100)
    return FontConfiguration(), _own_files()


def _own_files() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library has no types
        """Lets a document read this program's files and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                file = own_file(url)
            except ValueError as refused:  # a form without its letters or its seal is not to be printed at all
                raise FatalURLFetchingError(str(refused)) from None
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return OwnFiles(allowed_protocols=["data"])
