"""The HTML a question may hold: a short list of tags, pictures of our own, nothing that runs or styles."""

import re
from html import escape, unescape

from lxml import etree
from lxml import html as lxml_html

#: Tag to the attributes it may keep.
ALLOWED: dict[str, frozenset[str]] = {
    **{tag: frozenset() for tag in ("b", "i", "u", "sub", "sup", "br", "p", "ul", "ol", "li", "table", "tbody", "tr")},
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
    "img": frozenset({"src", "alt"}),
}
_RENAMED = {"strong": "b", "em": "i", "div": "p", "h1": "b", "h2": "b", "h3": "b"}
_DROPPED = {"script", "style", "iframe", "object", "embed", "template", "svg", "math", "noscript", "textarea", "select"}
_VOID = {"br", "img"}
_MEDIA = re.compile(r"media:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SPAN = re.compile(r"[1-9][0-9]?")
_TAG_LIKE = re.compile(r"</?[A-Za-z!][^<>]*>")
_TAG = re.compile(r"<[^>]*>")
MOST_CHARACTERS = 60_000


def sanitised(text: str) -> str:
    """The same content with nothing but what ALLOWED lists. Running it again changes nothing.

    Text of unknown tags stays, that of scripts and styles goes; a picture that is not `media:<id>` goes.
    """
    text = "".join(c for c in text[:MOST_CHARACTERS] if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    if "<" not in text and "&" not in text:
        return escape(text, quote=False).strip()
    try:
        root = lxml_html.fragment_fromstring(_formulas_escaped(text), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return escape(words(text), quote=False)
    try:
        return _inside(root).strip()
    except RecursionError:
        return escape(words(text), quote=False)


def words(text: str) -> str:
    """The plain words of HTML, on one line, for searching and for a short line in a list."""
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def media_in(*texts: str) -> list[str]:
    """Public ids of the pictures shown, once each."""
    return list(dict.fromkeys(name.removeprefix("media:") for text in texts for name in _MEDIA.findall(text)))


def _formulas_escaped(text: str) -> str:
    """`$a<b$` as people type it: between dollar signs a "<" that begins no whole tag is less-than."""
    parts = text.split("$")
    if len(parts) % 2:
        parts[1::2] = [part if _TAG_LIKE.search(part) else part.replace("<", "&lt;") for part in parts[1::2]]
    return "$".join(parts)


def _inside(node: etree._Element) -> str:
    parts = [escape(node.text or "", quote=False)]
    for child in node:
        parts.append(_element(child) if isinstance(child.tag, str) else "")
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _element(node: etree._Element) -> str:
    tag = _RENAMED.get(str(node.tag), str(node.tag))
    if tag in _DROPPED:
        return ""
    if tag not in ALLOWED:
        return _inside(node)
    kept = "".join(f' {name}="{escape(value)}"' for name, value in sorted(_attributes(node, tag).items()))
    if tag == "img" and "src" not in kept:
        return ""
    return f"<{tag}{kept}>" if tag in _VOID else f"<{tag}{kept}>{_inside(node)}</{tag}>"


def _attributes(node: etree._Element, tag: str) -> dict[str, str]:
    kept = {}
    for name in ALLOWED[tag]:
        value = str(node.get(name, ""))
        if name == "src" and not _MEDIA.fullmatch(value):
            continue
        if name in ("colspan", "rowspan") and not _SPAN.fullmatch(value):
            continue
        kept[name] = value[:200]
    return kept
