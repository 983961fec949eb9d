"""An office above reads a school's cases; the school works on them."""

from copy import deepcopy

import pytest

from khue.foundation import scope
from khue.foundation.errors import Forbidden
from khue.procedures import actions, queries
from khue.procedures.models import Case, Supplement
from khue.procedures.tests.drawn import REVIEW, SHEET, published
from khue.procedures.tests.test_cases import filed, step
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["", "clerk"])
def test_an_officer_reads_and_does_not_work_on_a_schools_case(world: World, role: str, client_of) -> None:
    sheet = deepcopy(SHEET)
    sheet["tasks"]["review"]["role"] = role
    case = filed(world, published(world.here.organisation, REVIEW, sheet))
    officer, clerk = actor(world.department_officer), actor(world.here.clerk)

    with scope.of(officer):
        assert not queries.waiting_steps(officer).exists()
        with pytest.raises(Forbidden):
            actions.do_step(actor=officer, step=step(case, "review"), given={"decision": "accept"}, at=NOON)
        with pytest.raises(Forbidden):
            actions.ask_supplement(actor=officer, case=case, wanted="Thêm giấy", at=NOON)
        with pytest.raises(Forbidden):
            actions.refuse_unanswered(actor=officer, case=case, reason="Chậm", at=NOON)
    page = client_of(world.department_officer).get(f"/procedures/cases/{case.public_id}/").content.decode()
    assert "Nguyễn Văn Con" in page
    assert "Gửi yêu cầu" not in page
    assert Case.objects.get().status == Case.Status.RECEIVED
    assert not Supplement.objects.exists()

    with scope.of(clerk):
        assert queries.waiting_steps(clerk).count() == 1
    assert "Gửi yêu cầu" in client_of(world.here.clerk).get(f"/procedures/cases/{case.public_id}/").content.decode()
