from decimal import Decimal

from khue.activity.models import ActiveDay, Statement
from khue.assessment.events import AttemptSubmitted
from khue.learning import tasks
from tests.world import NOON, World, submitted_attempt


def test_a_finished_test_is_told_once_however_often_the_event_comes(world: World) -> None:
    attempt = submitted_attempt(world, 0, 85)
    event = AttemptSubmitted(
        organisation_id=attempt.organisation_id, attempt_id=attempt.id, assignment_id=attempt.assignment_id,
        class_subject_id=world.here.maths.id, enrolment_id=attempt.enrolment_id, person_id=attempt.person_id,
        score=850, top=1000, mark=85, mark_column="",
    )  # fmt: skip

    for _ in range(2):
        tasks.tell_attempt(event)

    told = Statement.objects.get()
    assert (told.verb, told.score_ratio, told.happened_at) == ("scored", Decimal("0.85"), NOON)
    assert ActiveDay.objects.count() == 1
