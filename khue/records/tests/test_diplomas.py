"""The register: numbers without a gap, lines that stay, what anybody may check."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.records import actions
from khue.records.actions import NewDiploma
from khue.records.models import Diploma
from khue.records.refusals import DayInFuture, DiplomaStands, SerialTaken, StepOutOfOrder
from khue.registry.models import Person
from tests.world import NOON, TODAY, actor

pytestmark = pytest.mark.django_db
GIVEN = NewDiploma("thpt", "Bằng tốt nghiệp THPT", "A 0001", "QĐ 5/QĐ-THPT ngày 01/11/2026", date(2026, 11, 2))


def recorded(at, number: int, **changed) -> Diploma:
    given = replace(GIVEN, **{"serial": f"A {number:04}", **changed})
    return actions.record_diploma(
        actor=actor(at.clerk), organisation=at.organisation, person=at.enrolments[0].person, given=given, at=NOON
    )


def test_numbers_follow_each_other_by_kind_and_year_and_a_refused_line_leaves_no_gap(world):
    here = world.here
    assert [recorded(here, number).number for number in (1, 2)] == [1, 2]
    with pytest.raises(SerialTaken):
        recorded(here, 2)
    with pytest.raises(DayInFuture):
        recorded(here, 9, issued_on=date(2026, 12, 24))

    assert recorded(here, 3).number == 3
    assert recorded(here, 4, kind="programme").number == 1
    assert recorded(here, 5, issued_on=date(2025, 11, 2)).number == 1


def test_a_day_is_the_day_in_vietnam_also_before_seven_in_the_morning(world):
    here, clerk = world.here, actor(world.here.clerk)
    early = datetime(2026, 11, 24, 0, 5, tzinfo=VIETNAM).astimezone(UTC)

    line = actions.record_diploma(
        actor=clerk, organisation=here.organisation, person=here.enrolments[0].person, at=early,
        given=replace(GIVEN, issued_on=date(2026, 11, 24)),
    )  # fmt: skip
    actions.hand_over_diploma(actor=clerk, diploma=line, to="Nguyễn Văn A", on=date(2026, 11, 24), at=early)
    with pytest.raises(DayInFuture):
        actions.withdraw_diploma(actor=clerk, diploma=line, reason="Sai", on=date(2026, 11, 25), at=early)


def save_at_once(line: Diploma) -> None:
    line.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_gap_and_every_change_of_a_line(world):
    line = recorded(world.here, 1)
    line.pk, line.public_id, line.number, line.serial = None, "00000000-0000-7000-8000-000000000001", 7, "Z"
    with pytest.raises(DatabaseError, match="leaves a gap"), transaction.atomic():
        save_at_once(line)
    for change in ("UPDATE records_diploma SET name = 'X'", "UPDATE records_diploma SET number = 2",
                   "DELETE FROM records_diploma"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert list(Diploma.objects.values_list("number", "name")) == [(1, "Nguyễn Văn A")]


def test_a_line_is_handed_over_once_withdrawn_once_and_then_replaced(world):
    here, by = world.here, actor(world.here.clerk)
    line = recorded(here, 1)
    with pytest.raises(StepOutOfOrder):
        actions.record_diploma(
            actor=by, organisation=here.organisation, person=line.person, given=replace(GIVEN, serial="A 0002"),
            at=NOON, replaces=line,
        )  # fmt: skip
    actions.hand_over_diploma(actor=by, diploma=line, to="Nguyễn Văn A", on=TODAY, at=NOON)
    with pytest.raises(DiplomaStands):
        actions.hand_over_diploma(actor=by, diploma=line, to="Ai khác", on=TODAY, at=NOON)
    actions.withdraw_diploma(actor=by, diploma=line, reason="In sai họ tên", on=TODAY, at=NOON)
    with pytest.raises(DiplomaStands):
        actions.withdraw_diploma(actor=by, diploma=line, reason="Lần nữa", on=TODAY, at=NOON)
    line.refresh_from_db()

    made = actions.record_diploma(
        actor=by, organisation=here.organisation, person=line.person, given=replace(GIVEN, serial="A 0002"), at=NOON,
        replaces=line,
    )  # fmt: skip

    assert (made.number, made.replaces_id, line.handed_to) == (2, line.id, "Nguyễn Văn A")


def test_nobody_else_writes_the_register(world):
    for account in (world.here.teacher, world.here.pupils[0], world.elsewhere.clerk, world.department_officer):
        with pytest.raises(Forbidden):
            actions.record_diploma(
                actor=actor(account), organisation=world.here.organisation, person=world.here.enrolments[0].person,
                given=GIVEN, at=NOON,
            )  # fmt: skip
    assert not Diploma.objects.exists()


def test_anybody_with_the_paper_in_hand_checks_it(world, client, client_of):
    recorded(world.here, 1)
    birth = "/".join(reversed(Diploma.objects.get().birth.split("-")))
    asked = {"kind": "serial", "serial": "A 0001", "name": "nguyen van a", "birth": birth}

    found = client.post("/verify/", asked).content.decode()
    assert "Có trong sổ gốc" in found
    assert world.here.organisation.name in found
    assert AuditRow.objects.get(verb="diploma.checked").subject_id == Diploma.objects.get().id
    for wrong in ({"birth": "01/01/2014"}, {"name": "Nguyễn Văn B"}, {"serial": "A 0002"}):
        answer = client.post("/verify/", {**asked, **wrong})
        assert answer.status_code == 404

        assert world.here.organisation.name not in answer.content.decode()
    assert client.post("/verify/", {**asked, "birth": "hôm qua"}).status_code == 422
    page = client_of(world.here.clerk).get("/records/diplomas/").content.decode()
    assert "A 0001" in page
    assert client_of(world.elsewhere.clerk).get("/records/diplomas/").content.decode().count("A 0001") == 0


def test_who_guesses_is_stopped_after_sixty_tries(world, client):
    recorded(world.here, 1)
    asked = {"kind": "serial", "serial": "A 0001", "name": "Ai Đó", "birth": "01/01/2014"}

    codes = [client.post("/verify/", asked).status_code for _each in range(62)]

    assert codes[:60] == [404] * 60
    assert codes[61] == 429


def test_a_diploma_is_corrected_by_a_line_that_takes_its_place(world, client_of, client):
    here = world.here
    line = recorded(here, 1)
    address = f"/records/diplomas/{line.public_id}/replace/"
    Person.objects.filter(id=line.person_id).update(full_name="Nguyễn Văn Án")
    given = {
        "why": "correction", "reason": "Hồ sơ đã sửa họ tên", "serial": "A 0009", "decision": "QĐ 9",
        "issued_on": "20/11/2026",
    }  # fmt: skip
    for account, code in ((here.teacher, 404), (here.pupils[0], 404), (world.elsewhere.clerk, 404)):
        assert client_of(account).post(address, given).status_code == code
    clerk = client_of(here.clerk)
    assert clerk.post(address, {**given, "reason": ""}).status_code == 422
    assert Diploma.objects.count() == 1

    said = clerk.post(address, given, follow=True).content.decode()

    old, new = Diploma.objects.order_by("number")
    assert (old.name, old.withdrawn_reason) == ("Nguyễn Văn A", "Chỉnh sửa: Hồ sơ đã sửa họ tên")
    assert (new.name, new.number, new.replaces_id) == ("Nguyễn Văn Án", 2, old.id)
    assert "Thay cho" in said
    assert "Đã có dòng 2/2026 thay cho dòng này." in clerk.get(f"/records/diplomas/{old.public_id}/").content.decode()
    assert clerk.post(address, {**given, "serial": "A 0010"}).status_code == 422
    birth = "/".join(reversed(old.birth.split("-")))
    asked = {"kind": "serial", "serial": "A 0001", "name": "Nguyễn Văn A", "birth": birth}
    assert "Đã thay bằng bản khác" in client.post("/verify/", asked).content.decode()


@pytest.mark.usefixtures("press")
def test_the_register_is_printed_and_goes_to_excel(world, client_of, tmp_path):
    import subprocess

    recorded(world.here, 1)
    clerk = client_of(world.here.clerk)
    answer = clerk.get("/records/diplomas/register.pdf?kind=thpt&year=2026")
    (tmp_path / "x.pdf").write_bytes(answer.content)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "x.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert "A 0001" in text.stdout
    assert "Sổ có 1 dòng" in text.stdout
    assert clerk.get("/records/diplomas/register.pdf?kind=x&year=2026").status_code == 404
    assert client_of(world.here.teacher).get("/records/diplomas/register.pdf?kind=thpt&year=2026").status_code == 404
    excel = clerk.get("/records/diplomas/?year=2026&export=xlsx")
    assert b"".join(excel.streaming_content)[:2] == b"PK"


def test_the_clerk_writes_a_line_by_the_form(world, client_of):
    clerk = client_of(world.here.clerk)
    given = {
        "pupil": "nguyen van a", "kind": "programme", "title": "Giấy chứng nhận hoàn thành chương trình",
        "serial": "B 1", "decision": "QĐ 6", "issued_on": "02/11/2026",
    }  # fmt: skip

    several = clerk.post("/records/diplomas/new/", given)
    assert several.status_code == 422
    assert "Nhiều em cùng tên" in several.content.decode()
    person = world.here.enrolments[0].person

    answer = clerk.post("/records/diplomas/new/", {**given, "person": str(person.public_id)})

    assert answer.status_code == 303
    assert Diploma.objects.get().name == "Nguyễn Văn A"
    assert clerk.get(answer["Location"]).status_code == 200
