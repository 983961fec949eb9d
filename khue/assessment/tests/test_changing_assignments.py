"""A test that a class has already: more time, one more time, or taken back; and a test straight from a Word paper."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khue.assessment import actions
from khue.assessment.models import Assignment, Attempt, Test
from khue.assessment.tests.builders import set_test
from khue.assessment.tests.word_files import plain_paper
from khue.foundation.clock import VIETNAM, now
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from tests.world import World, actor

PAPER = plain_paper(
    "Câu 1. Số nào là số nguyên tố?\nA. 4\nB. 6\n**C. 7\nD. 9",
    "Câu 2. Tính $2^3$.\n**A. 8\nB. 6\nC. 5\nD. 9",
    "Câu 3. Số nào lớn nhất?\nA. 1\n**B. 3\nC. 2\nD. 0",
)


@pytest.fixture
def open_test(world: World):
    return set_test(world.here, opens_at=now() - timedelta(minutes=5))


def begun(world: World, assignment: Assignment) -> Attempt:
    return actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=assignment, at=now())


def test_a_paper_becomes_a_test_of_ten_points_in_its_order(world: World, client_of, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    paper = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("Giữa kì 1.docx", PAPER)})
    address = paper["Location"]

    refused = client.post(address + "test/")
    client.post(address + "accept/", {"which": "all"})
    offered = client.get(address).content.decode()
    made = client.post(address + "test/")

    test = Test.objects.get()
    assert refused.status_code == 422
    assert "Tạo đề từ 3 câu này" in offered
    assert made["Location"] == f"/tests/{test.public_id}/"
    assert (test.title, test.grade, test.subject_id) == ("Giữa kì 1", 6, world.subject.id)
    lines = test.lines.select_related("question").order_by("order")
    assert [(line.question.words.split()[0], line.points) for line in lines] == [
        ("Số", 334),
        ("Tính", 333),
        ("Số", 333),
    ]
    assert lines[2].question.words.startswith("Số nào lớn nhất")
    assert "10 điểm" in client.get(made["Location"]).content.decode()


def test_nobody_else_makes_a_test_of_a_paper(world: World, client_of, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    address = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("a.docx", PAPER)})["Location"]
    client.post(address + "accept/", {"which": "all"})

    for stranger in (world.elsewhere.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(stranger).post(address + "test/").status_code == 404

    assert not Test.objects.exists()


def test_a_teacher_gives_more_time_and_who_is_at_work_gets_it(world: World, open_test):
    assignment = open_test.assignment
    Assignment.objects.filter(id=assignment.id).update(closes_at=now() + timedelta(minutes=5), minutes=15)
    assignment.refresh_from_db()
    attempt = begun(world, assignment)
    later = assignment.closes_at + timedelta(days=1)

    actions.change_assignment(
        actor=actor(world.here.teacher), assignment=assignment, closes_at=later, attempts_allowed=2, at=now()
    )

    promised, started = attempt.deadline_at, attempt.started_at
    attempt.refresh_from_db()
    assignment.refresh_from_db()
    assert promised == later - timedelta(days=1)
    assert attempt.deadline_at == started + timedelta(minutes=15)
    assert (assignment.closes_at, assignment.attempts_allowed) == (later, 2)
    row = AuditRow.objects.get(verb="test.assignment_changed")
    assert row.details["before"]["attempts_allowed"] == 1


def test_an_earlier_close_takes_no_minute_from_who_is_at_work(world: World, open_test):
    attempt = begun(world, open_test.assignment)
    promised = attempt.deadline_at

    actions.change_assignment(
        actor=actor(world.here.teacher), assignment=open_test.assignment, closes_at=now() + timedelta(minutes=1),
        attempts_allowed=1, at=now(),
    )  # fmt: skip

    attempt.refresh_from_db()
    assert attempt.deadline_at == promised


def test_a_close_in_the_past_is_refused_beside_its_field(world: World, client_of, open_test):
    assignment = open_test.assignment
    path = f"/assignments/{assignment.public_id}/change/"
    past = (now() - timedelta(minutes=1)).astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M")

    refused = client_of(world.here.teacher).post(path, {"closes_at": past, "attempts_allowed": "1"})

    assert refused.status_code == 422
    assert "Giờ đóng phải sau giờ mở" in refused.content.decode()
    assert Assignment.objects.get().closes_at == assignment.closes_at


def test_what_was_set_by_mistake_is_taken_back_and_the_test_may_change_again(world: World, client_of, open_test):
    client = client_of(world.here.teacher)
    path = f"/assignments/{open_test.assignment.public_id}/"

    shown = client.get(path).content.decode()
    answer = client.post(path + "withdraw/")

    assert "Rút bài khỏi lớp 6A" in shown
    assert answer["Location"] == f"/tests/{open_test.test.public_id}/"
    assert not Assignment.objects.exists()
    assert actions.remove_question(actor=actor(world.here.teacher), test=open_test.test, order=1) is None
    assert AuditRow.objects.filter(verb="test.assignment_withdrawn").count() == 1


def test_what_a_pupil_has_begun_is_not_taken_back(world: World, client_of, open_test):
    begun(world, open_test.assignment)
    path = f"/assignments/{open_test.assignment.public_id}/"
    client = client_of(world.here.teacher)

    assert client.post(path + "withdraw/").status_code == 422
    assert "Rút bài" not in client.get(path).content.decode()
    assert (Assignment.objects.count(), Attempt.objects.count()) == (1, 1)


@pytest.mark.parametrize("deed", ["change", "withdraw"])
def test_only_who_teaches_the_class_changes_what_it_was_set(world: World, client_of, open_test, deed: str):
    path = f"/assignments/{open_test.assignment.public_id}/{deed}/"
    given = {"closes_at": "2126-11-24T08:00", "attempts_allowed": "9"}
    before = Assignment.objects.values().get()

    assert client_of(world.here.head).post(path, given).status_code == 403
    for stranger in (world.elsewhere.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(stranger).post(path, given).status_code == 404

    assert Assignment.objects.values().get() == before


def test_a_teacher_of_the_school_who_does_not_teach_it_is_refused(world: World, open_test):
    other = actor(world.elsewhere.teacher)

    with pytest.raises(Forbidden):
        actions.withdraw_assignment(actor=other, assignment=open_test.assignment)

    assert Assignment.objects.count() == 1


def test_what_is_to_do_stands_before_what_is_done(world: World, client_of, open_test):
    done = set_test(world.here, opens_at=now() - timedelta(minutes=5), closes_at=now() + timedelta(minutes=30))
    attempt = begun(world, done.assignment)
    actions.submit_attempt(actor=actor(world.here.pupils[0]), attempt=attempt, at=now())

    page = client_of(world.here.pupils[0]).get("/do/").content.decode()

    assert page.index(f"/do/{open_test.assignment.public_id}/") < page.index(f"/do/{done.assignment.public_id}/")
