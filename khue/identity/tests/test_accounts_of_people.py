"""From a person to the account, and slips for one class."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.identity.models import Account, Grant, Handle
from tests.world import NOON, World, enrol, person


def test_a_clerk_opens_an_account_for_one_person_and_hands_out_the_slip(world: World, client_of) -> None:
    adult = person("Phạm Thị Mẹ", world.here.organisation, "guardian", phone="0912 345 678")
    clerk: Client = client_of(world.here.clerk)
    path = f"/accounts/of/{adult.public_id}/"

    assert f'href="{path}"' in clerk.get(f"/people/{adult.public_id}/").content.decode()
    assert clerk.get(path).status_code == 200
    slip = clerk.post(path, {"role": f"guardian@{world.here.organisation.id}"}).content.decode()

    made = Account.objects.get(person=adult)
    assert made.user_name in slip
    assert len(re.findall(r'class="code">[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}<', slip)) == 1
    assert Handle.objects.filter(account=made, value="+84912345678").exists()
    assert clerk.get(path)["Location"] == f"/accounts/{made.public_id}/"


def test_nobody_opens_accounts_without_the_right_or_beyond_the_school(world: World, client_of) -> None:
    adult = person("Phạm Thị Mẹ", world.here.organisation, "guardian")
    path = f"/accounts/of/{adult.public_id}/"
    given = {"role": f"guardian@{world.here.organisation.id}"}

    assert client_of(world.here.teacher).post(path, given).status_code == 403
    for stranger in (world.elsewhere.clerk, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(stranger).post(path, given).status_code == 404
    assert client_of(world.here.clerk).post(path, {"role": f"head@{world.here.organisation.id}"}).status_code == 200

    assert not Account.objects.filter(person=adult).exists()


def test_slips_are_printed_for_one_class(world: World, client_of) -> None:
    other = person("Nguyễn Khác Lớp", world.here.organisation, "pupil")
    account = Account.objects.create(user_name="khaclop", person=other, display_name="Khác Lớp", created_at=NOON)
    Grant.objects.create(account=account, role="pupil", organisation=world.here.organisation, valid_from="2026-09-07")
    clerk: Client = client_of(world.here.clerk)
    place = world.here.organisation.id
    given = {"role": f"pupil@{place}", "group": f"{world.here.school_class.id}@{place}"}

    form = clerk.get("/accounts/slips/").content.decode()
    slips = clerk.post("/accounts/slips/", given).content.decode()

    assert f'value="{world.here.school_class.id}@{place}"' in form
    assert slips.count('class="slip"') == len(world.here.pupils) == 3
    assert "6A" in slips
    assert "khaclop" not in slips
    everybody = clerk.post("/accounts/slips/", {"role": f"pupil@{place}"}).content.decode()
    assert everybody.count('class="slip"') == 4
    stranger = client_of(world.elsewhere.clerk).post("/accounts/slips/", given)
    assert 'class="slip"' not in stranger.content.decode()


def test_printing_a_class_costs_the_same_for_three_pupils_and_for_thirty(world: World, client_of) -> None:
    clerk: Client = client_of(world.here.clerk)
    place = world.here.organisation.id
    given = {"role": f"guardian@{place}", "group": f"{world.here.school_class.id}@{place}"}

    def reads() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            page = clerk.post("/accounts/slips/", given).content.decode()
        found = [q["sql"] for q in asked.captured_queries if q["sql"].startswith("SELECT")]
        return len(found), page.count('class="slip"')

    reads()
    few = reads()
    for n in range(27):
        enrol(world.here, f"Trần Văn {n}")
    many = reads()

    assert (few[1], many[1]) == (3, 30)
    assert few[0] == many[0]


def test_a_guardians_slip_names_the_child_who_takes_it_home(world: World, client_of) -> None:
    given = {"role": f"guardian@{world.here.organisation.id}"}

    slips = client_of(world.here.clerk).post("/accounts/slips/", given).content.decode()

    assert slips.count("Phụ huynh em ") == slips.count('class="slip"') == len(world.here.guardians)
    assert "Phụ huynh em Nguyễn Văn A<" in slips


def test_accounts_of_all_who_have_none_are_opened_in_one_press(world: World, client_of) -> None:
    here = world.here.organisation
    for number in range(3):
        person(f"Trần Văn {number}", here, "pupil")
    clerk: Client = client_of(world.here.clerk)
    form = clerk.get("/accounts/slips/").content.decode()
    assert f"3 học sinh của {here.name} chưa có tài khoản." in form
    assert "phụ huynh của" not in form

    given = {"of": f"pupil@{here.public_id}"}
    assert clerk.post("/accounts/missing/", given).status_code == 303

    assert Grant.objects.filter(role="pupil", organisation=here).count() == len(world.here.pupils) + 3
    assert "chưa có tài khoản" not in clerk.get("/accounts/slips/").content.decode()
    before = Account.objects.count()
    person("Lê Văn Cuối", here, "pupil")
    assert client_of(world.elsewhere.clerk).post("/accounts/missing/", given).status_code == 303
    assert client_of(world.here.teacher).post("/accounts/missing/", given).status_code == 303
    assert Account.objects.count() == before
