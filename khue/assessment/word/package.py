"""The zip around a Word file, opened with distrust: sizes first, then XML without entities."""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from zlib import error as DeflateError

from lxml import etree

MAX_ENTRIES = 3_000
MAX_TOTAL = 150 * 1024 * 1024
MAX_XML = 40 * 1024 * 1024
MAX_PICTURE = 20 * 1024 * 1024

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


class NotAWordFile(Exception):
    """The bytes are no Word document that can be read; the text says which part failed."""


@dataclass(frozen=True)
class Package:
    """A Word file taken apart.

    body       the w:body element
    numbering  the root of numbering.xml, or None
    targets    relation id to the part's name inside the zip: "rId5" to "word/media/image1.png"
    """

    archive: zipfile.ZipFile
    body: etree._Element
    numbering: etree._Element | None
    targets: dict[str, str]

    def picture(self, name: str) -> bytes | None:
        """The bytes of a picture; None where the part is missing, broken or too large."""
        try:
            info = self.archive.getinfo(name)
            if info.file_size > MAX_PICTURE:
                return None
            with self.archive.open(info) as part:
                data = part.read(MAX_PICTURE + 1)
            return data if len(data) <= MAX_PICTURE else None
        except (KeyError, zipfile.BadZipFile, DeflateError, OSError, RuntimeError, NotImplementedError, EOFError):
            return None


def open_package(data: bytes) -> Package:
    """Open a .docx. Raises NotAWordFile for anything else, for a zip bomb, and for XML with a document type."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise NotAWordFile("zip") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise NotAWordFile("size")
    document = _xml(archive, "word/document.xml")
    if document is None:
        raise NotAWordFile("document")
    body = document.find(f"{WORD}body")
    if body is None:
        raise NotAWordFile("body")
    return Package(archive, body, _xml(archive, "word/numbering.xml"), _targets(archive))


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = _xml(archive, "word/_rels/document.xml.rels")
    if relations is None:
        return {}
    return {
        str(relation.get("Id")): _inside(str(relation.get("Target", "")))
        for relation in relations.iter(f"{_PACKAGE}Relationship")
        if relation.get("TargetMode") != "External"
    }


def _inside(target: str) -> str:
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join("word", target)
    return posixpath.normpath(joined)


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    try:
        with archive.open(info) as part:
            # A header may lie about the size: what is read is what counts.
            data = part.read(MAX_XML + 1)
        if len(data) > MAX_XML:
            raise NotAWordFile("size")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, DeflateError, OSError, RuntimeError, ValueError) as error:
        raise NotAWordFile(name) from error
    except (NotImplementedError, EOFError) as error:
        raise NotAWordFile(name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAWordFile("doctype")
    return root
