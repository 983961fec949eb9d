"""A `.fet` file as a checked XML tree: nothing is fetched, nothing expands, nothing is larger than a school."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from lxml import etree

from khue.foundation.errors import Refusal

LARGEST = 16_000_000


class UnreadableFet(Refusal):
    """The bytes are no FET file, or one that contradicts itself. `detail` says where, in the reader's words."""

    code = "timetable_unreadable_fet"
    message = _("Không đọc được tệp FET. Hãy mở tệp bằng FET, lưu lại rồi thử lần nữa. Chi tiết: %(detail)s")


def parsed(data: bytes) -> etree._Element:
    """The root of the file.

    refuses  UnreadableFet for anything but well-formed XML whose root is <fet>, and for a document type of its own
    """
    if len(data) > LARGEST:
        raise UnreadableFet(detail=gettext("tệp lớn hơn %(limit)s MB.") % {"limit": LARGEST // 1_000_000})
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said = gettext("nội dung không còn nguyên vẹn từ dòng %(line)s; có thể tệp tải về bị thiếu phần cuối.")
        raise UnreadableFet(detail=said % {"line": error.lineno or 1}) from error
    except ValueError as error:
        raise UnreadableFet(detail=gettext("không phải tệp chữ.")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFet(detail=gettext("tệp có phần DOCTYPE, FET không bao giờ ghi phần ấy."))
    if root.tag != "fet":
        raise UnreadableFet(detail=gettext("đây là tệp của phần mềm khác."))
    return root


def text(element: etree._Element, name: str) -> str:
    """What stands in a child element; empty when there is none."""
    return (element.findtext(name) or "").strip()


def texts(element: etree._Element, name: str) -> list[str]:
    """What stands in all children of a name."""
    return [(child.text or "").strip() for child in element.findall(name)]


def number(element: etree._Element, name: str, *, least: int = 0, most: int = 10_000) -> int:
    """A whole number between two bounds; refuses UnreadableFet for anything else."""
    found = text(element, name)
    if not (found.isascii() and found.isdigit()) or len(found) > 9 or not least <= int(found) <= most:
        said = gettext("dòng %(line)s: mục %(name)s ghi “%(found)s”, phải là số từ %(least)s đến %(most)s.")
        given = {"line": element.sourceline, "name": name, "found": found[:40], "least": least, "most": most}
        raise UnreadableFet(detail=said % given)
    return int(found)


def yes(element: etree._Element, name: str, *, absent: bool) -> bool:
    """A truth value as FET writes it; `absent` when the element is missing."""
    found = text(element, name).lower()
    return absent if not found else found in ("true", "yes", "1")


def items(root: etree._Element, name: str) -> list[etree._Element]:
    """The elements of one of the file's lists, without comments and processing instructions."""
    found = root.find(name)
    return [] if found is None else [child for child in found if isinstance(child.tag, str)]
