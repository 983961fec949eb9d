import pytest
from lxml import etree

from khue.assessment.word.equations import tex

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("omml", "wanted"),
    [
        (f"<m:f><m:num>{r('a')}</m:num><m:den>{r('b+1')}</m:den></m:f>", r"\frac{a}{b+1}"),
        (f"<m:rad><m:radPr/><m:deg/><m:e>{r('2x')}</m:e></m:rad>", r"\sqrt{2x}"),
        (f"<m:rad><m:deg>{r('3')}</m:deg><m:e>{r('x')}</m:e></m:rad>", r"\sqrt[3]{x}"),
        (f"<m:sSup><m:e>{r('x')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>", "x^{2}"),
        (f"<m:sSub><m:e>{r('ab')}</m:e><m:sub>{r('n')}</m:sub></m:sSub>", "{ab}_{n}"),
        (f"<m:sSubSup><m:e>{r('C')}</m:e><m:sub>{r('k')}</m:sub><m:sup>{r('n')}</m:sup></m:sSubSup>", "C_{k}^{n}"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{r("i=1")}</m:sub><m:sup>{r("n")}</m:sup>'
            f"<m:e>{r('i')}</m:e></m:nary>",
            r"\sum_{i=1}^{n} i",
        ),
        (f"<m:nary><m:sub>{r('0')}</m:sub><m:sup>{r('1')}</m:sup><m:e>{r('x')}</m:e></m:nary>", r"\int_{0}^{1} x"),
        (f"<m:d><m:e>{r('x')}</m:e><m:e>{r('y')}</m:e></m:d>", r"\left( x\middle|y \right)"),
        (
            f'<m:d><m:dPr><m:begChr m:val="{{"/><m:endChr m:val=""/></m:dPr><m:e>{r("x")}</m:e></m:d>',
            r"\left\{ x \right.",
        ),
        (
            f"<m:m><m:mr><m:e>{r('1')}</m:e><m:e>{r('2')}</m:e></m:mr><m:mr><m:e>{r('3')}</m:e><m:e>{r('4')}</m:e></m:mr></m:m>",
            r"\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}",
        ),
        (f'<m:acc><m:accPr><m:chr m:val="\u20d7"/></m:accPr><m:e>{r("AB")}</m:e></m:acc>', r"\vec{AB}"),
        (f'<m:bar><m:barPr><m:pos m:val="top"/></m:barPr><m:e>{r("z")}</m:e></m:bar>', r"\overline{z}"),
        (f"<m:func><m:fName>{r('sin')}</m:fName><m:e>{r('x')}</m:e></m:func>", r"\sin x"),
        (
            f"<m:func><m:fName><m:limLow><m:e>{r('lim')}</m:e><m:lim>{r('x→0')}</m:lim></m:limLow></m:fName>"
            f"<m:e>{r('x')}</m:e></m:func>",
            r"\lim_{x\to 0} x",
        ),
        (
            f"<m:eqArr><m:e>{r('x=1')}</m:e><m:e>{r('y=2')}</m:e></m:eqArr>",
            r"\begin{aligned} & x=1 \\ & y=2 \end{aligned}",
        ),
        (r("α≤β−50%"), r"\alpha \le \beta -50\%"),
        ("<m:r><m:rPr><m:nor/></m:rPr><m:t>nếu 5%</m:t></m:r>", r"\text{nếu 5\%}"),
    ],
)  # fmt: skip
def test_an_equation_of_word_becomes_tex(omml: str, wanted: str):
    assert tex(etree.fromstring(f'<m:oMath xmlns:m="{M}">{omml}</m:oMath>')) == wanted
