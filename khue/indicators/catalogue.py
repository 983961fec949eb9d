"""The indicators of Decision 131/QĐ-TTg as data: what each counts, of what, and where it is to be in 2025 and 2030.

A target that was not found in the official text is None, and stays so until somebody has read it there (domain §1.1).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE = "QĐ 131/QĐ-TTg ngày 25/01/2022"


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    numerator, denominator   what is counted, of what; both are counts of `unit`
    target_2025              percent, as the decision prints it; None where it has no number
    target_2030              None: unknown
    is_computed              Khuê computes it from the rows; others are filled in by hand one day
    """

    code: str
    text: str | Promise
    unit: str | Promise
    numerator: str | Promise
    denominator: str | Promise
    target_2025: int | None
    is_computed: bool = False
    target_2030: int | None = None
    verified: bool = False
    source: str = SOURCE


_persons, _periods = _("người"), _("tiết")
A1 = Indicator(
    "A1",
    _("Học sinh và giáo viên đủ thiết bị, đường truyền, phần mềm để dạy và học trực tuyến"),
    _persons,
    _("người có đủ cả ba: thiết bị, đường truyền, phần mềm"),
    _("học sinh đang học và giáo viên đang làm việc đã trả lời khảo sát"),
    50,
    is_computed=True,
)
A2 = Indicator(
    "A2",
    _("Học sinh dùng nền tảng dạy và học trực tuyến trong nước"),
    _persons,
    _("học sinh có ít nhất một ngày học trên Khuê từ đầu năm học"),
    _("học sinh đang học"),
    50,
    is_computed=True,
)
A5 = Indicator(
    "A5",
    _("Nội dung chương trình tiểu học được dạy trực tuyến"),
    _periods,
    _("tiết dạy trực tuyến ở lớp 1–5, theo sổ ghi đầu bài"),
    _("tiết đã dạy ở lớp 1–5"),
    5,
    is_computed=True,
)
A6 = Indicator(
    "A6",
    _("Nội dung chương trình trung học được dạy trực tuyến"),
    _periods,
    _("tiết dạy trực tuyến ở lớp 6–12, theo sổ ghi đầu bài"),
    _("tiết đã dạy ở lớp 6–12"),
    10,
    is_computed=True,
)
CATALOGUE = (
    A1,
    A2,
    Indicator("A3", _("Kho học liệu số quốc gia phủ chương trình phổ thông"), _("yêu cầu cần đạt"), "", "", 50),
    Indicator("A4", _("Trường đại học có chương trình đào tạo từ xa, trực tuyến"), _("cơ sở"), "", "", 50),
    A5,
    A6,
    Indicator("A7", _("Lớp học trực tuyến ở trường đại học"), _("lớp học phần"), "", "", 20),
    Indicator("A8", _("Người học văn bằng hai học trực tuyến"), _persons, "", "", 50),
    Indicator("B1", _("Cơ sở giáo dục quản trị trên dữ liệu số"), _("cơ sở"), "", "", 100),
    Indicator("B2", _("Người học, nhà giáo có hồ sơ số với mã định danh thống nhất"), _persons, "", "", 100),
    Indicator("B3", _("Cơ sở vật chất, thiết bị được quản lí bằng hồ sơ số"), _("hạng mục"), "", "", 80),
    Indicator("B5", _("Thủ tục hành chính được giải quyết trực tuyến toàn trình"), _("thủ tục"), "", "", None),
    Indicator("B6", _("Cơ sở giáo dục có nền tảng quản trị và không gian làm việc số"), _("cơ sở"), "", "", 100),
)
BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}
COMPUTED = tuple(indicator.code for indicator in CATALOGUE if indicator.is_computed)


@dataclass(frozen=True)
class Count:
    """What was counted at one school: never a percentage, so that sums go up the tree (domain §9.7).

    unknown  who or what could not be counted, because nobody has told; never taken for zero
    """

    numerator: int
    denominator: int
    unknown: int = 0
