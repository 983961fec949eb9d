"""The indicators of Decision 131/QĐ-TTg as data: what each counts, of what, since when, and where it is to be.

A target that was not found in the official text is None, and stays so until somebody has read it there (domain §1.1).
A definition that changes gets a new version with its first day; figures keep the version they were counted by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.indicators.counts import Count as Count

SOURCE = "QĐ 131/QĐ-TTg ngày 25/01/2022"
FIRST_DAY = date(2022, 1, 25)
Text = str | Promise


class Origin(StrEnum):
    """Where an indicator's figures come from.

    ROWS      counted from the day's rows of schools; bodies above have the sums
    NATIONAL  counted once for the whole country, because parts overlap: no sums
    REPORTED  typed by an office that answers for it, with its source
    TEXT      no number: what has been reached is said in words
    """

    ROWS = "rows"
    NATIONAL = "national"
    REPORTED = "reported"
    TEXT = "text"


@dataclass(frozen=True)
class Definition:
    """What an indicator counts from a day on. Numerator and denominator are counts of the indicator's unit."""

    version: int
    valid_from: date
    numerator: Text
    denominator: Text


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    text       the target as the decision words it, shortened
    targets    percent by year; None where the number is unknown, absent where the decision has none
    module     where the rows are: what a school works with to make the indicator move
    may_publish  whether it goes into the open data
    """

    code: str
    text: Text
    unit: Text
    definitions: tuple[Definition, ...]
    targets: Mapping[int, int | None]
    origin: Origin = Origin.REPORTED
    module: Text = ""
    may_publish: bool = True
    verified: bool = False
    source: str = SOURCE
    dimensions: tuple[str, ...] = field(default=("province", "commune", "school"))

    def definition_on(self, day: date) -> Definition:
        """The definition in force on a day; the first one for days before it."""
        held = [definition for definition in self.definitions if definition.valid_from <= day]
        return held[-1] if held else self.definitions[0]

    @property
    def numerator(self) -> Text:
        return self.definitions[-1].numerator

    @property
    def denominator(self) -> Text:
        return self.definitions[-1].denominator

    @property
    def is_computed(self) -> bool:
        return self.origin is Origin.ROWS

    @property
    def target_2025(self) -> int | None:
        return self.targets.get(2025)

    @property
    def target_2030(self) -> int | None:
        return self.targets.get(2030)


def _one(numerator: Text, denominator: Text) -> tuple[Definition, ...]:
    return (Definition(1, FIRST_DAY, numerator, denominator),)


def _to(target: int | None) -> dict[int, int | None]:
    return {2025: target, 2030: None}


_persons, _periods, _institutions = _("người"), _("tiết"), _("cơ sở")
_by_class = ("province", "commune", "school", "class")
CATALOGUE = (
    Indicator(
        "A1",
        _("Học sinh và giáo viên đủ thiết bị, đường truyền, phần mềm để dạy và học trực tuyến"),
        _persons,
        _one(
            _("người có đủ cả ba: thiết bị, đường truyền, phần mềm"),
            _("học sinh đang học và giáo viên đang làm việc đã trả lời khảo sát"),
        ),
        _to(50),
        Origin.ROWS,
        _("Khảo sát điều kiện học trực tuyến"),
        dimensions=_by_class,
    ),
    Indicator(
        "A2",
        _("Học sinh dùng nền tảng dạy và học trực tuyến trong nước"),
        _persons,
        _one(_("học sinh có ít nhất một ngày học trên Khuê từ đầu năm học"), _("học sinh đang học")),
        _to(50),
        Origin.ROWS,
        _("Khóa học, bài kiểm tra"),
        dimensions=_by_class,
    ),
    Indicator(
        "A3",
        _("Kho học liệu số quốc gia phủ chương trình phổ thông"),
        _("yêu cầu cần đạt"),
        _one(_("yêu cầu cần đạt có ít nhất một học liệu dùng chung đã duyệt"), _("yêu cầu cần đạt của chương trình")),
        _to(50),
        Origin.NATIONAL,
        _("Kho học liệu"),
        dimensions=(),
    ),
    Indicator(
        "A4",
        _("Trường đại học có chương trình đào tạo từ xa, trực tuyến"),
        _institutions,
        _one(_("cơ sở giáo dục đại học có chương trình từ xa, trực tuyến"), _("cơ sở giáo dục đại học")),
        _to(50),
        dimensions=(),
    ),
    Indicator(
        "A5",
        _("Nội dung chương trình tiểu học được dạy trực tuyến"),
        _periods,
        _one(_("tiết dạy trực tuyến ở lớp 1–5, theo sổ ghi đầu bài"), _("tiết đã dạy ở lớp 1–5")),
        _to(5),
        Origin.ROWS,
        _("Sổ ghi đầu bài"),
        dimensions=_by_class,
    ),
    Indicator(
        "A6",
        _("Nội dung chương trình trung học được dạy trực tuyến"),
        _periods,
        _one(_("tiết dạy trực tuyến ở lớp 6–12, theo sổ ghi đầu bài"), _("tiết đã dạy ở lớp 6–12")),
        _to(10),
        Origin.ROWS,
        _("Sổ ghi đầu bài"),
        dimensions=_by_class,
    ),
    Indicator(
        "A7",
        _("Lớp học trực tuyến ở trường đại học"),
        _("lớp học phần"),
        _one(_("lớp học phần dạy trực tuyến"), _("lớp học phần đã mở")),
        _to(20),
        dimensions=(),
    ),
    Indicator(
        "A8",
        _("Người học văn bằng hai học trực tuyến"),
        _persons,
        _one(_("người học văn bằng hai có hơn 50 % thời lượng trực tuyến"), _("người học văn bằng hai")),
        _to(50),
        dimensions=(),
    ),
    Indicator(
        "B1",
        _("Cơ sở giáo dục quản trị trên dữ liệu số"),
        _institutions,
        _one(_("trường có lớp và học sinh của năm học trên hệ thống"), _("trường đã mở năm học trên hệ thống")),
        _to(100),
        Origin.ROWS,
        _("Năm học, lớp học"),
    ),
    Indicator(
        "B2",
        _("Người học, nhà giáo có hồ sơ số với mã định danh thống nhất"),
        _persons,
        _one(
            _("người có số định danh cá nhân hoặc mã định danh Bộ GD&ĐT"),
            _("học sinh đang học và giáo viên đang làm việc"),
        ),
        _to(100),
        Origin.ROWS,
        _("Hồ sơ học sinh, nhân sự"),
        dimensions=_by_class,
    ),
    Indicator(
        "B3",
        _("Cơ sở vật chất, thiết bị được quản lí bằng hồ sơ số"),
        _("hạng mục"),
        _one(_("thiết bị có hồ sơ số"), _("thiết bị đang dùng")),
        _to(80),
        Origin.ROWS,
        _("Phòng và thiết bị"),
    ),
    Indicator(
        "B4",
        _("Cơ sở dữ liệu ngành hoàn thiện, kết nối với cơ sở dữ liệu quốc gia"),
        "",
        _one("", ""),
        {},
        Origin.TEXT,
        dimensions=(),
    ),
    Indicator(
        "B5",
        _("Thủ tục hành chính được giải quyết trực tuyến toàn trình"),
        _("hồ sơ"),
        _one(_("hồ sơ giải quyết trực tuyến toàn trình"), _("hồ sơ đã giải quyết")),
        _to(None),
        dimensions=("province",),
    ),
    Indicator(
        "B6",
        _("Cơ sở giáo dục có nền tảng quản trị và không gian làm việc số"),
        _institutions,
        _one(
            _("trường có văn bản hoặc công việc trên không gian làm việc số trong năm học"),
            _("trường đã mở năm học trên hệ thống"),
        ),
        _to(100),
        Origin.ROWS,
        _("Không gian làm việc"),
    ),
)
BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}
A1, A2, A5, A6 = (BY_CODE[code] for code in ("A1", "A2", "A5", "A6"))
COMPUTED = tuple(indicator.code for indicator in CATALOGUE if indicator.is_computed)
REPORTED = tuple(indicator.code for indicator in CATALOGUE if indicator.origin is Origin.REPORTED)
