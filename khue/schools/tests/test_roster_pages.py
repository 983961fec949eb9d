from io import BytesIO

import pytest
from django.test import Client

from khue.foundation import work
from khue.foundation.models import AuditRow, StoredFile
from khue.identity.models import ActivationCode
from khue.registry.models import Person
from khue.schools.models import Enrolment, RosterImport, SchoolClass
from khue.schools.tests.roster.workbooks import roster
from tests.world import World

AN = [1, "8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", "6A", 6, "0912345678"]
CUC = [2, None, "Đỗ Cúc", "29/02/2015", "Nữ", "6A"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES_ROOT = tmp_path


def sent(client: Client, world: World, data: bytes, name: str = "6A.xlsx"):
    file = BytesIO(data)
    file.name = name
    return client.post("/rosters/", {"school_year": str(world.here.year.public_id), "file": file})


def chosen(client: Client, made: RosterImport, **more):
    columns = {f"column_{c['index']}": c["field"] or "" for c in made.columns}
    data = {**columns, "applies_on": "23/11/2026", "creates_classes": "on", **more}
    return client.post(f"/rosters/{made.public_id}/columns/", data)


def test_a_head_imports_a_roster_from_file_to_result(world: World, client_of) -> None:
    client = client_of(world.here.head)

    uploaded = sent(client, world, roster(AN, CUC))
    made = RosterImport.objects.get()
    assert (uploaded.status_code, uploaded["Location"]) == (303, f"/rosters/{made.public_id}/")
    columns = client.get(f"/rosters/{made.public_id}/")
    assert "Mã định danh Bộ GD&amp;ĐT" in columns.content.decode()
    assert "8700000001" in columns.content.decode()

    assert chosen(client, made).status_code == 303
    preview = client.get(f"/rosters/{made.public_id}/").content.decode()
    assert "Nhập 1 học sinh" in preview
    assert "tháng 2 chỉ có 28 ngày" in preview
    assert not Person.objects.filter(moet_code="8700000001").exists()

    confirmed = client.post(f"/rosters/{made.public_id}/confirm/")
    made.refresh_from_db()
    assert made.job is not None
    assert confirmed["Location"] == f"/jobs/{made.job.public_id}/"
    assert client.get(f"/rosters/{made.public_id}/").status_code == 200
    job = work.run_now(made.job)

    assert job.result_url == f"/rosters/{made.public_id}/"
    done = client.get(job.result_url).content.decode()
    assert "Đã nhập" in done
    assert "kết quả nhập.xlsx" in done
    assert client.get(f"/files/{job.report_file.public_id}/").status_code == 200
    assert Person.objects.filter(moet_code="8700000001").exists()
    assert "6A.xlsx" in client.get("/rosters/").content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"STT,Ten\n1,An\n", "không phải tệp Excel"),
        (b"%PDF-1.7\n%", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "tệp Excel cũ"),
        (roster(AN)[:3000], "chưa trọn vẹn"),
        (roster(), "không có học sinh"),
    ],
)
def test_a_wrong_file_is_told_beside_the_field_and_nothing_is_kept(
    world: World, client_of, data: bytes, sentence: str
) -> None:
    client = client_of(world.here.clerk)

    answer = sent(client, world, data)
    if answer.status_code == 303:  # its heading can be read; that nothing stands under it is told by the next step
        answer = chosen(client, RosterImport.objects.get())
        assert RosterImport.objects.get().state == "mapping"
    else:
        assert not RosterImport.objects.exists()

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_form_without_a_file_says_so(world: World, client_of) -> None:
    answer = client_of(world.here.clerk).post("/rosters/", {"school_year": str(world.here.year.public_id)})

    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.content.decode()


def test_a_day_outside_the_year_is_told_beside_the_field(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    sent(client, world, roster(AN))

    answer = chosen(client, RosterImport.objects.get(), applies_on="01/07/2026")

    assert answer.status_code == 422
    assert "Chọn một ngày trong năm học" in answer.content.decode()


def test_cancelling_leads_back_and_applies_nothing(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    sent(client, world, roster(AN))
    made = RosterImport.objects.get()
    chosen(client, made)
    before = Person.objects.count()

    assert client.post(f"/rosters/{made.public_id}/cancel/")["Location"] == "/rosters/"

    assert Person.objects.count() == before
    assert client.post(f"/rosters/{made.public_id}/confirm/").status_code == 422
    assert client.get(f"/rosters/{made.public_id}/").status_code == 200


def test_everybody_else_gets_nowhere(world: World, client_of) -> None:
    clerk = client_of(world.here.clerk)
    sent(clerk, world, roster(AN))
    made = RosterImport.objects.get()
    counts = [m.objects.count() for m in (Person, Enrolment, SchoolClass, RosterImport)]

    other = client_of(world.elsewhere.head)
    assert other.get(f"/rosters/{made.public_id}/").status_code == 404
    for step in ("columns", "confirm", "cancel"):
        assert other.post(f"/rosters/{made.public_id}/{step}/").status_code == 404
    assert sent(other, world, roster(AN)).status_code == 422
    for somebody in (world.here.teacher, world.here.pupils[0], world.here.guardians[0]):
        client = client_of(somebody)
        assert client.get("/rosters/").status_code == 403
        assert client.get(f"/rosters/{made.public_id}/").status_code == 404
        assert sent(client, world, roster(AN)).status_code == 403

    made.refresh_from_db()
    assert made.state == "mapping"
    assert counts == [m.objects.count() for m in (Person, Enrolment, SchoolClass, RosterImport)]
    assert StoredFile.objects.count() == 1


def test_the_preview_costs_the_same_queries_for_one_row_and_for_thirty(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.clerk)
    for count in (1, 30):
        rows = [[n, f"87{n:08}", f"Nguyễn Văn {chr(64 + n)}", "02/03/2015", "Nam", "6A"] for n in range(1, count + 1)]
        sent(client, world, roster(*rows))
        made = RosterImport.objects.order_by("-id").first()
        assert made is not None
        chosen(client, made)
        client.get(f"/rosters/{made.public_id}/")
        with django_assert_num_queries(8):
            client.get(f"/rosters/{made.public_id}/")


def imported(client: Client, world: World, data: bytes, **more: str) -> RosterImport:
    sent(client, world, data)
    made = RosterImport.objects.order_by("-id")[0]
    chosen(client, made, **more)
    client.post(f"/rosters/{made.public_id}/confirm/")
    made.refresh_from_db()
    assert made.job is not None
    work.run_now(made.job)
    made.refresh_from_db()
    return made


def test_a_file_without_classes_is_the_list_of_the_class_one_says(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    SchoolClass.objects.create(organisation=world.here.organisation, school_year=world.here.year, grade=6, name="6B")
    unclassed = [1, "8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", None]
    classed = [2, "8700000002", "Trần Thị Bưởi", "02/03/2015", "Nữ", "6A"]

    sent(client, world, roster(unclassed, classed))
    assert "6B" in client.get(f"/rosters/{RosterImport.objects.get().public_id}/").content.decode()
    imported(client, world, roster(unclassed, classed), class_name="6B")

    places = Enrolment.objects.filter(person__moet_code__startswith="870000000")
    assert dict(places.values_list("person__full_name", "school_class__name")) == {
        "Nguyễn Văn An": "6B",
        "Trần Thị Bưởi": "6A",
    }


def test_the_result_offers_slips_for_newcomers_who_never_signed_in(world: World, client_of) -> None:
    client = client_of(world.here.clerk)
    made = imported(client, world, roster(AN), opens_accounts="on")

    assert "Phiếu của học sinh mới" in client.get(f"/rosters/{made.public_id}/").content.decode()
    page = client.post(f"/rosters/{made.public_id}/slips/", {"role": "pupil"})

    shown = page.content.decode()
    assert "Nguyễn Văn An" in shown
    assert "6A" in shown
    assert page["Cache-Control"].startswith("max-age=0")
    pupil = Person.objects.get(moet_code="8700000001")
    assert ActivationCode.objects.filter(account__person=pupil, used_at=None).count() == 1
    assert AuditRow.objects.filter(verb="roster_codes.issued").count() == 1
    for who, status in ((world.elsewhere.head, 404), (world.here.teacher, 404), (world.here.pupils[0], 404)):
        assert client_of(who).post(f"/rosters/{made.public_id}/slips/", {"role": "pupil"}).status_code == status
    assert ActivationCode.objects.filter(account__person=pupil).count() == 1
    assert (
        "Phiếu của học sinh mới"
        not in client.get(
            f"/rosters/{imported(client, world, roster([2, None, 'Lê Bé', '02/03/2015', 'Nữ', '6A'])).public_id}/"
        ).content.decode()
    )
