"""What the department and the first school tell everybody: a campaign, and news that anybody reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.news import actions as news
from khue.news.actions import Plan, Text
from khue.news.models import Campaign

CAMPAIGN = Plan(
    title="Tháng học trực tuyến an toàn",
    aim="Mỗi gia đình biết cách giúp con học trên mạng đúng giờ, đúng cách và an toàn.",
    begins_on=date.min,
    ends_on=date.min,
    source="QĐ 131/QĐ-TTg",
    wanted_reads=2_000,
)
OF_DEPARTMENT = (
    "Sở phát động Tháng học trực tuyến an toàn",
    "Trong một tháng, các trường chia sẻ với gia đình cách học trên mạng an toàn và hiệu quả.",
    "## Các việc trong tháng\n\n- Mỗi trường có ít nhất một bài viết cho phụ huynh.\n"
    "- Giáo viên chủ nhiệm nói với lớp về mật khẩu và cách báo khi bị làm phiền.\n"
    "- Cuối tháng, Sở công bố số lượt đọc của từng trường.",
)
OF_SCHOOL = (
    (
        "Năm điều gia đình nên làm khi con học trên mạng",
        "Chỗ ngồi, giờ học, mật khẩu, nghỉ mắt và hỏi con mỗi ngày: năm việc nhỏ mà có ích.",
        "1. Chọn cho con một **chỗ ngồi cố định**, đủ sáng.\n2. Giữ giờ học như ở trường.\n"
        "3. Mật khẩu là của riêng con, không đưa cho bạn.\n4. Cứ 30 phút cho mắt nghỉ 5 phút.\n"
        "5. Hỏi con: hôm nay con làm được điều gì?",
    ),
    (
        "Lịch họp cha mẹ học sinh giữa học kì I",
        "Nhà trường mời cha mẹ học sinh các khối đến họp vào sáng thứ Bảy tuần tới.",
        "Khối 6 và 7 họp lúc **7 giờ 30**, khối 8 và 9 lúc **9 giờ 30**, tại phòng học của lớp.\n\n"
        "Gia đình không đến được có thể nhắn giáo viên chủ nhiệm ngay trên Khuê.",
    ),
)


@dataclass(frozen=True)
class Office:
    """Somebody who publishes in the name of a place."""

    place: int
    actor: Actor


def tell_everybody(department: Office, school: Office, at: datetime) -> None:
    """A campaign of the department, its own article, and two of a school, the first for the campaign."""
    today = at.astimezone(VIETNAM).date()
    plan = replace(CAMPAIGN, begins_on=today - timedelta(days=14), ends_on=today + timedelta(days=16))
    campaign = news.open_campaign(actor=department.actor, organisation_id=department.place, plan=plan, at=at)
    _publish(department, [OF_DEPARTMENT], campaign, at)
    _publish(school, OF_SCHOOL[:1], campaign, at)
    _publish(school, OF_SCHOOL[1:], None, at)


def _publish(office: Office, texts: Sequence[tuple[str, str, str]], campaign: Campaign | None, at: datetime) -> None:
    for title, lead, body in texts:
        article = news.write_article(
            actor=office.actor, organisation_id=office.place, text=Text(title, lead, body, campaign),
            on=at.astimezone(VIETNAM).date(), at=at,
        )  # fmt: skip
        news.publish_article(actor=office.actor, article=article, at=at)
