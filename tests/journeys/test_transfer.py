"""A school transfer in real browsers: a guardian files, both schools act, the tracker follows, the pupil moved."""

from datetime import date

import pytest
from django.test import Client

from khue.procedures.models import Case, Procedure
from khue.schools.models import Enrolment
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, look
from tests.world import TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_a_child_moves_from_one_school_to_another(world: World, client_of, browser_page, monkeypatch) -> None:
    """Families have a phone, offices a desk; every page of the story is looked at as both."""
    monkeypatch.setattr("khue.foundation.clock.today", lambda: TODAY)
    child = world.here.enrolments[0].person
    phone, desk = WIDTHS

    def signed_in(client: Client, width: int):
        page = browser_page(width=width, height=800)
        answer_by(client, page)
        return page

    family = signed_in(client_of(world.here.guardians[0]), phone)
    transfer = Procedure.objects.get(organisation=None, key="transfer")
    family.goto(f"{ORIGIN}/procedures/?q=chuyen+truong")
    look(family)
    family.get_by_role("link", name="Chuyển trường", exact=True).click()
    look(family)
    family.get_by_role("link", name="Nộp hồ sơ").click()
    family.get_by_role("link", name=child.full_name).click()
    look(family)
    family.get_by_role("link", name=world.elsewhere.organisation.name).click()
    assert family.url.startswith(f"{ORIGIN}/procedures/{transfer.public_id}/file/")
    assert family.get_by_text("6A", exact=True).count() == 1
    look(family)
    family.get_by_label("Số điện thoại").fill("0901234567")
    family.get_by_label("Lý do chuyển trường").fill("Gia đình chuyển chỗ ở")
    family.get_by_role("button", name="Nộp hồ sơ").click()
    family.get_by_text("Giấy tiếp nhận hồ sơ").wait_for()
    look(family)
    case = Case.objects.get()

    joining = signed_in(client_of(world.elsewhere.head), desk)
    joining.goto(f"{ORIGIN}/procedures/desk/")
    look(joining)
    joining.get_by_role("link", name="Xem xét tiếp nhận").click()
    look(joining)
    joining.get_by_label("Đồng ý").check()
    joining.get_by_label("Xếp vào lớp").select_option(str(world.elsewhere.school_class.id))
    joining.get_by_role("button", name="Xong bước này").click()
    joining.get_by_text("Đã xong bước này.").wait_for()

    leaving = signed_in(client_of(world.here.clerk), desk)
    leaving.goto(f"{ORIGIN}/procedures/desk/")
    leaving.get_by_role("link", name="Cho chuyển đi").click()
    leaving.get_by_label(f"{child.full_name} · 6A").check()
    look(leaving)
    leaving.get_by_role("button", name="Xong bước này").click()
    leaving.get_by_text("Hồ sơ đã giải quyết xong.").wait_for()

    public = signed_in(Client(), phone)
    public.goto(f"{ORIGIN}/procedures/follow/?code={case.code}")
    look(public)
    public.get_by_label("Ngày sinh của học sinh").fill("02/03/2015")
    public.get_by_role("button", name="Xem hồ sơ").click()
    public.get_by_text("Được giải quyết").wait_for()
    look(public)
    public.get_by_label("Rất hài lòng").check()
    public.get_by_role("button", name="Gửi đánh giá").click()
    public.get_by_text("Đã đánh giá: Rất hài lòng.").wait_for()
    moved = Enrolment.objects.get(person=child, ends_on=None)
    assert (moved.organisation_id, case.born_on) == (world.elsewhere.organisation.id, date(2015, 3, 2))
