"""Pages of the workspace, as each of the staff sees them, and as nobody else does."""

from datetime import timedelta

import pytest

from khue.foundation.models import Job
from khue.foundation.tests.printed import printed
from khue.registry.models import Person
from khue.workspace import actions, queries
from khue.workspace.models import Document, Occasion, Task
from khue.workspace.tests.test_documents import PLAN, arrive, colleague_named, released
from khue.workspace.tests.test_tasks_and_week import hall, plan, task
from tests.world import NOON, TODAY, World, actor, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_a_document_goes_its_way_through_the_pages(world: World, client_of):
    here = world.here
    clerk, head, teacher = client_of(here.clerk), client_of(here.head), client_of(here.teacher)
    fields = {"symbol": "77/SGDĐT", "dated_on": "20/11/2026", "issuer": "Sở GDĐT", "kind": "letter",
              "urgency": "urgent", "summary": "Báo cáo sơ kết", "on": "23/11/2026", "due_on": "30/11/2026"}  # fmt: skip
    assert clerk.post("/work/documents/arrive/", fields).status_code == 303
    document = Document.objects.get()
    path = f"/work/documents/{document.public_id}/"
    hoa = colleague_named(here, "Lê Thị Hoa")

    assert teacher.get(path).status_code == 404
    assert head.post(f"{path}assign/", {"to": str(hoa.public_id), "note": "Gấp"}).status_code == 303
    html = teacher.get(path).content.decode()
    assert "Báo cáo sơ kết" in html
    assert "Giao xử lý" in html  # in what was done
    assert teacher.post(f"{path}finish/", {"note": "Đã gửi"}).status_code == 303

    assert Document.objects.get().state == "done"


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(world: World, client_of):
    answer = client_of(world.here.clerk).post(
        "/work/documents/arrive/", {"symbol": "77/SGDĐT", "dated_on": "31/02/2026"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "77/SGDĐT" in html
    assert "một ngày có thật" in html
    assert not Document.objects.exists()


def test_a_register_is_searched_without_tone_marks_and_taken_home_as_a_sheet(world: World, client_of):
    arrive(world.here, "125/SGDĐT-VP")
    clerk = client_of(world.here.clerk)

    assert "125/SGDĐT-VP" in clerk.get("/work/documents/?q=bao+cao").content.decode()
    assert "125/SGDĐT-VP" not in clerk.get("/work/documents/?q=khac").content.decode()
    sheet = clerk.get("/work/documents/?export=1&way=in")
    assert sheet["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert b"".join(sheet)[:2] == b"PK"


def test_a_booking_is_made_refused_and_cancelled(world: World, client_of):
    place, teacher = hall(world.here), client_of(world.here.teacher)
    fields = {"title": "Họp tổ", "on": "23/11/2026", "starts": "14:00", "ends": "15:30", "venue": str(place.public_id)}

    assert teacher.post("/work/week/plan/", fields).status_code == 303
    again = teacher.post("/work/week/plan/", fields)
    assert again.status_code == 422
    assert "Hội trường đã có lịch" in again.content.decode()
    assert "14:00–15:30" in teacher.get("/work/week/").content.decode()
    assert teacher.post(f"/work/week/{Occasion.objects.get().public_id}/cancel/").status_code == 303
    assert "Họp tổ" not in teacher.get("/work/week/").content.decode()


def test_hours_are_written_as_people_write_them_and_namesakes_told_apart(world: World, client_of):
    head = client_of(world.here.head)
    fields = {"title": "Họp tổ", "on": "23/11/2026", "starts": "14h", "ends": "15h30", "venue": ""}
    assert head.post("/work/week/plan/", fields).status_code == 303
    assert "14:00–15:30" in head.get("/work/week/").content.decode()
    other = staff("Lê Thị Hoa", world.here.organisation, "teacher").person
    Person.objects.filter(id=other.id).update(birth_year=1987)

    shown = head.get("/work/tasks/give/").content.decode()

    assert "Lê Thị Hoa (1987)</option>" in shown
    assert "Lê Thị Hoa</option>" in shown


def test_a_task_is_given_and_done(world: World, client_of):
    hoa = colleague_named(world.here, "Lê Thị Hoa")
    fields = {"title": "Nộp đề", "to": str(hoa.public_id), "due_on": "24/11/2026", "origin": "Họp giao ban"}

    assert client_of(world.here.head).post("/work/tasks/give/", fields).status_code == 303
    teacher = client_of(world.here.teacher)
    assert "Nộp đề" in teacher.get("/work/tasks/").content.decode()
    assert teacher.post(f"/work/tasks/{Task.objects.get().public_id}/finish/").status_code == 303
    assert "xong 23/11/2026" in teacher.get("/work/tasks/?show=done").content.decode()


def test_no_address_lets_another_school_or_a_family_in(world: World, client_of):
    here = world.here
    document, given_task, occasion = arrive(here), task(here), plan(here, None, 0, 1)
    drafted = actions.draft(actor=actor(here.teacher), organisation_id=here.organisation.id, content=PLAN, at=NOON)
    reads = [
        f"/work/documents/{each.public_id}/{rest}"
        for each in (document, drafted)
        for rest in ("", "edit/", "pdf/", "word/")
    ]
    writes = [f"/work/documents/{each.public_id}/{step}/" for each in (document, drafted)
              for step in ("assign", "finish", "submit", "approve", "return", "release", "edit")]  # fmt: skip
    writes += [f"/work/tasks/{given_task.public_id}/{how}/" for how in ("finish", "withdraw")]
    writes += [f"/work/week/{occasion.public_id}/cancel/"]
    shared = ["/work/documents/", "/work/tasks/", "/work/week/", "/work/documents/draft/", "/work/week/plan/",
              "/work/documents/arrive/", "/work/tasks/give/", "/work/week/venue/"]  # fmt: skip

    for account in (world.elsewhere.head, world.elsewhere.teacher, here.pupils[0], here.guardians[0]):
        client = client_of(account)
        assert {client.get(path).status_code for path in reads} == {404}
        assert {client.post(path).status_code for path in writes} == {404}
    for account in (here.pupils[0], here.guardians[0], world.department_officer):
        client = client_of(account)
        assert {client.get(path).status_code for path in shared} == {403}
    teacher = client_of(here.teacher)
    assert {
        teacher.get(path).status_code for path in ("/work/documents/arrive/", "/work/tasks/give/", "/work/week/venue/")
    } == {403}

    assert list(Document.objects.order_by("id").values_list("state", flat=True)) == ["arrived", "draft"]
    assert Task.objects.get().done_at is Task.objects.get().withdrawn_at is Occasion.objects.get().cancelled_at is None


def test_a_released_document_is_word_and_the_register_a_sheet(world: World, client_of):
    document, clerk = released(world.here), client_of(world.here.clerk)

    word = clerk.get(f"/work/documents/{document.public_id}/word/")
    assert word["Content-Disposition"] == 'attachment; filename="01-kh-thcskd.docx"'
    assert word.content.startswith(b"PK")
    assert Document.objects.get().signer_name == "Trần Văn Bình"
    arrived = arrive(world.here)
    assert clerk.get(f"/work/documents/{arrived.public_id}/word/").status_code == 404


@pytest.mark.usefixtures("press")
def test_paper_and_register_are_printed(world: World, client_of):
    arrive(world.here)
    document, clerk = released(world.here), client_of(world.here.clerk)

    assert clerk.get(f"/work/documents/{document.public_id}/pdf/").content.startswith(b"%PDF-")
    for asked in ("?way=in", "?way=out&year=2026", "?year=x"):
        assert printed(clerk, f"/work/documents/register/{asked}").startswith(b"%PDF-"), asked
    jobs = Job.objects.count()
    assert client_of(world.here.teacher).post("/work/documents/register/").status_code == 403
    assert Job.objects.count() == jobs


def test_the_register_on_paper_has_the_columns_of_the_decree(world: World):
    arrive(world.here)
    book = queries.register_paper(actor(world.here.clerk), world.here.organisation.id, "in", TODAY, TODAY)

    assert [title for title, _ in book.columns][:5] == ["Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng"]
    assert book.lines == [("23/11/2026", "1", "Sở GDĐT", "125/SGDĐT-VP", "23/11/2026", "Công văn: Về việc báo cáo",
                           "", "", "", "")]  # fmt: skip


@pytest.mark.parametrize("path", ["/work/documents/", "/work/tasks/", "/work/week/"])
def test_a_page_costs_the_same_queries_however_much_is_on_it(
    world: World, client_of, django_assert_max_num_queries, path
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(world.here.head)

    def queries_with(more: int) -> int:
        for number in range(more):
            arrive(world.here, f"{number}/X")
            task(world.here)
            plan(world.here, None, number % 5, 1)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    assert queries_with(2) == queries_with(18) <= 12


def test_a_late_task_says_so(world: World, client_of):
    Task.objects.filter(id=task(world.here).id).update(due_on=TODAY - timedelta(days=3))

    assert "quá hạn 20/11/2026" in client_of(world.here.teacher).get("/work/tasks/").content.decode()
