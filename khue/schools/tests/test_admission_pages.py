"""The pages of an admission: the public plan and queue, the office, results anybody can work out again, classes."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock, work
from khue.foundation.clock import VIETNAM
from khue.foundation.models import Job
from khue.identity.models import Account
from khue.procedures.models import Case, Procedure
from khue.registry.models import Organisation
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlace, AdmissionPlan, Enrolment, SchoolClass
from tests.world import World

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
KEY = "sixth-grade-admission"


@pytest.fixture
def moved(monkeypatch) -> Callable[[timedelta], None]:
    """Moves the clock of the whole program."""
    begun = clock.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr("khue.foundation.clock.now", lambda: begun() + by)
        for door in ("admission", "admission_office"):
            monkeypatch.setattr(f"khue.schools.views.{door}.now", lambda: begun() + by)

    return move


def typed(hours: int) -> str:
    return f"{(clock.now() + timedelta(hours=hours)).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"


def opened(client: Client, capacity: int = 2, seed: str = "", year: str = "2026-2027") -> AdmissionPlan:
    form = {
        "procedure": KEY, "year": year, "capacity": capacity, "opens_at": typed(-1), "closes_at": typed(1),
        "who": "Học sinh xong lớp 5", "zones": "Mỹ An: Ấp 3\nTân Hộ\n", "papers": "Giấy khai sinh của con nuôi",
        "seed_digest": seats.digest(seed) if seed else "",
    }  # fmt: skip
    answer = client.post("/admissions/new/", form)
    assert answer.status_code == 303, answer.content.decode()
    return AdmissionPlan.objects.get()


def applied(plan: AdmissionPlan, client: Client, name: str = "Lê Văn Con", street: str = "Ấp 3") -> Case:
    shown = client.get(f"/admissions/{plan.public_id}/").content.decode()
    address = re.search(r'href="(/procedures/[^"]+/file/\?office=[^"]+)"', shown)
    assert address is not None, "the plan has no way to file"
    way = address[1].replace("&amp;", "&") + (
        "&subject=none" if b"subject=none" in client.get(address[1]).content else ""
    )
    form = {
        "subject_name_": name, "born_on_": "02/01/2015", "applicant_name_": "Lê Thị Mẹ", "phone_": "0901234567",
        "commune": "Mỹ An", "street": street, "priority": "none", "sex": "1",
        "relation": "mother",
    }  # fmt: skip
    answer = client.post(way, form)
    assert answer.status_code == 200, answer.content.decode()
    return Case.objects.order_by("-id")[0]


def test_from_the_plan_to_the_place_in_the_queue_without_an_account(world: World, client_of: ClientOf) -> None:
    plan = opened(client_of(world.here.head))
    outside, inside = applied(plan, Client(), "Lê Văn Xa", "Ấp 9"), applied(plan, Client())

    begun = Client().get(f"/procedures/{Procedure.objects.get(key=KEY).public_id}/file/")
    assert begun.headers["Location"] == "/admissions/"  # where the schools are that receive
    listed = Client().get("/admissions/?q=my an")
    shown = Client().get(f"/admissions/{plan.public_id}/")
    queue = Client().get(f"/admissions/{plan.public_id}/queue/?code={outside.code}").content.decode()

    assert world.here.organisation.name in listed.content.decode()
    assert "public" in listed.headers["Cache-Control"]
    assert all(part in shown.content.decode() for part in ("Mỹ An: Ấp 3", "Giấy khai sinh của con nuôi", "2 chỗ"))
    # It came first, and stands second: the other one lives in the catchment.
    number, place = re.findall(r'class="value[^"]*"[^>]*>\s*(\d+)', queue)[:2] or re.findall(r">(\d+)<", queue)[:2]
    assert (number, place) == ("1", "2")
    assert outside.applicant_name not in queue
    assert inside.subject_name not in queue
    unknown = Client().get(f"/admissions/{plan.public_id}/queue/?code=KHONG-CO").content.decode()
    assert "Không có hồ sơ nào mang mã này" in unknown


def test_a_guardian_with_an_account_types_nothing_that_is_known(world: World, client_of: ClientOf) -> None:
    plan = opened(client_of(world.here.head))
    guardian = client_of(world.here.guardians[0])
    shown = guardian.get(f"/admissions/{plan.public_id}/").content.decode()
    address = re.search(r'href="(/procedures/[^"]+/file/\?office=[^"]+)"', shown)
    assert address is not None
    choices = guardian.get(address[1]).content.decode()
    child = re.search(r'href="(\?[^"]*subject=[0-9a-f-]{36}[^"]*)"', choices)
    assert child is not None, "the guardian's child is not offered"

    another = re.search(r'href="(\?[^"]*subject=none)"', choices)
    assert another is not None
    asked_all = guardian.get(address[1].partition("?")[0] + another[1].replace("&amp;", "&")).content.decode()
    assert 'name="subject_name_"' in asked_all  # the school stays chosen
    form = guardian.get(address[1].partition("?")[0] + child[1].replace("&amp;", "&")).content.decode()

    assert "subject_name_" not in form
    assert "born_on_" not in form
    name = world.here.guardians[0].display_name
    assert f'value="{name}"' in form


def test_seats_results_and_classes(world: World, client_of: ClientOf, moved) -> None:
    head = client_of(world.here.head)
    plan = opened(head, capacity=2, seed="so-42")
    cases = [applied(plan, Client(), name=f"Lê Văn {letter}") for letter in "ABC"]
    SchoolClass.objects.filter(school_year=world.here.year).update(grade=6)
    assert Client().get(f"/admissions/{plan.public_id}/results/").status_code == 404
    moved(timedelta(hours=2))

    wrong = head.post(f"/admissions/{plan.public_id}/seats/", {"seed": "so-43"})
    assert wrong.status_code == 422
    assert not Case.objects.exclude(ends="").exists()
    assert head.post(f"/admissions/{plan.public_id}/seats/", {"seed": "so-42"}).status_code == 303
    assert not Case.objects.exclude(ends="").exists()
    assert work.run_now(Job.objects.get()).state == Job.State.DONE

    waiting = [seats.Waiting(case.code, seats.IN_ZONE, number) for number, case in enumerate(cases, 1)]
    taken = seats.seated(waiting, 2, "so-42")
    listed = Client().get(f"/admissions/{plan.public_id}/results/").content.decode()
    assert "so-42" in listed
    assert seats.digest("so-42") in listed
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", listed, re.S)
    assert {
        code for code in (case.code for case in cases) for row in rows if code in row and "Không" not in row
    } == taken
    named = Client().get(f"/admissions/{plan.public_id}/results/?code={cases[0].code.lower()}").content.decode()
    assert [case.code in named for case in cases] == [True, False, False]
    whole = Client().get(f"/admissions/{plan.public_id}/results/?export=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(whole.streaming_content)))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == [case.code for case in cases]
    office = head.get(f"/admissions/{plan.public_id}/office/").content.decode()
    assert "2 em trúng tuyển chưa vào lớp nào" in office

    form = {"classes": [str(world.here.school_class.public_id)], "on": "2026-11-23"}
    answer = head.post(f"/admissions/{plan.public_id}/classes/", form)

    assert answer.status_code == 303, answer.content.decode()
    job = Job.objects.get(kind="schools.place_admitted")
    assert answer.headers["Location"] == f"/jobs/{job.public_id}/"
    office = head.get(f"/admissions/{plan.public_id}/office/").content.decode()
    assert "Đang chia 2 em trúng tuyển vào lớp" in office
    assert f"/jobs/{job.public_id}/" in office
    assert f"/admissions/{plan.public_id}/classes/" not in office
    assert head.post(f"/admissions/{plan.public_id}/classes/", form).headers["Location"] == f"/jobs/{job.public_id}/"
    done = work.run_now(job)
    assert (done.state, done.summary, done.done_count) == (Job.State.DONE, "Đã chia 2 em vào lớp.", 2)
    placed = AdmissionPlace.objects.exclude(enrolment=None)
    assert set(placed.values_list("code", flat=True)) == taken
    for case in cases:
        followed = Client().post("/procedures/follow/", {"code": case.code, "born_on": f"{case.born_on:%d/%m/%Y}"})
        said = f"Trúng tuyển, lớp {world.here.school_class.name}" if case.code in taken else ">Không trúng tuyển<"
        assert said in followed.content.decode()
    pupils = Enrolment.objects.filter(id__in=placed.values("enrolment"), school_class=world.here.school_class)
    assert pupils.count() == 2
    assert head.get(f"/admissions/{plan.public_id}/office/?export=xlsx").status_code == 200


def test_a_school_is_offered_the_grades_of_its_levels(world: World, client_of: ClientOf) -> None:
    head = client_of(world.here.head)
    assert re.findall(r'<option value="(\w+)-grade', head.get("/admissions/new/").content.decode()) == [
        "first",
        "sixth",
    ]

    Organisation.objects.filter(id=world.here.organisation.id).update(level_groups="03,04")

    html = head.get("/admissions/new/").content.decode()
    assert re.findall(r'<option value="(\w+)-grade', html) == ["sixth"]
    assert 'value="2027-2028"' in html


def test_nobody_else_opens_seats_or_places(world: World, client_of: ClientOf, moved) -> None:
    plan = opened(client_of(world.here.head))
    applied(plan, Client())
    moved(timedelta(hours=2))

    for who in (world.elsewhere.head, world.here.guardians[0], world.here.teacher):
        client = client_of(who)
        for way in ("seats", "classes"):
            assert client.post(f"/admissions/{plan.public_id}/{way}/", {"seed": ""}).status_code in (403, 404)
        assert client.get(f"/admissions/{plan.public_id}/office/").status_code in (403, 404)

    assert AdmissionPlan.objects.get().seated_at is None
    assert not Case.objects.exclude(ends="").exists()


def test_bad_plans_are_told_what_is_wrong(world: World, client_of: ClientOf) -> None:
    head = client_of(world.here.head)
    form = {
        "procedure": KEY, "year": "27-28", "capacity": 0, "opens_at": typed(1), "closes_at": typed(-1), "who": "",
        "zones": ": Ấp 3", "seed_digest": "abc",
    }  # fmt: skip

    answer = head.post("/admissions/new/", form)

    assert answer.status_code == 422
    assert "thiếu tên xã, phường" in answer.content.decode()
    assert not AdmissionPlan.objects.exists()


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_the_same_for_many(world: World, client_of: ClientOf) -> None:
    head = client_of(world.here.head)
    plan = opened(head, capacity=5)
    pages = [f"/admissions/{plan.public_id}/office/", f"/admissions/{plan.public_id}/queue/?code=X-1"]
    first = applied(plan, Client())
    pages[1] = f"/admissions/{plan.public_id}/queue/?code={first.code}"
    few = [asked(head, address) for address in pages]
    for more in range(9):
        applied(plan, Client(), name=f"Lê Văn {more}")

    assert [asked(head, address) for address in pages] == few
    assert max(few) <= 15


@pytest.mark.parametrize("waiting", [1, 10])
def test_filing_costs_the_same_however_many_wait(world: World, client_of: ClientOf, waiting: int) -> None:
    plan = opened(client_of(world.here.head))
    for number in range(waiting):
        applied(plan, Client(), name=f"Lê Văn {number}")
    form = {
        "subject_name_": "Lê Văn Cuối", "born_on_": "02/01/2015", "applicant_name_": "Lê Thị Mẹ",
        "phone_": "0901234567", "commune": "Mỹ An", "street": "Ấp 3", "priority": "none",
        "sex": "1", "relation": "mother",
    }  # fmt: skip
    shown = Client().get(f"/admissions/{plan.public_id}/").content.decode()
    way = re.search(r'href="(/procedures/[^"]+/file/\?office=[^"]+)"', shown)
    assert way is not None

    with CaptureQueriesContext(connection) as asked:
        answer = Client().post(way[1], form)

    assert f">{waiting + 1}<" in answer.content.decode()
    said = [
        query["sql"] for query in asked.captured_queries if not re.match(r"BEGIN|COMMIT|SAVE|RELEASE", query["sql"])
    ]
    # Definition, office; days off, the case, the plan, its place, two lines of the trail; place and those before it;
    # the scope entered and left twice; three for the scope of a request inside the test's own transaction.
    assert len(said) == 17, said
