"""Web page packages: a zip of a small site, checked before it is kept, served file by file from the zip."""

import mimetypes
import posixpath
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

MOST_ENTRIES = 2_000
MOST_BYTES = 300 * 1024 * 1024
MOST_RATIO = 200
#: Where packages begin, in the order they are looked for; imsmanifest names another in SCORM packages.
ENTRIES = ("index.html", "index.htm", "story.html", "index_lms.html")


class BadPackage(ValueError):
    """The zip is no web page package that can be kept. The text is one of the keys of actions.BAD_PACKAGE."""


@dataclass(frozen=True)
class PackageFile:
    """One file of a package as it is served."""

    media_type: str
    content: bytes


def entry_of(stream: BinaryIO) -> str:
    """The page a package opens with.

    raises  BadPackage: no zip, too many or too large files, a zip bomb, names that lead outside, no page
    """
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile:
        raise BadPackage("not_a_zip") from None
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > MOST_ENTRIES or sum(info.file_size for info in files) > MOST_BYTES:
        raise BadPackage("too_large")
    if any(info.file_size > MOST_RATIO * max(info.compress_size, 1024) for info in files):
        raise BadPackage("zip_bomb")
    if any(not _stays_inside(info.filename) or info.flag_bits & 1 for info in files):
        raise BadPackage("bad_names")
    pages = [info.filename for info in files if posixpath.basename(info.filename).lower() in ENTRIES]
    if not pages:
        raise BadPackage("no_page")
    return min(pages, key=lambda name: (name.count("/"), ENTRIES.index(posixpath.basename(name).lower())))


def read_file(stream: BinaryIO, path: str) -> PackageFile | None:
    """One file of a package that was checked when it was kept; None where there is no such file."""
    with zipfile.ZipFile(stream) as archive:
        try:
            content = archive.read(path)
        except (KeyError, zipfile.BadZipFile, RuntimeError):
            return None
    return PackageFile(mimetypes.guess_type(path)[0] or "application/octet-stream", content)


def _stays_inside(name: str) -> bool:
    return not name.startswith(("/", "\\")) and "\\" not in name and ".." not in name.split("/") and ":" not in name
