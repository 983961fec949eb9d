"""The invitation to a meeting of parents, as schools write it: to families, and so in Vietnamese.

At least three meetings a year: at its beginning, after the first term, at its end. TT 55/2011/TT-BGDĐT, Điều 9.
"""

from dataclasses import dataclass
from datetime import date, time

BEGINNING, TERM_1, YEAR_END = "beginning", "term_1", "year_end"
_WHEN = {BEGINNING: "đầu năm học", TERM_1: "cuối học kì 1", YEAR_END: "cuối năm học"}
_AGENDA = {
    BEGINNING: "Kế hoạch năm học, nội quy, quy định đánh giá học sinh; bầu Ban đại diện cha mẹ học sinh của lớp.",
    TERM_1: "Kết quả học tập và rèn luyện học kì 1 của các em; kế hoạch học kì 2; việc gia đình cùng làm.",
    YEAR_END: "Kết quả học tập và rèn luyện cả năm của các em; khen thưởng; kế hoạch hè.",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """What families read. on, at: when they meet, by the Vietnamese clock."""

    subject: str
    body: str


def usual_agenda(occasion: str) -> str:
    """What a meeting on this occasion is about."""
    return _AGENDA[occasion]


def invitation(*, class_name: str, year: str, occasion: str, on: date, at: time, place: str, agenda: str) -> Invitation:
    """The words of an invitation. year: code of the school year, "2026-2027"."""
    when = f"{at.hour} giờ {at.minute:02}, ngày {on:%d/%m/%Y}" if at.minute else f"{at.hour} giờ, ngày {on:%d/%m/%Y}"
    return Invitation(
        f"Mời họp cha mẹ học sinh lớp {class_name} {_WHEN[occasion]}",
        f"Kính gửi Quý phụ huynh học sinh lớp {class_name},\n\n"
        f"Kính mời Quý phụ huynh dự cuộc họp cha mẹ học sinh {_WHEN[occasion]}, năm học {year}.\n\n"
        f"Thời gian: {when}.\nĐịa điểm: {place}.\nNội dung: {agenda}\n\n"
        "Quý phụ huynh bấm “Đã đọc và nắm thông tin” để nhà trường biết giấy mời đã đến. Trân trọng cảm ơn.",
    )
