"""Word's equations (OMML) as TeX.

source  ECMA-376 Part 1 §22.1; TeX as KaTeX reads it
"""

from collections.abc import Callable, Iterable

from lxml import etree

from khue.assessment.word.equation_signs import ACCENTS, BARS_OF_DELIMITERS, FUNCTIONS, N_ARY, SIGNS
from khue.assessment.word.package import MATHS, WORD


def tex(equation: etree._Element) -> str:
    """The TeX of an m:oMath or m:oMathPara, without dollar signs."""
    return " ".join(_all(equation).split())


def _all(nodes: Iterable[etree._Element]) -> str:
    return "".join(_one(node) for node in nodes)


def _one(node: etree._Element) -> str:
    if not isinstance(node.tag, str) or not node.tag.startswith(MATHS):
        return "" if node.tag in (f"{WORD}rPr", f"{WORD}del") or not isinstance(node.tag, str) else _all(node)
    name = node.tag.removeprefix(MATHS)
    if name.endswith("Pr"):
        return ""
    writer = WRITERS.get(name)
    return writer(node) if writer else _all(node)


def _part(node: etree._Element, name: str) -> str:
    found = node.find(f"{MATHS}{name}")
    return "" if found is None else _all(found).strip()


def _setting(node: etree._Element, properties: str, name: str) -> str | None:
    """The m:val of a property: None where the property is absent, "" where it is present without a value."""
    found = node.find(f"{MATHS}{properties}/{MATHS}{name}")
    return None if found is None else str(found.get(f"{MATHS}val", ""))


def _run(node: etree._Element) -> str:
    text = "".join(part.text or "" for part in node.iter(f"{MATHS}t", f"{WORD}t"))
    is_words = node.find(f"{MATHS}rPr/{MATHS}nor") is not None
    if is_words and any(letter.isalpha() for letter in text):
        return f"\\text{{{''.join(WORD_SIGNS.get(c, c) for c in text)}}}"
    return "".join(SIGNS.get(c, c) for c in text)


WORD_SIGNS = {c: f"\\{c}" for c in "%#&_{}$"}


def _fraction(node: etree._Element) -> str:
    above, below = _part(node, "num"), _part(node, "den")
    kind = _setting(node, "fPr", "type")
    if kind == "lin":
        return f"{{{above}}}/{{{below}}}"
    if kind == "noBar":
        return f"\\genfrac{{}}{{}}{{0pt}}{{}}{{{above}}}{{{below}}}"
    return f"\\frac{{{above}}}{{{below}}}"


def _radical(node: etree._Element) -> str:
    degree, inside = _part(node, "deg"), _part(node, "e")
    return f"\\sqrt[{degree}]{{{inside}}}" if degree else f"\\sqrt{{{inside}}}"


def _base(node: etree._Element) -> str:
    base = _part(node, "e")
    return base if len(base) == 1 or (base.startswith("\\") and base[1:].isalpha()) else f"{{{base}}}"


def _superscript(node: etree._Element) -> str:
    return f"{_base(node)}^{{{_part(node, 'sup')}}}"


def _subscript(node: etree._Element) -> str:
    return f"{_base(node)}_{{{_part(node, 'sub')}}}"


def _both_scripts(node: etree._Element) -> str:
    return f"{_base(node)}_{{{_part(node, 'sub')}}}^{{{_part(node, 'sup')}}}"


def _scripts_before(node: etree._Element) -> str:
    return f"{{}}_{{{_part(node, 'sub')}}}^{{{_part(node, 'sup')}}}{_base(node)}"


def _n_ary(node: etree._Element) -> str:
    sign = _setting(node, "naryPr", "chr")
    operator = N_ARY.get(sign if sign else "∫", sign or "\\int")
    below, above = _part(node, "sub"), _part(node, "sup")
    limits = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{operator}{limits} {_part(node, 'e')}"


def _delimited(node: etree._Element) -> str:
    opening, closing = _setting(node, "dPr", "begChr"), _setting(node, "dPr", "endChr")
    between = _setting(node, "dPr", "sepChr")
    parts = [_all(part).strip() for part in node.findall(f"{MATHS}e")]
    inside = _delimiter("|" if between is None else between, "\\middle").join(parts)
    left = _delimiter("(" if opening is None else opening, "\\left")
    right = _delimiter(")" if closing is None else closing, "\\right")
    return f"{left} {inside} {right}"


def _delimiter(sign: str, side: str) -> str:
    if side == "\\middle" and sign in ("", ",", ";"):
        return f"{sign} "
    return f"{side}{BARS_OF_DELIMITERS.get(sign, sign) or '.'}"


def _matrix(node: etree._Element) -> str:
    rows = [" & ".join(_all(cell).strip() for cell in row.findall(f"{MATHS}e")) for row in node.findall(f"{MATHS}mr")]
    return "\\begin{matrix} " + " \\\\ ".join(rows) + " \\end{matrix}"


def _equation_array(node: etree._Element) -> str:
    rows = [_all(row).strip() for row in node.findall(f"{MATHS}e")]
    aligned = [row if "&" in row else f"& {row}" for row in rows]
    return "\\begin{aligned} " + " \\\\ ".join(aligned) + " \\end{aligned}"


def _accented(node: etree._Element) -> str:
    sign = _setting(node, "accPr", "chr")
    return f"{ACCENTS.get(sign if sign else chr(0x302), chr(92) + 'hat')}{{{_part(node, 'e')}}}"


def _bar(node: etree._Element) -> str:
    line = "\\overline" if _setting(node, "barPr", "pos") == "top" else "\\underline"
    return f"{line}{{{_part(node, 'e')}}}"


def _grouped(node: etree._Element) -> str:
    sign, place = _setting(node, "groupChrPr", "chr"), _setting(node, "groupChrPr", "pos")
    brace = {"⏞": "\\overbrace", "→": "\\overrightarrow", "←": "\\overleftarrow"}.get(sign or "", "")
    return f"{brace or (chr(92) + ('overbrace' if place == 'top' else 'underbrace'))}{{{_part(node, 'e')}}}"


def _function(node: etree._Element) -> str:
    name = _part(node, "fName")
    bare = name.strip()
    return f"{FUNCTIONS.get(bare, name)} {_part(node, 'e')}"


def _limit_below(node: etree._Element) -> str:
    base = _part(node, "e")
    if base in FUNCTIONS or base in FUNCTIONS.values():
        return f"{FUNCTIONS.get(base, base)}_{{{_part(node, 'lim')}}}"
    return f"\\underset{{{_part(node, 'lim')}}}{{{base}}}"


def _limit_above(node: etree._Element) -> str:
    return f"\\overset{{{_part(node, 'lim')}}}{{{_part(node, 'e')}}}"


def _boxed(node: etree._Element) -> str:
    return f"\\boxed{{{_part(node, 'e')}}}"


WRITERS: dict[str, Callable[[etree._Element], str]] = {
    "r": _run,
    "f": _fraction,
    "rad": _radical,
    "sSup": _superscript,
    "sSub": _subscript,
    "sSubSup": _both_scripts,
    "sPre": _scripts_before,
    "nary": _n_ary,
    "d": _delimited,
    "m": _matrix,
    "eqArr": _equation_array,
    "acc": _accented,
    "bar": _bar,
    "groupChr": _grouped,
    "func": _function,
    "limLow": _limit_below,
    "limUpp": _limit_above,
    "borderBox": _boxed,
}
