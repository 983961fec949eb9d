from khue.foundation import scope
from khue.schools.models import Enrolment
from tests.world import World, actor


def test_a_teacher_sees_only_the_pupils_of_the_own_school(world: World) -> None:
    with scope.of(actor(world.here.teacher)):
        assert set(Enrolment.objects.values_list("organisation_id", flat=True)) == {world.here.organisation.id}


def test_a_guardian_signs_in_and_gets_a_page(world: World, client_of) -> None:
    assert client_of(world.here.guardians[0]).get("/nothing-here").status_code == 404
