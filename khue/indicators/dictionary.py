"""The dictionary of the open data: every column, every indicator with its definitions, in words for people outside."""

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from khue.indicators.catalogue import CATALOGUE, Indicator
from khue.indicators.suppression import LEAST

_HOW_UNKNOWN = format_lazy(
    _("Số chưa rõ, không tính vào mẫu số; trống khi chính nó nhỏ hơn {least} hoặc bị suy ra được"), least=LEAST
)
_HOW_HIDDEN = format_lazy(
    _("1: ẩn vì có phần nhỏ hơn {least}, hoặc vì số bị ẩn khác sẽ suy ra được từ nó"), least=LEAST
)
#: Name, type and meaning of each column, in the order of the file.
COLUMNS = (
    ("month", "YYYY-MM", _("Tháng của số liệu; tính từ đầu năm học đến hết tháng")),
    ("level", "text", _("Loại đơn vị: ministry là Bộ, department là sở, commune_office là xã, school là trường")),
    ("code", "text", _("Mã đơn vị; trống nếu chưa có")),
    ("name", "text", _("Tên đơn vị")),
    ("indicator", "text", _("Mã chỉ số, như trong danh sách chỉ số")),
    ("definition", "integer", _("Phiên bản định nghĩa của chỉ số")),
    ("numerator", "integer", _("Tử số; trống khi bị ẩn")),
    ("denominator", "integer", _("Mẫu số; trống khi bị ẩn")),
    ("unknown", "integer", _HOW_UNKNOWN),
    ("is_hidden", "0 or 1", _HOW_HIDDEN),
)
#: The types as a page says them; the JSON keeps the words that programs know.
TYPES = {"YYYY-MM": _("năm-tháng"), "text": _("chữ"), "integer": _("số nguyên"), "0 or 1": _("0 hoặc 1")}
LICENCE = "CC-BY-4.0"


def open_indicators() -> list[Indicator]:
    """Those that go into the open data."""
    return [held for held in CATALOGUE if held.may_publish]


def dictionary() -> dict[str, object]:
    """What a reader of the data needs to understand it, as plain values for JSON, in the language of who asks."""
    return {
        "language": get_language(),
        "licence": LICENCE,
        "aggregation": "sum numerators / sum denominators; never a mean of percentages; unknown is never zero",
        "columns": [{"name": name, "type": kind, "meaning": str(text)} for name, kind, text in COLUMNS],
        "indicators": [
            {
                "code": held.code,
                "text": str(held.text),
                "unit": str(held.unit),
                "source": held.source,
                "verified": held.verified,
                "targets": {str(year): target for year, target in held.targets.items()},
                "definitions": [
                    {
                        "version": definition.version,
                        "valid_from": definition.valid_from.isoformat(),
                        "numerator": str(definition.numerator),
                        "denominator": str(definition.denominator),
                    }
                    for definition in held.definitions
                ],
            }
            for held in open_indicators()
        ],
    }
