"""`python press.py [VARIANT]`: HTML comes in, PDF goes out. `python press.py many VARIANT`: one after the other.

Reads style sheets, fonts and pictures of Khuê's own rooms ("khue:room/file") and data written into the document;
nothing of the machine and nothing of a network. Ends with MISSING where the machine lacks Pango.
"""

import base64
import gc
import json
import mimetypes
import resource
import sys
from pathlib import Path
from typing import Any

MISSING = 69
"""EX_UNAVAILABLE of sysexits.h."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
MANY = "many"
SCHEME = "khue:"
ROOMS = Path(__file__).resolve().parents[2]
MEMORY = 2 * 1024**3


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


def main(arguments: list[str]) -> int:
    """Print standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        from weasyprint import HTML
    except OSError as missing:
        sys.stderr.write(str(missing))
        return MISSING

    if arguments and arguments[0] == MANY:
        return _many(arguments[1])
    document = HTML(string=sys.stdin.buffer.read().decode(), base_url=SCHEME, url_fetcher=_own_files())
    document.write_pdf(sys.stdout.buffer, pdf_variant=arguments[0] if arguments and arguments[0] else None)
    return 0


def _many(variant: str) -> int:
    """Print documents as they are asked for, until nobody asks: lengths first, four bytes, then JSON in and PDF out.

    In every PDF stands how many pages it has (keyword "so-trang=2"), so that one that is missing can be missed.
    """
    from weasyprint import HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), _own_files()
    # What is loaded stays, and a document is a hundred thousand objects: looking for rubbish so often took a tenth.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    while size := int.from_bytes(sys.stdin.buffer.read(4)):
        asked = json.loads(sys.stdin.buffer.read(size))
        attached = [
            Attachment(string=base64.b64decode(one["content"]), name=one["name"], relationship=one["relationship"])
            for one in asked["attachments"]
        ]
        made = HTML(string=asked["html"], base_url=SCHEME, url_fetcher=fetcher).render(font_config=fonts)
        made.metadata.keywords.append(f"so-trang={len(made.pages)}")
        made.metadata.attachments.extend(attached)
        pdf = made.write_pdf(pdf_variant=variant or None)
        sys.stdout.buffer.write(len(made.pages).to_bytes(4) + len(pdf).to_bytes(4) + pdf)
        sys.stdout.buffer.flush()
    return 0


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
