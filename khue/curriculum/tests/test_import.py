import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.curriculum import actions, queries
from khue.curriculum.models import Outcome, OutcomeImport, Subject
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, OutboxEvent
from tests.world import NOON, World, actor

TABLE = """code,kind,parent,text
NV.6.A,strand,,Đọc hiểu
NV.6.A.1,topic,NV.6.A,Văn bản văn học
NV.6.A.1.1,outcome,NV.6.A.1,Nêu ấn tượng chung về văn bản.
NV.6.A.1.2,outcome,NV.6.A.1,Nhận biết chủ đề của văn bản.
"""


@pytest.fixture
def literature(db: None) -> Subject:
    return queries.subject_by_code("NV")


def uploaded(world: World, subject: Subject, text: str = TABLE) -> OutcomeImport:
    return actions.upload_outcomes(
        actor=actor(world.department_officer),
        subject=subject,
        grade=6,
        file_name="ngu-van-6.csv",
        content=text.encode(),
        at=NOON,
    )


def applied(world: World, subject: Subject, text: str = TABLE) -> actions.Merged:
    made = uploaded(world, subject, text)
    return actions.apply_import(actor=actor(world.department_officer), outcome_import=made, at=NOON)


def test_an_uploaded_file_changes_nothing_until_it_is_applied(world: World, literature: Subject) -> None:
    made = uploaded(world, literature)
    review = queries.review_of(made)

    assert (review.merged.created, review.merged.changed, review.merged.unchanged) == (4, 0, 0)
    assert not Outcome.objects.filter(subject=literature).exists()


def test_an_applied_file_is_the_tree_and_leaves_a_trace(world: World, literature: Subject) -> None:
    assert applied(world, literature) == actions.Merged(4, 0, 0)

    (strand,) = queries.outcome_tree(literature, 6)
    assert [node.code for node in strand.children[0].children] == ["NV.6.A.1.1", "NV.6.A.1.2"]
    assert not strand.verified
    verbs = AuditRow.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["outcomes.uploaded", "outcomes.imported"]
    assert OutboxEvent.objects.get(name="curriculum.outcomes_imported").payload["created"] == 4
    assert OutcomeImport.objects.get().text == ""


def test_the_same_file_again_changes_nothing(world: World, literature: Subject) -> None:
    applied(world, literature)
    before = list(Outcome.objects.filter(subject=literature).order_by("id").values())

    assert applied(world, literature) == actions.Merged(0, 0, 4)
    assert list(Outcome.objects.filter(subject=literature).order_by("id").values()) == before


def test_a_changed_file_changes_only_what_differs_and_keeps_the_rest(world: World, literature: Subject) -> None:
    applied(world, literature)
    known = Outcome.objects.get(code="NV.6.A.1.1")
    changed = TABLE.replace("Nêu ấn tượng", "Trình bày ấn tượng").replace("Nhận biết chủ đề", "Nhận ra chủ đề")
    changed = "\n".join(changed.splitlines()[:-1]) + "\nNV.6.A.1.3,outcome,NV.6.A.1,Kể lại văn bản.\n"

    assert applied(world, literature, changed) == actions.Merged(1, 1, 2)
    assert Outcome.objects.get(code="NV.6.A.1.1").id == known.id
    assert Outcome.objects.get(code="NV.6.A.1.2").text == "Nhận biết chủ đề của văn bản."


def test_a_file_with_one_wrong_row_is_not_applied_at_all(world: World, literature: Subject) -> None:
    made = uploaded(world, literature, TABLE + "NV.6.B.1,topic,NV.6.B,Viết\n")

    with pytest.raises(actions.ImportHasErrors):
        actions.apply_import(actor=actor(world.department_officer), outcome_import=made, at=NOON)

    assert [(e.line, e.code) for e in queries.review_of(made).errors] == [(6, "no_parent")]
    assert not Outcome.objects.filter(subject=literature).exists()


def test_our_own_case_export_comes_back_unchanged(world: World) -> None:
    maths = queries.subject_by_code("TOAN")
    text = json.dumps(queries.case_package(maths), ensure_ascii=False)
    before = list(Outcome.objects.filter(subject=maths).order_by("id").values())

    assert applied(world, maths, text) == actions.Merged(0, 0, len(before))
    assert list(Outcome.objects.filter(subject=maths).order_by("id").values()) == before


def test_a_case_package_of_another_subject_is_named_as_such(world: World, literature: Subject) -> None:
    text = json.dumps(queries.case_package(queries.subject_by_code("KHTN")))
    review = queries.review_of(uploaded(world, literature, text))

    assert {error.code for error in review.errors} == {"elsewhere"}
    assert len(review.errors) == len(review.nodes)


def test_a_node_that_takes_the_code_of_another_is_named(world: World) -> None:
    maths = queries.subject_by_code("TOAN")
    package = queries.case_package(maths)
    items = package["CFItems"]
    assert isinstance(items, list)
    items[5]["humanCodingScheme"] = items[6]["humanCodingScheme"]
    review = queries.review_of(uploaded(world, maths, json.dumps({**package, "CFItems": items[:6]})))

    assert "code_taken" in {error.code for error in review.errors}


def test_a_file_is_applied_or_given_up_once(world: World, literature: Subject) -> None:
    made = uploaded(world, literature)
    officer = actor(world.department_officer)
    actions.give_up_import(actor=officer, outcome_import=made, at=NOON)

    with pytest.raises(actions.ImportClosed):
        actions.apply_import(actor=officer, outcome_import=made, at=NOON)

    assert not Outcome.objects.filter(subject=literature).exists()


def test_a_teacher_imports_nothing(world: World, literature: Subject) -> None:
    made = uploaded(world, literature)
    teacher = actor(world.here.teacher)

    with pytest.raises(Forbidden):
        actions.upload_outcomes(
            actor=teacher, subject=literature, grade=6, file_name="x", content=TABLE.encode(), at=NOON
        )
    with pytest.raises(Forbidden):
        actions.apply_import(actor=teacher, outcome_import=made, at=NOON)
    with pytest.raises(Forbidden):
        actions.give_up_import(actor=teacher, outcome_import=made, at=NOON)
    with pytest.raises(NotFound):
        queries.import_of(teacher, made.public_id)

    assert OutcomeImport.objects.get().applied_at is None
    assert OutcomeImport.objects.get().given_up_at is None
    assert not Outcome.objects.filter(subject=literature).exists()


def test_an_officer_uploads_looks_and_applies(world: World, literature: Subject, client_of) -> None:
    client = client_of(world.department_officer)
    file = SimpleUploadedFile("ngu-van-6.csv", TABLE.encode())

    sent = client.post("/curriculum/import/", {"subject": "NV", "grade": "6", "file": file})
    looked = client.get(sent.headers["Location"]).content.decode()
    done = client.post(sent.headers["Location"] + "apply/")

    assert sent.status_code == done.status_code == 303
    assert "Nêu ấn tượng chung về văn bản." in looked
    assert "Nhận biết chủ đề của văn bản." in client.get(done.headers["Location"]).content.decode()


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(world: World, client_of) -> None:
    file = SimpleUploadedFile("hinh.png", b"\x89PNG\r\n\x1a\n\xff\xfe")

    sent = client_of(world.department_officer).post(
        "/curriculum/import/", {"subject": "NV", "grade": "6", "file": file}
    )

    assert sent.status_code == 422
    assert "Không đọc được tệp này" in sent.content.decode()
    assert not OutcomeImport.objects.exists()


def test_wrong_rows_are_listed_with_their_lines(world: World, literature: Subject, client_of) -> None:
    made = uploaded(world, literature, TABLE + "NV.6.B.1,topic,NV.6.B,Viết\n")

    shown = client_of(world.department_officer).get(f"/curriculum/import/{made.public_id}/").content.decode()

    assert "Không tìm thấy mã cha “NV.6.B” trong tệp" in shown
    assert "Ghi vào chương trình" not in shown


def test_the_import_pages_are_closed_to_teachers(world: World, literature: Subject, client_of) -> None:
    made = uploaded(world, literature)
    client = client_of(world.here.teacher)

    assert client.get("/curriculum/import/").status_code == 403
    assert client.get(f"/curriculum/import/{made.public_id}/").status_code == 404
    assert client.post(f"/curriculum/import/{made.public_id}/apply/").status_code == 404
    assert not Outcome.objects.filter(subject=literature).exists()


@pytest.mark.parametrize("path", ["/curriculum/", "/curriculum/outcomes/?q=phan+so", "/curriculum/outcomes/"])
def test_anybody_may_read_the_programme(db: None, client, path: str) -> None:
    assert client.get(path).status_code == 200


def own_queries(client: Client, path: str) -> tuple[int, str]:
    """How many statements a page sends to tables of this room, and the page."""
    with CaptureQueriesContext(connection) as captured:
        page = client.get(path).content.decode()
    return sum('"curriculum_' in query["sql"] for query in captured.captured_queries), page


def test_the_programme_table_shows_totals_and_costs_three_queries(client: Client, db: None) -> None:
    count, page = own_queries(client, "/curriculum/")

    assert count == 3
    assert "1015" in page
    assert "997" in page


def test_a_subject_page_costs_the_same_for_any_tree(client: Client, db: None) -> None:
    maths = queries.subject_by_code("TOAN")

    full, shown = own_queries(client, f"/curriculum/subjects/{maths.public_id}/?grade=6")
    empty, nothing = own_queries(client, f"/curriculum/subjects/{maths.public_id}/?grade=7")

    assert full == empty == 5
    assert "Dùng kí hiệu tập hợp" in shown
    assert "Chưa có yêu cầu cần đạt cho lớp này" in nothing
