"""The digital-transformation index of schools as data and rules: QĐ 4725/QĐ-BGDĐT of 30 December 2022 (domain §1.4).

The source from which the points were read gives group 2 a sum of 90, not 100: ten points are missing from it. They are
not invented here; until somebody has read the annex, levels are marked as unverified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE = "QĐ 4725/QĐ-BGDĐT ngày 30/12/2022"
IS_VERIFIED = False
TEACHING, GOVERNANCE = 1, 2
GROUPS = {TEACHING: _("Chuyển đổi số trong dạy, học"), GOVERNANCE: _("Chuyển đổi số trong quản trị cơ sở giáo dục")}
LEVELS = {1: _("Mức 1: chưa đáp ứng"), 2: _("Mức 2: đáp ứng cơ bản"), 3: _("Mức 3: đáp ứng tốt")}
BASIC, GOOD = 50, 75


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. most: the most points it gives; 0 for a mandatory one, which is met or not."""

    code: str
    text: str | Promise
    most: int

    @property
    def group(self) -> int:
        return int(self.code[0])

    @property
    def is_mandatory(self) -> bool:
        return self.most == 0

    @property
    def ceiling(self) -> int:
        """The largest value that may be claimed: points, or 1 for "met"."""
        return self.most or 1

    @property
    def field(self) -> str:
        """Its name in forms."""
        return f"c{self.code.replace('.', '_')}"


CRITERIA = (
    Criterion("1.1", _("Ban hành kế hoạch tổ chức dạy học trực tuyến"), 0),
    Criterion("1.2", _("Ban hành quy chế tổ chức dạy học trực tuyến"), 0),
    Criterion("1.3.1", _("Triển khai phần mềm dạy học trực tuyến trực tiếp"), 6),
    Criterion("1.3.2", _("Hệ thống quản lí học tập: giáo viên giao bài tự học"), 6),
    Criterion("1.3.3", _("Hệ thống quản lí học tập: giáo viên giải đáp câu hỏi của học sinh"), 6),
    Criterion("1.3.4", _("Hệ thống quản lí học tập: kiểm tra thường xuyên trực tuyến"), 6),
    Criterion("1.3.5", _("Hệ thống quản lí học tập: cha mẹ tham gia, theo dõi"), 6),
    Criterion("1.4", _("Số học liệu số được duyệt"), 10),
    Criterion("1.5.1", _("Kiểm tra, đánh giá trên phòng máy tính bằng phần mềm"), 15),
    Criterion("1.5.2", _("Phần mềm kiểm tra trao đổi kết quả với hệ thống quản trị"), 5),
    Criterion("1.6.1", _("Tỉ lệ giáo viên có tài khoản trên hệ thống bồi dưỡng trực tuyến"), 7),
    Criterion("1.6.2", _("Tỉ lệ giáo viên khai thác phần mềm, công cụ đổi mới dạy học"), 7),
    Criterion("1.6.3", _("Tỉ lệ giáo viên xây dựng được học liệu số, bài giảng điện tử"), 6),
    Criterion("1.7.1", _("Tỉ lệ phòng học có thiết bị trình chiếu và kết nối Internet"), 8),
    Criterion("1.7.2", _("Mức đáp ứng yêu cầu dạy môn Tin học"), 7),
    Criterion("1.7.3", _("Phòng studio làm học liệu số"), 5),
    Criterion("2.1", _("Phân công bộ phận, người phụ trách công nghệ thông tin và chuyển đổi số"), 0),
    Criterion("2.2", _("Ban hành kế hoạch ứng dụng công nghệ thông tin, chuyển đổi số"), 0),
    Criterion("2.3.1", _("Quy chế sử dụng hệ thống quản trị nhà trường"), 6),
    Criterion("2.3.2", _("Quản lí học sinh"), 6),
    Criterion("2.3.3", _("Sổ điểm điện tử, học bạ điện tử"), 10),
    Criterion("2.3.4", _("Quản lí đội ngũ"), 6),
    Criterion("2.3.5", _("Quản lí cơ sở vật chất"), 10),
    Criterion("2.3.6", _("Quản lí y tế trường học"), 10),
    Criterion("2.3.7", _("Quản lí kế toán"), 6),
    Criterion("2.3.8", _("Phần mềm trao đổi dữ liệu định kì với cơ sở dữ liệu ngành"), 6),
    Criterion("2.4.1", _("Ứng dụng kết nối gia đình và nhà trường"), 8),
    Criterion("2.4.2", _("Tuyển sinh đầu cấp trực tuyến"), 12),
    Criterion("2.4.3", _("Thu phí dịch vụ giáo dục không dùng tiền mặt"), 10),
)
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}


@dataclass(frozen=True, slots=True)
class Result:
    """What an assessment comes to."""

    teaching: int
    governance: int
    is_ready: bool  # every mandatory criterion is met
    level: int


def result_of(points: Mapping[str, int]) -> Result:
    """Points of both groups and the level.

    points   by code of criterion; those not named give none
    returns  the lower of the two groups' levels; level 1 where a mandatory criterion is not met
    source   QĐ 4725/QĐ-BGDĐT; the lower level and the mandatory ones are our reading of it (domain §1.4)
    """
    sums = {TEACHING: 0, GOVERNANCE: 0}
    for criterion in CRITERIA:
        if not criterion.is_mandatory:
            sums[criterion.group] += points.get(criterion.code, 0)
    is_ready = all(points.get(criterion.code, 0) for criterion in CRITERIA if criterion.is_mandatory)
    level = min(level_of(amount) for amount in sums.values()) if is_ready else 1
    return Result(sums[TEACHING], sums[GOVERNANCE], is_ready, level)


def level_of(points: int) -> int:
    """The level of one group: below 50, from 50 to 75, above 75."""
    return 1 if points < BASIC else 2 if points <= GOOD else 3


def hand_in_by(school_year: str) -> date:
    """The last day on which schools hand in their assessment of a school year: before 31 May."""
    return date(int(school_year[5:]), 5, 30)


def publish_by(school_year: str) -> date:
    """The last day on which the department publishes levels: before 20 June."""
    return date(int(school_year[5:]), 6, 19)
