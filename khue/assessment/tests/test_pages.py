"""Every page: what it shows, to whom, and at how many queries."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.assessment import actions
from khue.assessment.models import Assignment, Attempt, Paper, Question, Response, Test
from khue.assessment.tests.builders import a_test, question, set_test
from khue.assessment.tests.word_files import plain_paper
from khue.foundation.clock import now
from tests.world import World, actor

PAPER = plain_paper(
    "Câu 1. Số nào là số nguyên tố?\nA. 4\nB. 6\n**C. 7\nD. 9",
    "Câu 2. Tính $2^3$.\n**A. 8\nB. 6\nC. 5\nD. 9",
    "Câu 3. Nêu định nghĩa phân số.",
)


def queries_for(client, address: str) -> int:
    """Statements of this room and the rooms it asks; what stands around every page is counted in its own tests."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 15
    return sum('"assessment_' in query["sql"] or '"schools_' in query["sql"] for query in seen)


@pytest.fixture
def open_test(world: World):
    return set_test(world.here, opens_at=now() - timedelta(minutes=5))


def test_a_teacher_imports_a_paper_and_takes_over_what_can_be_used(world: World, client_of, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"

    answer = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("Đề 15 phút.docx", PAPER)})
    review = client.get(answer["Location"])
    client.post(answer["Location"] + "accept/", {"which": "all"})

    assert "Số nào là số nguyên tố?" in review.content.decode()
    assert "Câu tự luận chưa nhập được" in review.content.decode()
    assert [q.words for q in Question.objects.order_by("id")] == [
        "Số nào là số nguyên tố? 4 6 7 9",
        "Tính $2^3$. 8 6 5 9",
    ]
    assert "Tính $2^3$." in client.get("/bank/?q=tinh").content.decode()
    assert "nguyên tố" not in client.get("/bank/?q=tinh").content.decode()


def test_cancelling_a_paper_keeps_nothing(world: World, client_of):
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    address = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("a.docx", PAPER)})["Location"]

    client.post(address + "cancel/")

    assert client.get(address).status_code == 404
    assert not Paper.objects.exists()
    assert not Question.objects.exists()


def test_what_is_no_word_file_is_refused_with_a_sentence(world: World, client_of):
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"

    answer = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("a.docx", b"PK no zip")})

    assert "Không đọc được tệp này" in answer.content.decode()
    assert not Paper.objects.exists()


def test_a_question_of_a_paper_is_mended_and_then_taken(world: World, client_of):
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    address = client.post("/bank/papers/", {"shelf": shelf, "file": SimpleUploadedFile("a.docx", PAPER)})["Location"]
    item = Paper.objects.get().items.get(number="3")

    page = client.get(f"{address}items/{item.public_id}/")
    client.post(
        f"{address}items/{item.public_id}/",
        {"stem": "Phân số là gì?", "choice": ["a/b", "<script>x</script>a.b", ""], "key": "1", "explanation": ""},
    )
    client.post(address + "accept/", {"which": "ticked", "item": [str(item.public_id)]})

    assert page.status_code == 200
    made = Question.objects.get()
    assert (made.stem, [c.content for c in made.choices.order_by("position")]) == ("Phân số là gì?", ["a/b", "a.b"])


def test_a_teacher_builds_a_test_and_sets_it_to_the_class(world: World, client_of):
    client = client_of(world.here.teacher)
    shelf = f"{world.here.organisation.id}-{world.subject.id}-6"
    bank = [question(world.here, f"Câu {number}") for number in range(3)]
    address = client.post("/tests/new/", {"title": "Kiểm tra 15 phút", "shelf": shelf})["Location"]

    client.post(address + "change/", {"add": "1", "question": [str(q.public_id) for q in bank]})
    client.post(address + "change/", {"remove": "2"})
    client.post(address + "change/", {"up": "2"})
    client.post(address + "change/", {"spread": "1"})
    page = client.get(address).content.decode()
    form = {
        "class_subject": str(world.here.maths.public_id), "opens_at": "2026-11-24T07:00",
        "closes_at": "2126-11-24T08:00", "minutes": "15", "attempts_allowed": "1", "mark_column": "regular",
        "shuffle": "on",
    }  # fmt: skip
    answer = client.post(address + "assign/", form)

    test = Test.objects.get()
    assert [(line.question_id, line.points) for line in test.lines.order_by("order")] == [
        (bank[2].id, 500),
        (bank[0].id, 500),
    ]
    assert "10 điểm" in page
    assert answer["Location"] == f"/assignments/{Assignment.objects.get().public_id}/"
    assert client.get(answer["Location"]).status_code == 200


def test_a_pupil_takes_the_test_with_the_plain_form(world: World, client_of, open_test):
    client = client_of(world.here.pupils[0])
    start = f"/do/{open_test.assignment.public_id}/"

    assert "Kiểm tra 15 phút" in client.get("/do/").content.decode()
    assert "Bắt đầu làm bài" in client.get(start).content.decode()
    attempt = client.post(start)["Location"]
    client.post(attempt + "save/", {"q1": "2", "q2": "3", "save": "1"})
    page = client.get(attempt).content.decode()
    result = client.post(attempt + "save/", {"q1": "2", "q2": "1", "submit": "1"})["Location"]

    assert page.count(" checked") == 2
    assert result == attempt + "result/"
    row = Attempt.objects.get()
    assert (row.score, row.top, row.mark) == (25, 100, 25)
    assert "2,5" in client.get(result).content.decode()
    assert "Đúng" not in client.get(result).content.decode()  # keys only after the close
    assert client.get(attempt)["Location"] == result


@pytest.mark.parametrize("who", ["teacher", "head", "clerk"])
def test_staff_of_another_school_find_nothing(world: World, client_of, open_test, who: str):
    mine = question(world.here)
    attempt = actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=open_test.assignment, at=now())
    client = client_of(getattr(world.elsewhere, who))

    for address in (
        f"/bank/questions/{mine.public_id}/",
        f"/tests/{open_test.test.public_id}/",
        f"/tests/{open_test.test.public_id}/assign/",
        f"/assignments/{open_test.assignment.public_id}/",
        f"/do/{open_test.assignment.public_id}/",
        f"/do/attempts/{attempt.public_id}/",
        f"/do/attempts/{attempt.public_id}/result/",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/tests/{open_test.test.public_id}/change/", {"remove": "1"}).status_code == 404
    assert client.post(f"/do/attempts/{attempt.public_id}/save/", {"q1": "1"}).status_code == 404
    assert open_test.test.lines.count() == 4
    assert not Response.objects.exists()


def test_pupils_and_guardians_see_no_bank_and_no_results(world: World, client_of, open_test):
    for account in (world.here.pupils[0], world.here.guardians[0]):
        client = client_of(account)
        assert client.get("/bank/").status_code == 403
        assert client.get("/tests/").status_code == 403
        assert client.get(f"/bank/questions/{open_test.questions[0].public_id}/").status_code == 404
        assert client.get(f"/assignments/{open_test.assignment.public_id}/").status_code == 404
    assert client_of(world.here.guardians[0]).get(f"/do/{open_test.assignment.public_id}/").status_code == 404


def test_a_classmate_cannot_open_an_attempt(world: World, client_of, open_test):
    attempt = actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=open_test.assignment, at=now())
    client = client_of(world.here.pupils[1])

    assert client.get(f"/do/attempts/{attempt.public_id}/").status_code == 404
    assert client.post(f"/do/attempts/{attempt.public_id}/submit/").status_code == 404
    assert client.post(f"/do/attempts/{attempt.public_id}/ticket/").status_code == 404
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_pages_cost_the_same_for_ten_times_as_much(world: World, client_of, open_test):
    teacher, pupil = client_of(world.here.teacher), client_of(world.here.pupils[0])
    attempt = actions.start_attempt(actor=actor(world.here.pupils[0]), assignment=open_test.assignment, at=now())
    addresses = [
        (teacher, "/bank/"), (teacher, "/tests/"), (teacher, f"/tests/{open_test.test.public_id}/"),
        (teacher, f"/assignments/{open_test.assignment.public_id}/"), (pupil, "/do/"),
        (pupil, f"/do/{open_test.assignment.public_id}/"), (pupil, f"/do/attempts/{attempt.public_id}/"),
    ]  # fmt: skip
    for client, address in addresses:
        client.get(address)
    few = [queries_for(client, address) for client, address in addresses]

    for _ in range(9):
        a_test(world.here)
    for pupil_account in world.here.pupils[1:]:
        actions.start_attempt(actor=actor(pupil_account), assignment=open_test.assignment, at=now())

    many = [queries_for(client, address) for client, address in addresses]
    assert many == few
    assert few == [2, 3, 5, 5, 3, 3, 2]
