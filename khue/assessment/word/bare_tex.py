"""TeX that stands in a paper without dollar signs: put between them where it is plainly a formula."""

import re

_UNDERLINED = re.compile(r"\\underline\{([^{}<>$\\]*)\}")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_SCRIPT = re.compile(r"[\w)}\]][\^_](?:\{|[A-Za-z0-9+-])")
_TOKEN = re.compile(r"[^\s<>]+")
_ALONE = re.compile(r"^([(\[]*)(.*?)([.,;:?!]*)$", re.DOTALL)
_ENTITY = re.compile(r"&(?:amp|lt|gt);")


def dressed(html: str) -> str:
    """The HTML with bare formulas between dollar signs and `\\underline{ed}` as underlined text.

    What is already between dollar signs, and what is not certain, stays as it is.
    """
    parts = html.split("$")
    if len(parts) % 2 == 0:
        return html
    parts[::2] = [_TOKEN.sub(_wrapped, _UNDERLINED.sub(r"<u>\1</u>", part)) for part in parts[::2]]
    return "$".join(parts)


def has_bare_tex(html: str) -> bool:
    """Whether TeX commands are left outside dollar signs."""
    return any(_COMMAND.search(part) for part in html.split("$")[::2])


def _wrapped(match: re.Match[str]) -> str:
    token = match[0]
    if not token.isascii() or not (_COMMAND.search(token) or _SCRIPT.search(token)) or "media:" in token:
        return token
    inside = _ALONE.match(token)
    assert inside is not None
    before, formula, after = inside.groups()
    if not _balanced(formula):
        before, formula = "", before + formula
    if not formula or not _balanced(formula):
        return token
    return f"{before}${formula}${after}"


def _balanced(formula: str) -> bool:
    bare = _ENTITY.sub("", formula)
    return (
        bare.count("{") == bare.count("}")
        and bare.count("(") == bare.count(")")
        and bare.count("\\left") == bare.count("\\right")
        and not bare.endswith(("\\", "^", "_"))
    )
