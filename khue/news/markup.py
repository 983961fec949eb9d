"""What an author writes, as HTML: Markdown without HTML, pictures or code, so that nothing of it can act in a page."""

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

ALLOWED = ("paragraph", "heading", "list", "blockquote", "emphasis", "link", "newline", "escape", "entity")


@cache
def _parser() -> "MarkdownIt":
    """The library's own rules for links refuse javascript:, data: and the like. Loaded by the first article shown."""
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(ALLOWED))


def html_of(text: str) -> Markup:
    """Paragraphs, headings, lists, quotations, emphasis and links; everything else stands there as it was written.

    A heading of the author is never above the page's own: # becomes h2.
    """
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, 4)}"
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return Markup(rendered)  # noqa: S704  the renderer escapes all text, and the rules that let HTML through are off
