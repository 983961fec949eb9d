"""The file as a container: is it what it claims to be, and how big does it grow, before any parser sees it.

The members that matter are inflated here under a limit and packed again without compression, so that the parser
never inflates anything itself and cannot be led by sizes that lie.
"""

import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from khue.foundation.workbooks.refusals import (
    DamagedFile,
    EmptyFile,
    FileTooBig,
    Inflated,
    NotAWorkbook,
    OldWorkbook,
    ProtectedWorkbook,
    WorkbookWithMacros,
)

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_INFLATED = 120 * MEGABYTE
LARGEST_RATIO = 250  # a sheet of equal rows reaches about 60
MOST_MEMBERS = 2_000

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError, IndexError)


@dataclass(frozen=True, slots=True)
class Container:
    """Members of an archive by name, inflated, all within the limits."""

    members: dict[str, bytes]

    def packed(self) -> BytesIO:
        """The same members as an archive without compression."""
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_STORED) as archive:
            for name, content in self.members.items():
                archive.writestr(name, content)
        packed.seek(0)
        return packed


def opened(data: bytes) -> Container:
    """Every member of a zip archive that has text to read.

    refuses  FileTooBig, EmptyFile, DamagedFile, Inflated, ProtectedWorkbook, NotAWorkbook
    """
    if not data:
        raise EmptyFile
    if len(data) > LARGEST_FILE:
        raise FileTooBig(limit=LARGEST_FILE // MEGABYTE)
    if not data.startswith(_ZIP):
        raise NotAWorkbook
    try:
        with ZipFile(BytesIO(data)) as archive:
            return Container(_inflated(archive))
    except _DAMAGE as damage:
        raise DamagedFile from damage
    except RuntimeError as protected:  # zipfile: "password required for extraction"
        raise ProtectedWorkbook from protected


def opened_workbook(data: bytes) -> Container:
    """The members of an .xlsx file.

    refuses  besides what `opened` refuses: OldWorkbook, ProtectedWorkbook, WorkbookWithMacros, NotAWorkbook
    """
    if data.startswith(_COMPOUND_FILE):
        raise ProtectedWorkbook if "EncryptedPackage".encode("utf-16-le") in data else OldWorkbook
    container = opened(data)
    members = container.members
    kinds = members.get("[Content_Types].xml", b"")
    if b"macroEnabled" in kinds or any(name.lower().endswith("vbaproject.bin") for name in members):
        raise WorkbookWithMacros
    if "xl/workbook.xml" not in members:
        raise NotAWorkbook
    return container


def _inflated(archive: ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > LARGEST_INFLATED:
        raise Inflated
    members: dict[str, bytes] = {}
    room = LARGEST_INFLATED
    for info in infos:
        if info.is_dir():
            continue
        if info.file_size > LARGEST_RATIO * max(info.compress_size, 4096):
            raise Inflated
        if not info.filename.lower().endswith((".xml", ".rels", ".csv", "vbaproject.bin")):
            continue
        with archive.open(info) as member:
            content = member.read(room + 1)
        room -= len(content)
        if room < 0:
            raise Inflated
        members[info.filename] = content
    return members
