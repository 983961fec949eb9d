"""The same task of many cases at once leaves them as one after the other would, in a few statements, all or none."""

from collections.abc import Mapping, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, OutboxEvent
from khue.procedures import actions, refusals
from khue.procedures.filling import FieldsWrong
from khue.procedures.models import Case, Definition, Slip, Step
from khue.procedures.tests.drawn import published
from khue.procedures.tests.test_cases import filed, step
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
ACCEPT, REFUSE = {"decision": "accept"}, {"decision": "refuse", "reason": "Hết chỗ"}


@pytest.fixture
def definition(world: World) -> Definition:
    return published(world.here.organisation)


def reviewed(world: World, given: Mapping[int, Mapping[str, str]], who=None) -> int:
    return actions.do_steps(
        actor=actor(who or world.here.clerk), organisation_id=world.here.organisation.id, task="review", given=given,
        at=NOON,
    )  # fmt: skip


def left(cases: Sequence[Case]) -> list[tuple[object, ...]]:
    """What a decision leaves of each case, without the keys of rows."""
    found: list[tuple[object, ...]] = []
    for case in Case.objects.filter(id__in=[each.id for each in cases]).order_by("id"):
        steps = Step.objects.filter(case=case).order_by("id")
        audited = AuditRow.objects.filter(subject_id=case.id, verb="case.step_done").order_by("id")
        told = OutboxEvent.objects.filter(payload__case_id=case.id).order_by("id")
        found.append((
            case.data, case.state, case.status, case.ends, case.reason, case.finished_at, case.finished_on,
            list(steps.values_list("task", "title", "role", "data", "done_at", "done_by_id", "done_by_name")),
            list(Slip.objects.filter(case=case).order_by("id").values_list("kind", "year", "content")),
            list(audited.values_list("details", "organisation_id", "account_id", "roles", "door")),
            list(told.values_list("name", flat=True)),
        ))  # fmt: skip
    return found


def test_many_are_left_as_one_after_the_other_would_be(world: World, definition: Definition) -> None:
    said = [ACCEPT, REFUSE, REFUSE, ACCEPT]
    singly = [filed(world, definition, subject_name="Con") for _ in said]
    together = [filed(world, definition, subject_name="Con") for _ in said]
    clerk = actor(world.here.clerk)
    for case, given in zip(singly, said, strict=True):
        actions.do_step(actor=clerk, step=step(case, "review"), given=given, at=NOON)

    assert reviewed(world, {case.id: given for case, given in zip(together, said, strict=True)}) == 4

    assert left(together) == left(singly)
    refusals_of = Slip.objects.filter(kind="refusal").order_by("number")
    assert list(refusals_of.values_list("number", "case_id")) == [
        (1, singly[1].id), (2, singly[2].id), (3, together[1].id), (4, together[2].id),
    ]  # fmt: skip
    assert len(set(Slip.objects.values_list("public_id", flat=True))) == Slip.objects.count()


def test_papers_are_numbered_in_the_order_in_which_cases_are_given(world: World, definition: Definition) -> None:
    cases = [filed(world, definition) for _ in range(5)]
    order = [cases[number].id for number in (3, 0, 4, 1, 2)]

    reviewed(world, dict.fromkeys(order, REFUSE))

    assert list(Slip.objects.filter(kind="refusal").order_by("number").values_list("case_id", flat=True)) == order
    assert filed(world, definition).code  # the counter goes on behind them
    reviewed(world, {Case.objects.latest("id").id: REFUSE})
    assert Slip.objects.filter(kind="refusal").latest("number").number == 6


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"decision": "perhaps"}, FieldsWrong),
        ({"decision": "refuse"}, refusals.ReasonMissing),
    ],
)
def test_one_that_is_wrong_leaves_all_undone(world: World, definition: Definition, wrong, refusal) -> None:
    cases = [filed(world, definition) for _ in range(3)]
    given = {case.id: dict(REFUSE) for case in cases}
    given[cases[1].id] = wrong

    with pytest.raises(refusal):
        reviewed(world, given)

    assert not Case.objects.exclude(finished_on=None).exists()
    assert not Slip.objects.filter(kind="refusal").exists()


def test_what_is_done_waits_or_is_over_leaves_all_undone(world: World, definition: Definition) -> None:
    fresh, done, waits, over = (filed(world, definition) for _ in range(4))
    clerk = actor(world.here.clerk)
    actions.do_step(actor=clerk, step=step(done, "review"), given=ACCEPT, at=NOON)
    actions.ask_supplement(actor=clerk, case=waits, wanted="Giấy khai sinh", at=NOON)
    actions.withdraw_case(actor=clerk, case=over, proof=over.code, at=NOON)

    for case, refusal in ((done, refusals.StepIsDone), (waits, refusals.CaseWaits), (over, refusals.CaseIsOver)):
        with pytest.raises(refusal):
            reviewed(world, {fresh.id: REFUSE, case.id: REFUSE})

    assert Case.objects.get(id=fresh.id).finished_on is None


def test_nobody_does_together_what_one_may_not_do_alone(world: World, definition: Definition) -> None:
    case = filed(world, definition)

    for who in (world.here.head, world.elsewhere.clerk, world.here.guardians[0]):
        with pytest.raises((Forbidden, refusals.StepIsDone)):
            reviewed(world, {case.id: ACCEPT}, who)

    assert Step.objects.get(case=case).done_at is None


def test_thirty_cost_as_many_statements_as_three(world: World, definition: Definition) -> None:
    reviewed(world, {filed(world, definition).id: REFUSE})

    def asked(many: int) -> int:
        given = {filed(world, definition).id: REFUSE for _ in range(many)}
        with CaptureQueriesContext(connection) as captured:
            reviewed(world, given)
        return len(captured)

    assert asked(3) == asked(30) <= 11
