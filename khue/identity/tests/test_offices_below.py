"""The first account of a body below: a department lets a commune's officer in, a commune the head of its school."""

import pytest
from django.test import Client

from khue.identity.models import Account, Grant
from khue.registry.models import Person
from tests.world import World, account, organisation

pytestmark = pytest.mark.django_db


def recorded(client: Client, place: object, name: str) -> Person:
    """Recorded as the page of the body links to it."""
    page = client.get(f"/organisations/{place.public_id}/").content.decode()
    address = f"/people/new/?kind=staff&place={place.public_id}"
    assert address.replace("&", "&amp;") in page
    form = {
        "kind": "staff", "place": str(place.public_id), "full_name": name, "on": "01/09/2026", "sex": "0",
        "nationality": "VN", "passed": "",
    }  # fmt: skip
    answer = client.post(address, form)
    assert answer.status_code == 303, answer.content.decode()
    return Person.objects.get(full_name=name)


def test_an_office_lets_in_whoever_leads_a_body_below(world: World, client_of) -> None:
    department: Client = client_of(account(None, "department_officer", world.department))
    officer = recorded(department, world.commune_office, "Cao Thị Xã")
    path = f"/accounts/of/{officer.public_id}/"
    assert f"department_officer@{world.commune_office.id}" in department.get(path).content.decode()

    slip = department.post(path, {"role": f"department_officer@{world.commune_office.id}"}).content.decode()

    made = Account.objects.get(person=officer)
    assert made.user_name in slip
    assert Grant.objects.get(account=made).organisation == world.commune_office
    school = organisation("school", "TH Mỹ An mới", world.commune_office)
    commune: Client = client_of(made)
    head = recorded(commune, school, "Đinh Văn Trưởng")
    given = {"role": f"head@{school.id}"}
    assert 'class="code"' in commune.post(f"/accounts/of/{head.public_id}/", given).content.decode()
    assert Grant.objects.get(account__person=head).role == "head"


def test_no_office_appoints_at_itself_beside_itself_or_above_its_powers(world: World, client_of) -> None:
    other = organisation("commune_office", "UBND xã Khác", world.department)
    department: Client = client_of(account(None, "department_officer", world.department))
    commune: Client = client_of(account(None, "department_officer", world.commune_office))
    colleague = recorded(department, other, "Cao Thị Khác")
    path = f"/accounts/of/{colleague.public_id}/"

    for client, role, place, status in (
        (department, "operator", other, 200), (department, "department_officer", world.department, 200),
        (department, "head", other, 200), (commune, "department_officer", other, 404),
    ):  # fmt: skip
        assert client.post(path, {"role": f"{role}@{place.id}"}).status_code == status
    assert (
        f"?kind=staff&amp;place={other.public_id}"
        not in commune.get(f"/organisations/{other.public_id}/").content.decode()
    )
    assert f'value="{other.public_id}"' not in commune.get(f"/people/new/?place={other.public_id}").content.decode()

    assert not Account.objects.filter(person=colleague).exists()
