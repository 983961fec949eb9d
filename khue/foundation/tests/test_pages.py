import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from khue.foundation import audit, clock, files, jobs, media, uploads, work
from khue.foundation.actor import SYSTEM
from khue.foundation.extensions import FilePurpose, file_purposes, file_readers
from khue.foundation.models import AuditRow, Job, StoredFile, Upload
from khue.foundation.work import Work
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 3000
LIST_QUERIES = 8  # savepoint and its end, session with place, scope and its return, unread messages, the rows


@pytest.fixture(autouse=True)
def _paper(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES_ROOT = tmp_path
    paper = FilePurpose("đề", frozenset({media.PDF}), 5000, lambda by, place: any(h.reaches(place) for h in by.held))
    monkeypatch.setitem(file_purposes._fillings, "test.paper", paper)
    monkeypatch.setattr(jobs, "_kinds", {})


def job_of(world: World, run=lambda w: None) -> Job:
    jobs.define("test.work", "Nhập danh sách lớp", run)
    place = world.here.organisation.id
    return jobs.start(actor=actor(world.here.clerk), kind="test.work", organisation_id=place, arguments={}, at=NOON)


def seen_by(client: Client, address: str) -> int:
    return client.get(address).status_code


def test_a_job_is_watched_to_its_end_and_its_report_fetched(world: World, client_of) -> None:
    def fail_some(w: Work) -> None:
        w.progress(done=40, total=45, failed=5)
        report = files.store(
            actor=w.actor, stream=io.BytesIO("dòng 3: thiếu họ tên".encode()), name="Lỗi.txt", purpose=jobs.REPORT,
            organisation_id=w.job.organisation_id, at=NOON,
        )  # fmt: skip
        w.finish(summary="Đã nhập 40 học sinh, 5 dòng có lỗi.", report_file=report, result_url="/classes/")

    job = job_of(world, fail_some)
    client = client_of(world.here.clerk)
    page = f"/jobs/{job.public_id}/"
    assert 'data-live-ticket="' in client.get(page).content.decode()

    work.run_now(job)

    html = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="job"')
    assert "Đã nhập 40 học sinh, 5 dòng có lỗi." in html
    assert "hx-get" not in html
    report = re.search(r'href="(/files/[^"]+)"', html).group(1)
    answer = client.get(report)
    assert b"".join(answer.streaming_content).decode() == "dòng 3: thiếu họ tên"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''L%E1%BB%97i.txt"
    assert "Nhập danh sách lớp" in client.get("/jobs/").content.decode()

    assert seen_by(client_of(world.here.head), page) == 200
    for stranger in (world.elsewhere.head, world.elsewhere.clerk, world.here.pupils[0], world.here.teacher):
        assert seen_by(client_of(stranger), page) == 404
        assert seen_by(client_of(stranger), report.replace("?save=1", "")) == 404


def test_a_job_is_cancelled_by_whoever_started_it_and_by_no_other_school(world: World, client_of) -> None:
    job = job_of(world)

    assert client_of(world.elsewhere.head).post(f"/jobs/{job.public_id}/cancel/").status_code == 404
    job.refresh_from_db()
    assert job.state == Job.State.WAITING

    assert client_of(world.here.clerk).post(f"/jobs/{job.public_id}/cancel/").status_code == 303
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


@pytest.mark.parametrize("rows", [3, 30])
def test_the_lists_cost_the_same_for_few_rows_and_many(world, client_of, django_assert_num_queries, rows: int) -> None:
    for _ in range(rows):
        job_of(world)
    client = client_of(world.here.head)
    client.get("/jobs/")

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/jobs/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/audit/")


def test_the_audit_page_shows_the_own_school_filtered_and_exports_it(world: World, client_of) -> None:
    audit.record(SYSTEM, "lamp.lit", world.here.school_class, room="6A")
    audit.record(SYSTEM, "lamp.stolen", world.elsewhere.school_class)
    client = client_of(world.here.head)

    html = client.get("/audit/?verb=lamp.lit&from=01/01/2020").content.decode()
    assert "room: 6A" in html
    assert "lamp.stolen" not in client.get("/audit/").content.decode()
    assert "room: 6A" not in client.get("/audit/?to=2020-01-01").content.decode()
    assert client.get("/audit/?from=nonsense&subject=x&after=zzz").status_code == 200

    assert client.get("/audit/?export=xlsx")["Content-Type"] == media.XLSX
    assert AuditRow.objects.filter(verb="audit.exported").count() == 1
    for nobody in (world.here.teacher, world.here.pupils[0], world.here.guardians[0]):
        assert seen_by(client_of(nobody), "/audit/") == 403


def begin(client: Client, **changes: object):
    asked = {"purpose": "test.paper", "name": "Đề thi.pdf", "size": len(PDF), **changes}
    return client.post("/uploads/", json.dumps(asked), content_type="application/json")


def send(client: Client, address: str, offset: int, piece: bytes):
    return client.patch(
        address, piece, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)}
    )


def test_a_file_is_sent_in_pieces_over_http(world: World, client_of) -> None:
    client = client_of(world.here.teacher)
    begun = begin(client, organisation=world.here.organisation.id)
    address = begun["Location"]
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")

    assert send(client, address, 0, PDF[:1000])["Upload-Offset"] == "1000"
    late = send(client, address, 0, PDF[:1000])
    assert (late.status_code, late.json()["offset"]) == (409, 1000)
    assert client.head(address)["Upload-Offset"] == "1000"
    assert seen_by(client_of(world.here.head), address) == 404

    done = send(client, address, 1000, PDF[1000:])

    assert done.json() | {"id": ""} == {
        "id": "", "offset": len(PDF), "size": len(PDF), "name": "Đề thi.pdf", "done": True
    }  # fmt: skip
    stored = StoredFile.objects.get()
    assert (stored.name, stored.organisation_id) == ("Đề thi.pdf", world.here.organisation.id)
    assert b"".join(client.get(f"/files/{stored.public_id}/").streaming_content) == PDF


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"size": 10**9}, 422, "file_too_large"),
        ({"size": 0}, 422, "file_empty"),
        ({"size": "many"}, 422, "upload_not_understood"),
        ({"purpose": "test.nothing"}, 404, "not_found"),
        ({"organisation": "x"}, 422, "upload_not_understood"),
    ],
)
def test_an_upload_that_cannot_be_is_refused_at_once(world, client_of, changes, status: int, code: str) -> None:
    client = client_of(world.here.teacher)
    client.defaults["HTTP_ACCEPT"] = "application/json"

    answer = begin(client, **({"organisation": world.here.organisation.id} | changes))

    assert (answer.status_code, answer.json()["title"]) == (status, code)
    assert not Upload.objects.exists()


def test_nobody_uploads_for_another_school_or_without_signing_in(world: World, client_of, client: Client) -> None:
    assert begin(client_of(world.here.teacher), organisation=world.elsewhere.organisation.id).status_code == 403
    assert begin(client, organisation=world.here.organisation.id).status_code == 403
    assert not Upload.objects.exists()


def test_a_wrong_content_ends_the_upload_with_its_reason(world: World, client_of) -> None:
    client = client_of(world.here.teacher)
    client.defaults["HTTP_ACCEPT"] = "application/json"
    begun = begin(client, size=5, organisation=world.here.organisation.id)

    answer = send(client, begun["Location"], 0, b"MZabc")

    assert (answer.status_code, answer.json()["title"]) == (422, "file_type_not_allowed")
    assert not StoredFile.objects.exists()


def test_a_file_is_served_in_ranges_and_only_to_readers(world: World, client_of) -> None:
    with_place = {"actor": actor(world.here.teacher), "organisation_id": world.here.organisation.id}
    file = files.store(stream=io.BytesIO(PDF), name="a.pdf", purpose="test.paper", at=clock.now(), **with_place)
    address = f"/files/{file.public_id}/"

    part = client_of(world.here.head).get(address, headers={"Range": "bytes=0-7"})

    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF-1.7")
    assert seen_by(client_of(world.elsewhere.head), address) == 404
    assert seen_by(client_of(world.here.pupils[0]), address) == 404
    file_readers.fill("test.paper", lambda by, asked: by.person_id == world.elsewhere.pupils[0].person_id)
    try:
        assert seen_by(client_of(world.elsewhere.pupils[0]), address) == 200
    finally:
        del file_readers._fillings["test.paper"]
    assert uploads.collect_garbage(clock.now()) == 0


def test_a_request_leaves_no_language_behind(db: None) -> None:
    client = Client()
    client.cookies["khue_language"] = "en"
    with translation.override("vi"):
        assert "Sign in" in client.get("/sign-in/").content.decode()

        assert translation.get_language() == "vi"
