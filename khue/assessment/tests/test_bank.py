"""Writing questions by page, and saying what they ask for."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from khue.assessment.models import Media, Question, QuestionOutcome
from khue.assessment.tests.builders import outcome, question, set_test
from khue.assessment.tests.test_pages import queries_for
from khue.curriculum.models import Subject
from tests.world import World

TYPED = {"stem": "Giá trị của $2^3$ là", "choice": ["6", "8", "9", "5"], "key": "2", "explanation": "$2.2.2$"}


def a_picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(drawn, "PNG")
    return SimpleUploadedFile("hình vẽ.png", drawn.getvalue(), "image/png")


@pytest.fixture
def shelf(world: World) -> str:
    return f"{world.here.organisation.id}-{world.subject.id}-6"


def texts(made: Question) -> list[tuple[str, bool]]:
    return list(made.choices.order_by("position").values_list("content", "is_key"))


def test_a_teacher_writes_a_question_with_a_formula_and_a_picture(world, client_of, shelf, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    client = client_of(world.here.teacher)

    form = {**TYPED, "shelf": shelf, "level": "apply", "picture": a_picture(), "picture_description": "Một hình vuông"}
    answer = client.post("/bank/questions/new/", form)

    made, media = Question.objects.get(), Media.objects.get()
    assert answer["Location"] == f"/bank/questions/{made.public_id}/"
    assert made.stem == f'Giá trị của $2^3$ là<p><img src="media:{media.public_id}" alt="Một hình vuông"></p>'
    assert (made.grade, made.level, made.state) == (6, "apply", "reviewed")
    assert texts(made) == [("6", False), ("8", True), ("9", False), ("5", False)]
    shown = client.get(answer["Location"]).content.decode()
    assert f"/bank/pictures/{media.public_id}/" in shown
    assert "Vận dụng" in shown
    assert client.get(f"/bank/pictures/{media.public_id}/").status_code == 200
    assert client_of(world.elsewhere.teacher).get(f"/bank/pictures/{media.public_id}/").status_code == 404


def test_saving_and_writing_another_stays_at_the_same_subject(world, client_of, shelf):
    client = client_of(world.here.teacher)

    answer = client.post("/bank/questions/new/", {**TYPED, "shelf": shelf, "another": "1"})

    assert answer["Location"] == f"/bank/questions/new/?shelf={shelf}"
    assert f'value="{shelf}" selected' in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"key": ""}, "một đáp án đúng"),
        ({"choice": ["6", "", "9", ""]}, "hai phương án không trống"),
        ({"picture": SimpleUploadedFile("a.png", b"no picture")}, "Không nhận loại tệp này"),
    ],
)
def test_what_is_not_complete_is_refused_and_stays_typed(world, client_of, shelf, changed, sentence):
    client = client_of(world.here.teacher)

    page = client.post("/bank/questions/new/", {**TYPED, "shelf": shelf, **changed}).content.decode()

    assert sentence in page
    assert "Giá trị của $2^3$ là" in page
    assert not Question.objects.exists()
    assert not Media.objects.exists()


def test_nobody_writes_on_a_shelf_of_another_school(world, client_of, shelf):
    for account, status in ((world.elsewhere.teacher, 200), (world.here.pupils[0], 403)):
        assert client_of(account).post("/bank/questions/new/", {**TYPED, "shelf": shelf}).status_code == status

    assert not Question.objects.exists()


def test_a_question_that_a_class_was_set_keeps_its_version(world, client_of):
    made = set_test(world.here, questions=1)
    old = made.questions[0]

    answer = client_of(world.here.teacher).post(f"/bank/questions/{old.public_id}/", {**TYPED, "level": "recall"})

    new = Question.objects.get(replaces=old)
    old.refresh_from_db()
    assert answer["Location"] == f"/bank/questions/{new.public_id}/"
    assert (old.stem, old.state, old.level) == ("Câu hỏi số 1", "retired", "")
    assert (new.stem, new.version, new.level) == ("Giá trị của $2^3$ là", 2, "recall")
    assert made.test.lines.get().question_id == old.id


def test_outcomes_are_said_of_one_question_and_taken_back(world, client_of):
    client = client_of(world.here.teacher)
    one, two = (outcome(world.subject, code) for code in ("X.1", "X.2"))
    asked = question(world.here)
    address = f"/bank/questions/{asked.public_id}/outcomes/"

    client.post(address, {"outcome": [str(one.id), str(two.id)]})
    both = set(QuestionOutcome.objects.values_list("outcome__code", flat=True))
    client.post(address, {"outcome": [str(two.id)]})

    assert both == {"X.1", "X.2"}
    assert [row.outcome.code for row in QuestionOutcome.objects.all()] == ["X.2"]
    assert "Yêu cầu X.2" in client.get(f"/bank/questions/{asked.public_id}/").content.decode()


def test_many_questions_are_tagged_at_once_and_found_by_it(world, client_of):
    client = client_of(world.here.teacher)
    wanted = outcome(world.subject, "X.1")
    one, two, three = (question(world.here, f"Phân số {number}") for number in ("một", "hai", "ba"))
    where = {"subject": str(world.subject.id), "grade": "6"}

    ticked = {**where, "outcome": str(wanted.id), "question": [str(one.public_id), str(two.public_id)]}
    answer = client.post("/bank/tag/", ticked)
    client.post("/bank/tag/", ticked)

    assert answer["Location"] == f"/bank/?subject={world.subject.id}&grade=6"
    assert set(QuestionOutcome.objects.values_list("question_id", flat=True)) == {one.id, two.id}
    found = client.get("/bank/", {**where, "outcome": str(wanted.id), "q": "phan so"}).content.decode()
    assert [text in found for text in ("Phân số một", "Phân số hai", "Phân số ba")] == [True, True, False]
    rest = client.get("/bank/", {**where, "outcome": "untagged"}).content.decode()
    assert [text in rest for text in ("Phân số một", "Phân số hai", "Phân số ba")] == [False, False, True]
    assert three.outcomes.count() == 0


def test_tagging_refuses_what_is_not_ones_own_or_of_another_subject(world, client_of):
    wanted = outcome(world.subject, "X.1")
    other = Subject.objects.exclude(id=world.subject.id).first()
    foreign = outcome(other, "Y.1")
    asked = question(world.here)
    form = {"subject": str(world.subject.id), "grade": "6", "outcome": str(wanted.id), "question": str(asked.public_id)}

    client_of(world.elsewhere.teacher).post("/bank/tag/", form)
    refused = client_of(world.here.pupils[0]).post("/bank/tag/", form)
    crossed = client_of(world.here.teacher).post(
        "/bank/tag/", {**form, "subject": str(other.id), "outcome": str(foreign.id)}
    )
    single = client_of(world.elsewhere.teacher).post(
        f"/bank/questions/{asked.public_id}/outcomes/", {"outcome": str(wanted.id)}
    )

    assert (refused.status_code, crossed.status_code, single.status_code) == (403, 422, 404)
    assert not QuestionOutcome.objects.exists()


def test_the_list_costs_the_same_for_ten_times_as_many_questions_and_outcomes(world, client_of):
    client = client_of(world.here.teacher)
    address = f"/bank/?subject={world.subject.id}&grade=6"
    for number in range(2):
        question(world.here, f"Câu {number}")
    outcome(world.subject, "X.0")
    client.get(address)
    few = queries_for(client, address)

    for number in range(18):
        question(world.here, f"Câu thêm {number}")
        outcome(world.subject, f"X.{number + 1}")

    assert queries_for(client, address) == few == 2
