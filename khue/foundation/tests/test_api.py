import json

import pytest
from django.test import Client
from ninja import Query, Schema

from khue.foundation import api, api_door, audit, extensions
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.lists import Listing
from khue.foundation.models import AuditRow
from khue.registry.models import Person
from tests.world import World, person

pytestmark = pytest.mark.django_db


class LampBroken(Refusal):
    code = "lamp_broken"
    message = "Đèn hỏng. Hãy thay bóng."


class PersonOut(Schema):
    full_name: str


class LampIn(Schema):
    brightness: int


PEOPLE: Listing[Person] = Listing(order=("sort_key", "id"), search=("folded_name",))
router = api.router(tags=["lamps"])


@router.get("/people", response=api.PageOut[PersonOut])
def people(request, given: Query[api.PageIn]):
    return api.page_of(
        PEOPLE, Person.objects.filter(organisation_id=next(iter(request.actor.held)).organisation), request
    )


@router.post("/lamps", response={201: LampIn})
def light(request, body: LampIn):
    audit.record(request.actor, "lamp.lit", None)
    match body.brightness:
        case 1:
            raise LampBroken
        case 2:
            raise Forbidden
        case 3:
            raise NotFound
    return 201, body


@pytest.fixture(autouse=True)
def _one_router(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extensions.api_routers, "_fillings", {"test": "khue.foundation.tests.test_api.router"})
    api.root.cache_clear()
    api_door._addresses.cache_clear()
    yield
    api.root.cache_clear()
    api_door._addresses.cache_clear()


def post(client: Client, brightness: object):
    return client.post("/api/test/lamps", json.dumps({"brightness": brightness}), content_type="application/json")


def test_a_program_gets_typed_answers(world: World, client_of) -> None:
    answer = post(client_of(world.here.head), 7)

    assert (answer.status_code, answer.json()) == (201, {"brightness": 7})
    assert AuditRow.objects.filter(verb="lamp.lit").count() == 1


@pytest.mark.parametrize(
    ("brightness", "status", "code"),
    [(1, 422, "lamp_broken"), (2, 403, "forbidden"), (3, 404, "not_found"), ("bright", 422, "not_valid")],
)
def test_a_refusal_is_a_problem_document_and_changes_nothing(world: World, client_of, brightness, status, code) -> None:
    answer = post(client_of(world.here.head), brightness)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["title"], answer.json()["status"]) == (code, status)
    assert not AuditRow.objects.filter(verb="lamp.lit").exists()


def test_nobody_gets_in_without_signing_in(db: None) -> None:
    answer = post(Client(), 7)

    assert (answer.status_code, answer.json()["title"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_needs_the_token_of_forms_and_a_bearer_does_not(world: World, client_of) -> None:
    session = client_of(world.here.head).cookies["khue_session"].value
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["khue_session"] = session
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {session}"})
    stranger = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer nonsense"})
    stranger.cookies["khue_session"] = session

    assert (post(browser, 7).status_code, post(browser, 7).json()["title"]) == (403, "stale_form")
    assert post(program, 7).status_code == 201
    assert post(stranger, 7).status_code == 401


def test_a_list_is_paged_by_cursor(world: World, client_of) -> None:
    for name in ("Lê An", "Đỗ Bình", "Hà Chi"):
        person(name + " Xanh", world.here.organisation, "pupil")
    client = client_of(world.here.head)

    first = client.get("/api/test/people?q=xanh&limit=2").json()
    second = client.get(first["next"]).json()

    assert [p["full_name"] for p in first["items"] + second["items"]] == ["Đỗ Bình Xanh", "Hà Chi Xanh", "Lê An Xanh"]
    assert second["next"] == ""
    assert client.get(second["previous"]).json()["items"] == first["items"]


def test_one_document_describes_everything(client: Client) -> None:
    document = client.get("/api/openapi.json").json()

    assert list(document["paths"]) == ["/api/test/people", "/api/test/lamps"]
    assert document["info"]["title"] == "Khuê"


def test_an_address_that_is_not_there_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/nothing/here")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
