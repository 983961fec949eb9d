"""A published plan is put right: freely before it opens, afterwards only to the good of families."""

from datetime import timedelta

import pytest

from khue.foundation import clock
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.schools import actions
from khue.schools.actions.admission import PlanOutOfOrder
from khue.schools.actions.admission_changes import PlanOpened, PlanUnderWay
from khue.schools.models import AdmissionPlan
from khue.schools.tests.test_admission_pages import KEY, typed
from tests.world import World, account, actor

pytestmark = pytest.mark.django_db


def form(opens: int, closes: int, **more: object) -> dict[str, object]:
    return {
        "procedure": KEY, "year": "2027-2028", "capacity": 20, "opens_at": typed(opens), "closes_at": typed(closes),
        "who": "Học sinh xong lớp 5", "zones": "Mỹ An: Ấp 3\nTân Hộ", "papers": "", "seed_digest": "", **more,
    }  # fmt: skip


def published(client, opens: int, closes: int = 48) -> AdmissionPlan:
    assert client.post("/admissions/new/", form(opens, closes)).status_code == 303
    return AdmissionPlan.objects.get()


def test_before_it_opens_a_plan_is_put_right_or_taken_back(world: World, client_of) -> None:
    head = client_of(world.here.head)
    plan = published(head, 24)
    page = f"/admissions/{plan.public_id}/change/"

    shown = head.get(page).content.decode()
    assert "Mỹ An: Ấp 3\nTân Hộ" in shown
    assert f'value="{typed(24)}"' in shown
    assert head.post(page, form(24, 12)).status_code == 422
    assert head.post(page, form(30, 60, capacity=200, zones="Mỹ An")).status_code == 303

    plan.refresh_from_db()
    assert (plan.capacity, plan.zones, plan.year) == (200, [{"commune": "Mỹ An", "street": ""}], "2027-2028")
    assert AuditRow.objects.filter(verb="admission.changed").count() == 1
    assert head.post(f"/admissions/{plan.public_id}/withdraw/")["Location"] == "/admissions/office/"
    assert not AdmissionPlan.objects.exists()


def test_once_open_it_takes_nothing_from_anybody(world: World, client_of) -> None:
    head = client_of(world.here.head)
    plan = published(head, -1)
    page = f"/admissions/{plan.public_id}/change/"

    shown = head.get(page).content.decode()
    assert "chỉ còn kéo dài hạn nhận hoặc tăng số chỗ" in shown
    assert [name for name in form(-1, 48) if f'name="{name}"' in shown] == ["capacity", "closes_at"]
    for change, said in (
        ({"capacity": 10}, "Chỉ tăng được: đã công bố 20 chỗ."),
        ({"closes_at": typed(24)}, "Chỉ kéo dài thêm được hạn nhận đã công bố."),
    ):
        answer = head.post(page, form(-1, 48) | change)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert head.post(page, form(-1, 48, zones="Mỹ An", who="Ai cũng được")).status_code == 303
    assert "Đã bắt đầu nhận hồ sơ" in head.post(f"/admissions/{plan.public_id}/withdraw/", follow=True).content.decode()
    assert AdmissionPlan.objects.filter(capacity=20, who="Học sinh xong lớp 5").count() == 1

    assert head.post(page, form(-1, 72, capacity=25)).status_code == 303
    plan.refresh_from_db()
    assert plan.capacity == 25
    assert plan.closes_at - clock.now() > timedelta(hours=71)


def test_the_schools_plan_is_the_schools_and_the_offices_the_offices(world: World, client_of) -> None:
    plan = published(client_of(world.here.head), 24)
    details = actions.PlanDetails(KEY, plan.year, 30, plan.opens_at, plan.closes_at, [("Mỹ An", "")])
    officer = account(None, "department_officer", world.commune_office)

    for who in (world.here.teacher, world.elsewhere.head, officer):
        client = client_of(who)
        assert client.get(f"/admissions/{plan.public_id}/change/").status_code in (403, 404)
        assert client.post(f"/admissions/{plan.public_id}/withdraw/").status_code in (403, 404)
    with pytest.raises(Forbidden):
        actions.change_admission(actor=actor(world.elsewhere.head), plan=plan, details=details, at=clock.now())
    AdmissionPlan.objects.update(planned_by=world.commune_office)
    plan.refresh_from_db()
    with pytest.raises(Forbidden):
        actions.change_admission(actor=actor(world.here.head), plan=plan, details=details, at=clock.now())
    with pytest.raises(Forbidden):
        actions.withdraw_admission(actor=actor(world.here.head), plan=plan, at=clock.now())

    assert AdmissionPlan.objects.get().capacity == 20
    actions.change_admission(actor=actor(officer), plan=plan, details=details, at=clock.now())
    assert AdmissionPlan.objects.get().capacity == 30


def test_what_is_refused_changes_nothing(world: World, client_of) -> None:
    plan = published(client_of(world.here.head), -1)
    head, at = actor(world.here.head), clock.now()
    grown = actions.PlanDetails(KEY, plan.year, 20, plan.opens_at, plan.closes_at, [("Mỹ An", "Ấp 3")], who="khác")

    with pytest.raises(PlanUnderWay):
        actions.change_admission(actor=head, plan=plan, details=grown, at=at)
    with pytest.raises(PlanOutOfOrder):
        actions.change_admission(
            actor=head, plan=plan, at=at,
            details=actions.PlanDetails(KEY, plan.year, 0, plan.opens_at, plan.closes_at, []),
        )  # fmt: skip
    with pytest.raises(PlanOpened):
        actions.withdraw_admission(actor=head, plan=plan, at=at)

    assert AdmissionPlan.objects.filter(capacity=20).count() == 1
    assert not AuditRow.objects.filter(verb__in=["admission.changed", "admission.withdrawn"]).exists()
