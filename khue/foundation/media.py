"""What a file is, by its bytes. What its name or the browser says is not believed.

source  the formats' own signatures; WHATWG MIME Sniffing for what a browser would run as a page
"""

import re
import zipfile
from collections.abc import Collection
from typing import BinaryIO

HEAD_BYTES = 4096

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
GIF = "image/gif"
WEBP = "image/webp"
SVG = "image/svg+xml"
MP4 = "video/mp4"
WEBM = "video/webm"
MP3 = "audio/mpeg"
M4A = "audio/mp4"
OGG = "audio/ogg"
WAV = "audio/wav"
ZIP = "application/zip"
EPUB = "application/epub+zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MACROS = "application/vnd.ms-office.with-macros"  # any Office file that carries a program
OLE = "application/x-ole-storage"  # .doc, .xls and .ppt of before 2007
HTML = "text/html"
TEXT = "text/plain"
CSV = "text/csv"
JSON = "application/json"
VTT = "text/vtt"
XML = "application/xml"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

IMAGES = frozenset({PNG, JPEG, GIF, WEBP})
VIDEOS = frozenset({MP4, WEBM})
SOUNDS = frozenset({MP3, M4A, OGG, WAV})
DOCUMENTS = frozenset({PDF, DOCX, XLSX, PPTX, EPUB})

#: A browser shows these without running anything of theirs; everything else is only offered for download.
SHOWN = IMAGES | VIDEOS | SOUNDS | {PDF, TEXT, VTT}

_EXTENSIONS = {
    PDF: ".pdf", PNG: ".png", JPEG: ".jpg", GIF: ".gif", WEBP: ".webp", SVG: ".svg", MP4: ".mp4", WEBM: ".webm",
    MP3: ".mp3", M4A: ".m4a", OGG: ".ogg", WAV: ".wav", ZIP: ".zip", EPUB: ".epub", DOCX: ".docx", XLSX: ".xlsx",
    PPTX: ".pptx", OLE: ".doc/.xls/.ppt", HTML: ".html", TEXT: ".txt", CSV: ".csv", JSON: ".json", VTT: ".vtt",
    XML: ".xml",
}  # fmt: skip

_SIGNATURES = [
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"OggS", OGG),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
]
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|style|table|img|a\s|div|h1|p[\s>]|br)", re.I)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BY_EXTENSION = {"csv": CSV, "json": JSON}


def media_type_of(stream: BinaryIO, name: str) -> str:
    """The media type of a file's content. Leaves the stream at its beginning.

    name  tells harmless kinds of text apart (.csv, .json) and nothing else
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    found = _binary(head) or (_packed(stream) if head.startswith(b"PK\x03\x04") else _textual(head, name))
    stream.seek(0)
    return found


def extensions_of(media_types: Collection[str]) -> str:
    """What people call these kinds of files, in one line: ".docx, .pdf".

    Where UNKNOWN is among them, a room lets through what it does not read, to say itself what is wrong with it: then
    the kinds that nobody should send are left out.
    """
    unread = {UNKNOWN, OLE, MACROS, TEXT} if UNKNOWN in media_types else set()
    return ", ".join(sorted({_EXTENSIONS.get(each, each) for each in media_types if each not in unread}))


def _binary(head: bytes) -> str | None:
    if not head:
        return EMPTY
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"RIFF"):
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return M4A if brand.startswith(b"M4A") else UNKNOWN if brand in (b"heic", b"avif", b"mif1") else MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else "video/x-matroska"
    return None


def _packed(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
            kind = package.read("mimetype")[:60] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        return UNKNOWN
    if kind == EPUB.encode():
        return EPUB
    if "[Content_Types].xml" not in names:
        return ZIP
    if any(name.endswith("vbaProject.bin") for name in names):
        return MACROS
    for folder, media_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if any(name.startswith(folder) for name in names):
            return media_type
    return ZIP


def _textual(head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    begun = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _CONTROL.search(head):
        return UNKNOWN
    if b"<svg" in head.lower():
        return SVG
    if _PAGE.search(begun):
        return HTML
    if begun.startswith(b"<?xml"):
        return XML
    if begun.startswith(b"WEBVTT"):
        return VTT
    return _BY_EXTENSION.get(name.rsplit(".", 1)[-1].lower(), TEXT)
