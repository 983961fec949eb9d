"""`python press.py [VARIANT]`: HTML comes in, PDF goes out.

Reads style sheets, fonts and pictures of Khuê's own rooms ("khue:room/file") and data written into the document;
nothing of the machine and nothing of a network. Ends with MISSING where the machine lacks Pango.
"""

import mimetypes
import resource
import sys
from pathlib import Path
from typing import Any

MISSING = 69
"""EX_UNAVAILABLE of sysexits.h."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
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
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError as missing:
        sys.stderr.write(str(missing))
        return MISSING

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

    document = HTML(
        string=sys.stdin.buffer.read().decode(), base_url=SCHEME, url_fetcher=OwnFiles(allowed_protocols=["data"])
    )
    document.write_pdf(sys.stdout.buffer, pdf_variant=arguments[0] if arguments and arguments[0] else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
