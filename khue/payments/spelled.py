"""Amounts of money in Vietnamese words, as receipts must state them (NĐ 254/2026; style fixed after domain §6.3).

The accountants' style: an empty group between others is said ("một triệu không nghìn không trăm linh năm"), at the end
it is not. "Linh", not "lẻ"; "nghìn", not "ngàn".
"""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
_BILLION = 10**9


def dong(amount: int) -> str:
    """An amount of đồng as a sentence begins: "Một triệu hai trăm năm mươi nghìn đồng". From 0."""
    words = f"{number(amount)} đồng"
    return words[0].upper() + words[1:]


def number(value: int) -> str:
    """A whole number from 0 in words: "hai mươi mốt"."""
    if value < 0:
        raise ValueError("an amount is not negative")
    return " ".join(_below_billions(value) if value < _BILLION else _with_billions(value)) or _DIGITS[0]


def _with_billions(value: int) -> list[str]:
    billions, rest = divmod(value, _BILLION)
    said = [number(billions), "tỷ"]
    return said + _below_billions(rest, follows=True) if rest else said


def _below_billions(value: int, *, follows: bool = False) -> list[str]:
    """Millions, thousands and the rest; `follows` where something larger was said before."""
    said: list[str] = []
    for power in (2, 1, 0):
        rest = value % 1000 ** (power + 1)
        group = rest // 1000**power
        if group or (follows and rest and power):
            said += _group(group, follows=follows) if group else [_DIGITS[0]]
            said += [_GROUPS[power]] if power else []
            follows = True
        if rest == group * 1000**power:
            break
    return said


def _group(value: int, *, follows: bool) -> list[str]:
    """Three digits; all of them where something larger was said before."""
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    said = [_DIGITS[hundreds], "trăm"] if hundreds or follows else []
    if tens > 1:
        said += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        said.append("mười")
    elif units and said:
        said.append("linh")
    if units:
        said.append(_unit(units, tens))
    return said


def _unit(units: int, tens: int) -> str:
    if units == 1 and tens > 1:
        return "mốt"
    if units == 4 and tens > 1:
        return "tư"
    return "lăm" if units == 5 and tens else _DIGITS[units]
