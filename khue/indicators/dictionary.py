"""The dictionary of the open data: every column, every indicator with its definitions, in words for people outside."""

from khue.indicators.catalogue import CATALOGUE
from khue.indicators.suppression import LEAST

#: Name, type and meaning of each column, in the order of the file.
COLUMNS = (
    ("month", "YYYY-MM", "Tháng của số liệu; tính từ đầu năm học đến hết tháng"),
    ("level", "text", "Loại đơn vị: ministry, department, commune_office, school"),
    ("code", "text", "Mã đơn vị; trống nếu chưa có"),
    ("name", "text", "Tên đơn vị"),
    ("indicator", "text", "Mã chỉ số, xem indicators"),
    ("definition", "integer", "Phiên bản định nghĩa của chỉ số"),
    ("numerator", "integer", "Tử số; trống khi bị ẩn"),
    ("denominator", "integer", "Mẫu số; trống khi bị ẩn"),
    ("unknown", "integer", "Số chưa rõ, không tính vào mẫu số; trống khi chính nó nhỏ hơn 5 hoặc bị suy ra được"),
    ("is_hidden", "0 or 1", f"1: ẩn vì có phần nhỏ hơn {LEAST}, hoặc vì số bị ẩn khác sẽ suy ra được từ nó"),
)
LICENCE = "CC-BY-4.0"


def dictionary() -> dict[str, object]:
    """What a reader of the data needs to understand it, as plain values for JSON."""
    return {
        "licence": LICENCE,
        "aggregation": "sum numerators / sum denominators; never a mean of percentages; unknown is never zero",
        "columns": [{"name": name, "type": kind, "meaning": text} for name, kind, text in COLUMNS],
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
            for held in CATALOGUE
            if held.may_publish
        ],
    }
